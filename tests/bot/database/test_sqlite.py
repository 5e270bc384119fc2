"""SQLite's writer, which commits together what waits together, and the end of a database."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, event
from sqlalchemy.exc import IntegrityError, OperationalError

from bot.database import sqlite
from bot.database.database import Database
from bot.database.errors import failure_of, is_away
from bot.database.sqlite import SqliteDatabase, TransactionLostError
from bot.database.urls import open_database
from bot.database.worker_threads import ClosedError, Kind
from bot.store.schema import migrate, schema_of
from tests.bot.store.databases import lasting
from tests.patience import PATIENCE

from .held import Held, holding, outcomes, queued

TABLES = "CREATE TABLE marks (name TEXT PRIMARY KEY)", "CREATE TABLE notes (mark TEXT REFERENCES marks (name))"
ENDLESS = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"

INTERRUPTED = """
    INSERT INTO marks
    WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)
    SELECT x || coalesce(interrupt_this(), '') FROM n LIMIT 1000000
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bot.db"


@pytest.fixture
async def database(file: Path) -> AsyncIterator[Database]:
    database = open_database(f"sqlite:///{file}")
    make_tables(database)
    yield database
    await database.close(PATIENCE)


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A batch takes all that wait, however busy the machine is."""
    monkeypatch.setattr(sqlite, "_BATCH", PATIENCE)


def make_tables(database: Database) -> None:
    with database.transaction() as connection:
        for statement in TABLES:
            connection.exec_driver_sql(statement)


def mark(connection: Connection, name: str) -> str:
    connection.exec_driver_sql("INSERT INTO marks VALUES (?)", (name,))
    return name


def marks(connection: Connection) -> list[str]:
    return [str(each) for each in connection.exec_driver_sql("SELECT name FROM marks ORDER BY rowid").scalars()]


def stored(file: Path) -> list[str]:
    """What another program finds in the file."""
    with closing(sqlite3.connect(file)) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM marks ORDER BY rowid")]


def commits_of(database: Database) -> list[Connection]:
    """Every commit from now on."""
    commits: list[Connection] = []
    event.listen(database.engine, "commit", commits.append)
    return commits


# Batches


async def test_what_waits_together_is_committed_together(database: Database, file: Path) -> None:
    commits, names = commits_of(database), [f"{number}" for number in range(50)]
    async with holding(database.write):
        waiting = await queued(*(database.write(mark, name) for name in names))
    assert await outcomes(waiting) == names
    assert stored(file) == names
    assert len(commits) == 1


async def test_batch_ends_after_its_time(database: Database, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "_BATCH", 0)
    commits, names = commits_of(database), ["a", "b", "c"]
    async with holding(database.write):
        waiting = await queued(*(database.write(mark, name) for name in names))
    assert await outcomes(waiting) == stored(file) == names
    assert len(commits) == 4, "each by itself, and the one that held the thread"


async def test_nobody_is_answered_before_the_commit(database: Database, file: Path) -> None:
    held, commit = Held(), Held()
    waiting = await queued(database.write(held), *(database.write(mark, name) for name in "abc"))
    await held.begun()
    # Called before SQLite commits.
    event.listen(database.engine, "commit", commit)
    held.let_go()
    await commit.begun()
    assert not any(each.done() for each in waiting)
    assert stored(file) == []
    commit.let_go()
    for each in asyncio.as_completed(waiting, timeout=PATIENCE):
        await each
        assert stored(file) == ["a", "b", "c"], "whoever is answered first finds all of it"


async def test_each_caller_finds_own_change_elsewhere(database: Database, file: Path) -> None:
    async def press(name: str) -> bool:
        await database.write(mark, name)
        return name in stored(file)

    assert all(await asyncio.gather(*(press(f"{number}") for number in range(100))))


async def test_later_change_sees_earlier_of_same_batch(database: Database) -> None:
    async with holding(database.write):
        _, seen = await queued(database.write(mark, "a"), database.write(marks))
    assert await seen == ["a"]


@pytest.mark.parametrize("position", range(4))
async def test_constraint_that_fails_fails_alone(database: Database, file: Path, position: int) -> None:
    await database.write(mark, "taken")

    def mark_two(connection: Connection) -> None:
        mark(connection, "half")
        mark(connection, "taken")

    commits = commits_of(database)
    works = [database.write(mark, name) for name in "abc"]
    works.insert(position, database.write(mark_two))  # type: ignore[arg-type]
    async with holding(database.alone):
        waiting = await queued(*works)
    told = await outcomes(waiting)
    assert isinstance(told.pop(position), IntegrityError)
    assert told == ["a", "b", "c"]
    assert stored(file) == ["taken", "a", "b", "c"], "nothing is left of what failed"
    # The first one is no savepoint: where it fails, the transaction is rolled back.
    assert len(commits) == 2, "that of whoever held the thread included"


async def test_error_of_any_kind_concerns_own_caller(database: Database, file: Path) -> None:
    def fail(connection: Connection) -> None:
        mark(connection, "half")
        raise KeyError("mine")

    async with holding(database.write):
        waiting = await queued(database.write(mark, "a"), database.write(fail), database.write(mark, "b"))
    a, failed, b = await outcomes(waiting)
    assert (a, repr(failed), b) == ("a", "KeyError('mine')", "b")
    assert stored(file) == ["a", "b"]


async def test_failing_commit_fails_everybody_in_the_batch(database: Database, file: Path) -> None:
    def owe(connection: Connection) -> None:
        # The note's mark is missed at the end of the transaction only.
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        connection.exec_driver_sql("INSERT INTO notes VALUES ('missing')")

    async with holding(database.write):
        waiting = await queued(database.write(mark, "a"), database.write(owe), database.write(mark, "b"))
    assert [type(each) for each in await outcomes(waiting)] == [IntegrityError] * 3
    assert stored(file) == []
    assert await database.write(mark, "c") == "c"
    assert stored(file) == ["c"]


# A transaction that is gone


def roll_back(connection: Connection) -> None:
    connection.exec_driver_sql("ROLLBACK")
    raise ValueError("mine")


def roll_back_in_silence(connection: Connection) -> None:
    connection.exec_driver_sql("ROLLBACK")


def fill_the_disk(connection: Connection) -> None:
    [pages] = connection.exec_driver_sql("PRAGMA page_count").scalars()
    connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    try:
        mark(connection, "x" * 100_000)
    finally:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")


def interrupt(connection: Connection) -> None:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.create_function("interrupt_this", 0, driver.interrupt)
    connection.exec_driver_sql(INTERRUPTED)


LOSSES = pytest.mark.parametrize("lose", [roll_back, roll_back_in_silence, fill_the_disk, interrupt])


@LOSSES
async def test_lost_transaction_fails_everybody_in_it(
    database: Database, file: Path, lose: Callable[[Connection], None]
) -> None:
    async with holding(database.write):
        waiting = await queued(
            *(database.write(mark, name) for name in "ab"), database.write(lose), database.write(mark, "c")
        )
    a, b, lost, c = await outcomes(waiting)
    assert [type(each) for each in (a, b)] == [TransactionLostError] * 2
    assert isinstance(lost, Exception)
    assert c == "c", "whoever came after it is in the next one"
    assert stored(file) == ["c"]


@LOSSES
async def test_transaction_lost_by_first_is_noticed(
    database: Database, file: Path, lose: Callable[[Connection], None]
) -> None:
    def work(connection: Connection) -> None:
        mark(connection, "half")
        lose(connection)

    async with holding(database.alone):
        waiting = await queued(database.write(work), database.write(mark, "a"))
    lost, a = await outcomes(waiting)
    assert isinstance(lost, Exception)
    assert a == "a"
    assert stored(file) == ["a"]


async def test_who_lost_it_is_told_own_error(database: Database) -> None:
    async with holding(database.write):
        waiting = await queued(database.write(mark, "a"), database.write(roll_back))
    _, lost = await outcomes(waiting)
    assert repr(lost) == "ValueError('mine')"


async def test_full_disk_is_named_to_everybody(database: Database) -> None:
    async with holding(database.write):
        waiting = await queued(database.write(mark, "a"), database.write(fill_the_disk))
    for told in await outcomes(waiting):
        assert isinstance(told, Exception)
        assert is_away(told), "who pressed is told to try again later"
        assert "make room" in str(failure_of(told))


# Alone


async def test_work_alone_is_in_no_transaction(database: Database, file: Path) -> None:
    def look(connection: Connection) -> tuple[list[str], bool]:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        is_within, found = driver.in_transaction, stored(file)
        connection.exec_driver_sql("VACUUM")
        return found, is_within

    async with holding(database.write):
        waiting = await queued(database.write(mark, "a"), database.alone(look), database.write(mark, "b"))
    assert await outcomes(waiting) == ["a", (["a"], False), "b"], "what came before it is committed"
    assert stored(file) == ["a", "b"]


async def test_failure_alone_concerns_nobody_else(database: Database, file: Path) -> None:
    async with holding(database.write):
        waiting = await queued(
            database.write(mark, "a"), database.alone(roll_back), database.alone(marks), database.write(mark, "b")
        )
    a, failed, found, b = await outcomes(waiting)
    assert (a, type(failed), found, b) == ("a", OperationalError, ["a"], "b")
    assert stored(file) == ["a", "b"]


# Cancelled


@pytest.mark.parametrize("how", [Database.write, Database.alone])
async def test_work_cancelled_within_a_batch_is_dropped(
    database: Database, file: Path, how: Callable[..., asyncio.Future[str]]
) -> None:
    async with holding(database.write):
        _, dropped, _ = waiting = await queued(
            database.write(mark, "a"),
            how(database, mark, "dropped"),  # type: ignore[arg-type]
            database.write(mark, "b"),
        )
        dropped.cancel()
    await outcomes(waiting)
    assert stored(file) == ["a", "b"]


async def test_change_cancelled_after_it_began_is_stored(database: Database, file: Path) -> None:
    held = Held()

    def work(connection: Connection) -> None:
        held()
        mark(connection, "a")

    [caller] = await queued(database.write(work))
    await held.begun()
    caller.cancel()
    await asyncio.wait([caller])
    assert not database.is_idle
    held.let_go()
    async with asyncio.timeout(PATIENCE):
        await database.idle()
    assert caller.cancelled()
    assert stored(file) == ["a"]


# The end


def threads_of(database: Database) -> list[threading.Thread]:
    return [thread for queue in set(database._queues.values()) for thread in queue.threads if thread.is_alive()]


async def test_closing_finishes_what_waits(database: Database, file: Path) -> None:
    async with holding(database.write):
        waiting = await queued(*(database.write(mark, name) for name in "abc"), database.alone(mark, "d"))
        [closing_it] = await queued(database.close(PATIENCE))
        with pytest.raises(ClosedError):
            await database.write(mark, "late")
        assert not closing_it.done()
    await closing_it
    assert await outcomes(waiting) == ["a", "b", "c", "d"]
    assert stored(file) == ["a", "b", "c", "d"]
    assert not threads_of(database)


@pytest.mark.parametrize("kind", [each for each in Kind if each is not Kind.ALONE])
async def test_closed_database_refuses_every_kind(database: Database, kind: Kind) -> None:
    await database.close()
    with pytest.raises(ClosedError, match="the database is closed"):
        await database._do(kind, marks)
    assert database.is_idle


async def mark_endlessly(database: Database) -> tuple[asyncio.Task[None], asyncio.Task[str]]:
    """A change in the middle of an endless statement, and one that waits for it."""
    marked = threading.Event()

    def work(connection: Connection) -> None:
        mark(connection, "open")
        marked.set()
        connection.exec_driver_sql(ENDLESS)

    [under_way] = await queued(database.write(work))
    assert await asyncio.to_thread(marked.wait, PATIENCE)
    [waiting] = await queued(database.write(mark, "waiting"))
    return under_way, waiting


async def test_killing_drops_queue_and_rolls_back(database: Database, file: Path) -> None:
    under_way, waiting = await mark_endlessly(database)
    database.kill()
    assert not threads_of(database)
    with closing(sqlite3.connect(file, timeout=0)) as connection:
        connection.execute("BEGIN IMMEDIATE")
    assert stored(file) == []
    assert isinstance(await _error_of(under_way), OperationalError | ClosedError)
    assert isinstance(await _error_of(waiting), ClosedError)
    assert database.is_idle


async def test_closing_breaks_off_what_takes_too_long(database: Database, file: Path) -> None:
    under_way, waiting = await mark_endlessly(database)
    await database.close(0.1)
    assert not threads_of(database)
    assert isinstance(await _error_of(under_way), OperationalError | ClosedError)
    assert isinstance(await _error_of(waiting), ClosedError)
    assert stored(file) == []


@pytest.mark.parametrize("kind", [Kind.READ, Kind.COUNT, Kind.ALONE])
async def test_killing_interrupts_every_kind_of_work(database: Database, kind: Kind) -> None:
    begun = threading.Event()

    def work(connection: Connection) -> None:
        begun.set()
        connection.exec_driver_sql(ENDLESS)

    [under_way] = await queued(database._do(kind, work))
    assert await asyncio.to_thread(begun.wait, PATIENCE)
    database.kill()
    assert not threads_of(database)
    assert isinstance(await _error_of(under_way), OperationalError | ClosedError)


async def test_change_that_outlives_kill_is_rolled_back(database: Database, file: Path) -> None:
    """The thread is not in SQLite, so that nothing can interrupt it."""
    held = Held()

    def work(connection: Connection) -> None:
        mark(connection, "open")
        held()

    [under_way] = await queued(database.write(work))
    await held.begun()
    database.kill()
    held.let_go()
    assert isinstance(await _error_of(under_way), ClosedError)
    assert stored(file) == []


async def _error_of(task: asyncio.Task[object]) -> object:
    [told] = await outcomes([task])
    return told


# Other guarantees


async def test_database_in_memory_has_one_connection() -> None:
    database = open_database("sqlite://")
    connections: set[int] = set()

    def look(connection: Connection) -> list[str]:
        connections.add(id(connection.connection.driver_connection))
        return marks(connection)

    make_tables(database)
    async with holding(database.write):
        waiting = await queued(
            database.write(mark, "a"), database.read(look), database.count(look), database.check(look)
        )
    assert await outcomes(waiting) == ["a", ["a"], ["a"], ["a"]]
    assert await database.alone(look) == ["a"]
    assert len(connections) == 1
    assert await database.erase_traces(removed=True)
    await database.close()


async def test_readers_answer_while_the_writer_works(database: Database) -> None:
    held = Held()

    def work(connection: Connection) -> None:
        mark(connection, "a")
        held()

    [writing] = await queued(database.write(work))
    await held.begun()
    async with asyncio.timeout(PATIENCE):
        assert await database.read(marks) == await database.count(marks) == []
        held.let_go()
        await writing
        assert await database.read(marks) == ["a"]


async def test_question_sees_one_moment(database: Database) -> None:
    looked, changed = threading.Event(), threading.Event()

    def look_twice(connection: Connection) -> list[list[str]]:
        first = marks(connection)
        looked.set()
        assert changed.wait(PATIENCE)
        return [first, marks(connection)]

    [looking] = await queued(database.read(look_twice))
    assert await asyncio.to_thread(looked.wait, PATIENCE)
    await database.write(mark, "a")
    changed.set()
    assert await looking == [[], []]


def test_two_databases_are_migrated_at_once(tmp_path: Path) -> None:
    """Alembic keeps what it works on in a global."""
    together = threading.Barrier(4)
    revisions: list[str] = []

    def bring_up_to_date(url: str) -> None:
        database = open_database(url)
        together.wait(PATIENCE)
        with database.transaction(Kind.ALONE) as connection:
            migrate(connection)
        with database.transaction() as connection:
            schema = schema_of(connection)
        assert schema.is_current
        revisions.append(schema.newest)
        database.kill()

    threads = [
        threading.Thread(target=bring_up_to_date, args=(f"sqlite:///{tmp_path / f'{n}.db'}",), daemon=True)
        for n in range(together.parties)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert len(revisions) == 4


# Any mix


def fail_after(connection: Connection, name: str) -> None:
    mark(connection, name)
    raise KeyError(name)


def mark_twice(connection: Connection, name: str) -> None:
    mark(connection, name)
    mark(connection, name)


def lose_after(connection: Connection, name: str) -> None:
    mark(connection, name)
    roll_back(connection)


WORKS = st.sampled_from([mark, mark, mark, fail_after, mark_twice, lose_after])
MIX = st.lists(
    st.tuples(WORKS, st.sampled_from(["write", "alone"]), st.sampled_from(["kept", "kept", "before", "after"])),
    max_size=12,
)


@given(mix=MIX, batch=st.sampled_from([0.0, PATIENCE]))
def test_what_is_reported_done_is_stored(
    tmp_path_factory: pytest.TempPathFactory, mix: list[tuple[Callable[..., object], str, str]], batch: float
) -> None:
    file = tmp_path_factory.mktemp("mix") / "bot.db"
    with lasting(f"sqlite:///{file}") as (runner, database), pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqlite, "_BATCH", batch)
        assert isinstance(database, SqliteDatabase)
        make_tables(database)
        runner.run(check_mix(database, file, mix))


async def check_mix(database: SqliteDatabase, file: Path, mix: list[tuple[Callable[..., object], str, str]]) -> None:
    async with holding(database.write):
        waiting = await queued(
            *(
                # Alone, each statement is its own transaction; nothing of what fails could be taken back.
                getattr(database, how if work is mark else "write")(work, f"{n}")
                for n, (work, how, _) in enumerate(mix)
            )
        )
        for task, (*_, when) in zip(waiting, mix, strict=True):
            if when == "before":
                task.cancel()
    for task, (*_, when) in zip(waiting, mix, strict=True):
        if when == "after":
            # A thread may have begun it or not.
            task.cancel()
    told = await outcomes(waiting)
    await database.idle()
    found = stored(file)
    for number, (outcome, (*_, when)) in enumerate(zip(told, mix, strict=True)):
        if outcome == f"{number}":
            assert f"{number}" in found
        elif not isinstance(outcome, asyncio.CancelledError) or when == "before":
            assert f"{number}" not in found
    assert len(found) == len(set(found))

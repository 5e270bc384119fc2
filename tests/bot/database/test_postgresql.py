"""What only PostgreSQL can do to the bot: be gone, be slow, be busy with somebody who stopped halfway."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress

import psycopg
import pytest
from sqlalchemy import Connection, Update, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from bot.database import database as database_module
from bot.database import postgresql
from bot.database.database import Database
from bot.database.dialect_statements import lock_schema
from bot.database.errors import DatabaseUnusableError
from bot.database.postgresql import LIMITS, Limits, UnansweredCommitError
from bot.database.urls import open_database, parse_url
from bot.database.worker_threads import Kind
from bot.store.outbox import Changes, Outbox, State
from bot.store.outbox_backlog import probe
from bot.store.schema import upgrade
from bot.store.tables import outbox as table
from tests.bot.store.databases import AS_SHIPPED, on_postgresql
from tests.bot.store.lines import CAMPAIGN, DUE, LEASE, line, only, planned
from tests.patience import PATIENCE

from .wire import Wire, wire

pytestmark = on_postgresql

HASTY = 1.0


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = open_database(url)
    yield database
    await database.close()


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Transactions may take a second."""
    for kind in (Kind.READ, Kind.WRITE):
        begin = AS_SHIPPED[kind].begin.replace("15s", "1s")
        monkeypatch.setitem(LIMITS, kind, Limits(begin, HASTY))


@pytest.fixture
async def between(url: str) -> AsyncIterator[Wire]:
    async with wire(url) as made:
        yield made


async def ask(database: Database, question: str = "SELECT 1") -> object:
    return await database.read(lambda connection: connection.scalar(text(question)))


# Gone


async def test_silent_server_is_noticed_within_seconds(between: Wire) -> None:
    async with opened(between.url) as database:
        await database.write(probe)
        between.cut()
        # Nothing else would end the wait: the connection is open, and nobody answers on it.
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(2):
                await database.write(probe)
        between.mend()


@pytest.mark.usefixtures("hasty")
async def test_unanswered_statement_fails_and_next_gets_new_connection(between: Wire) -> None:
    async with opened(between.url) as database:
        await ask(database)
        between.cut()
        with pytest.raises(TimeoutError, match="took too long to answer"):
            await ask(database)
        between.mend()
        assert await ask(database) == 1


async def test_idle_connections_lost_with_server_are_replaced(url: str) -> None:
    async with opened(url) as database, opened(url) as other:
        await asyncio.gather(*(ask(database, "SELECT pg_sleep(0.05)") for _ in range(5)))
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        assert await ask(other, f"SELECT count(pg_terminate_backend(pid)) {others}") == 5
        assert await asyncio.gather(*(ask(database) for _ in range(5))) == [1] * 5


async def test_absent_server_is_reported_without_password(url: str) -> None:
    nobody = make_url(url).set(
        username="bot", password="geheim", host="127.0.0.1", port=1, query={"sslmode": "disable"}
    )
    database = open_database(nobody.render_as_string(hide_password=False))
    with pytest.raises(DatabaseUnusableError, match=r"cannot be used .*look at DATABASE_URL") as refused:
        await upgrade(database)
    assert "geheim" not in str(refused.value)
    with pytest.raises(OperationalError, match="connection failed"):
        await database.write(probe)
    await database.close()


async def test_missing_database_is_reported_in_words(url: str) -> None:
    nowhere = parse_url(url).set(database="nowhere").render_as_string(hide_password=False)
    async with opened(nowhere) as database:
        with pytest.raises(DatabaseUnusableError, match='database "nowhere" does not exist'):
            await upgrade(database)


@pytest.mark.parametrize("kind", [Kind.WRITE, Kind.ALONE])
async def test_killed_bot_that_was_connecting_stores_nothing(between: Wire, kind: Kind) -> None:
    between.cut()
    async with opened(between.url) as database:
        ran: list[str] = []
        waiting = asyncio.create_task(database._do(kind, lambda _: ran.append("too late")))
        await between.reached()
        database.kill()
        between.mend()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(waiting, PATIENCE)
        assert not ran


async def test_transaction_begun_after_kill_stores_nothing(url: str) -> None:
    """As by a thread that took its job a moment before."""
    async with opened(url) as database:
        database.kill()
        with pytest.raises(TimeoutError), database.transaction() as connection:
            connection.execute(text("SELECT 1"))


async def test_silent_server_delays_closing_by_one_join(monkeypatch: pytest.MonkeyPatch, between: Wire) -> None:
    """Its threads connect for as long as they may, however many they are."""
    monkeypatch.setattr(postgresql, "_CONNECTS_WITHIN", int(PATIENCE))
    between.cut()
    async with opened(between.url) as database:
        waiting = [asyncio.create_task(ask(database)) for _ in range(postgresql.THREADS)]
        await between.reached()
        before = time.monotonic()
        await database.close(0)
        # A second for each thread and each kind of work would be seventeen.
        assert time.monotonic() - before < 8
        between.mend()
        await asyncio.wait(waiting)


# Slow


async def test_statement_past_timeout_is_cancelled_on_server_too(url: str, hasty: None) -> None:  # noqa: ARG001
    async with opened(url) as database, opened(url) as other:
        with pytest.raises((TimeoutError, OperationalError)):
            await ask(database, "SELECT pg_sleep(30)")
        running = "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(30)' AND state = 'active'"
        async with asyncio.timeout(PATIENCE):
            while await ask(other, running):
                await ask(other, "SELECT pg_sleep(0.05)")


async def test_who_finds_no_free_thread_is_told_so(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "_WAITS", 0.1)
    done = threading.Event()
    async with opened(url) as database:
        with pytest.raises(TimeoutError):
            await database.write(lambda _: done.wait(PATIENCE))
        done.set()
        monkeypatch.undo()
        assert await ask(database) == 1


async def test_two_hundred_at_once_get_their_turn(database: Database) -> None:
    outbox = Outbox("me", LEASE)
    changes = [Changes(add=[line(recipient=f"U{number}")]) for number in range(200)]
    await asyncio.gather(*(database.write(outbox.apply, each, DUE) for each in changes))
    assert (await database.read(outbox.count_by_state))[State.DUE] == 200


# Busy


async def test_hanging_transaction_is_ended_and_others_go_on(database: Database, outbox: Outbox, url: str) -> None:
    """A process that hangs, or whose machine is gone, holds a row."""
    [row] = await planned(database, outbox, line())
    hanging = psycopg.connect(libpq(url))
    hanging.execute("SET LOCAL idle_in_transaction_session_timeout = '300ms'")
    hanging.execute("UPDATE outbox SET reason = 'half done'")
    async with asyncio.timeout(PATIENCE):
        await database.write(outbox.revive_failed, DUE)
        await database.write(outbox.mark_sent, row.id, "C0WEEK", "1.000100", DUE)
    hanging.close()
    assert ((await only(database, outbox)).state, (await only(database, outbox)).reason) == (State.SENT, None)


def libpq(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.mark.parametrize(("ask", "waits"), [("read", "10s"), ("write", "10s"), ("check", "10s"), ("count", "2min")])
@pytest.mark.usefixtures("shipped_limits")
async def test_server_waits_for_an_idle_transaction(database: Database, ask: str, waits: str) -> None:
    def shown(connection: Connection) -> object:
        return connection.scalar(text("SHOW idle_in_transaction_session_timeout"))

    # Done again if the machine stands still meanwhile.
    assert await getattr(database, ask)(shown) == waits


@pytest.mark.usefixtures("shipped_limits")
async def test_long_work_may_wait_for_something_else(database: Database) -> None:
    """A transfer waits for its other database, and its machine may be paused."""
    limits = "SELECT current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout')"
    with database.transaction(Kind.ALONE) as connection:
        assert tuple(connection.execute(text(limits)).one()) == ("0", "10min")


# Gone, or standing still, in the middle of a transaction


def stand_still(connection: Connection, other: psycopg.Connection) -> None:
    """Do nothing until the server has ended the transaction."""
    process = connection.scalar(text("SELECT pg_backend_pid()"))
    connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = '1ms'"))
    while other.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [process]).fetchone():
        time.sleep(0.01)


def miss_what_was_said(connection: Connection, other: psycopg.Connection) -> None:
    """Stand still, and read why the server ended it as what comes with the answer to the statement before."""
    stand_still(connection, other)
    read_what_came(connection)


def be_shut_out(connection: Connection, other: psycopg.Connection) -> None:
    """An operator ends the connection, which nobody has read yet."""
    process = connection.scalar(text("SELECT pg_backend_pid()"))
    other.execute("SELECT pg_terminate_backend(%s)", [process])
    while other.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [process]).fetchone():
        time.sleep(0.01)


def miss_that_it_shuts_down(connection: Connection, other: psycopg.Connection) -> None:
    """Read that an operator ended the connection, as what comes with the answer to the statement before."""
    be_shut_out(connection, other)
    read_what_came(connection)


def read_what_came(connection: Connection) -> None:
    libpq_connection = driver(connection).pgconn
    # The end of the connection may have come together with what was said, or not yet.
    with suppress(psycopg.OperationalError):
        libpq_connection.consume_input()
    assert not libpq_connection.is_busy()


def lose_connection(connection: Connection, _: object) -> None:
    with socket.socket(fileno=os.dup(driver(connection).fileno())) as own:
        own.shutdown(socket.SHUT_RDWR)


def driver(connection: Connection) -> psycopg.Connection:
    found = connection.connection.driver_connection
    assert isinstance(found, psycopg.Connection)
    return found


Trouble = Callable[[Connection, psycopg.Connection], None]
TROUBLES = [stand_still, miss_what_was_said, be_shut_out, miss_that_it_shuts_down, lose_connection]


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("goes_on", [True, False], ids=["before a statement", "before COMMIT"])
async def test_transaction_that_was_rolled_back_is_done_again(
    database: Database, outbox: Outbox, url: str, trouble: Trouble, *, goes_on: bool
) -> None:
    [row] = await planned(database, outbox, line())
    ran: list[str] = []

    def change(connection: Connection) -> None:
        outbox.mark_sent(connection, row.id, "C0WEEK", "1.000100", DUE)
        ran.append("once")
        if len(ran) == 1:
            trouble(connection, other)
        if goes_on:
            connection.execute(text("UPDATE outbox SET reason = 'went on'"))

    with psycopg.connect(libpq(url), autocommit=True) as other:
        await database.write(change)
    assert len(ran) == 2
    assert (await only(database, outbox)).state is State.SENT


@pytest.fixture
def lost_at_commit(database: Database) -> Iterator[None]:
    """The connection breaks when COMMIT is sent, once."""

    lost: list[Connection] = []

    def lose(connection: Connection) -> None:
        if not lost:
            lost.append(connection)
            lose_connection(connection, None)

    event.listen(database.engine, "commit", lose)
    yield
    assert lost


@pytest.mark.usefixtures("lost_at_commit")
async def test_change_whose_commit_was_not_answered_is_reported(database: Database) -> None:
    """It may have been carried out: nobody does it twice."""
    ran: list[str] = []
    with pytest.raises(UnansweredCommitError):
        await database.write(lambda _: ran.append("once"))
    assert ran == ["once"]


@pytest.mark.usefixtures("lost_at_commit")
async def test_question_is_asked_again_whose_commit_was_not_answered(database: Database) -> None:
    ran: list[str] = []

    def question(_: Connection) -> int:
        ran.append("once")
        return len(ran)

    assert await database.read(question) == 2


async def test_change_that_raises_as_connection_breaks_is_done_again(database: Database) -> None:
    """Only ROLLBACK notices that the connection is gone, and its error takes the place of the change's own."""
    ran: list[str] = []

    def change(connection: Connection) -> None:
        ran.append("once")
        if len(ran) == 1:
            lose_connection(connection, None)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.write(change)
    assert len(ran) == 2


async def test_nothing_is_done_again_for_who_has_given_up(
    database: Database, outbox: Outbox, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "_WAITS", 0.1)
    given_up, ran = threading.Event(), list[str]()

    def change(connection: Connection) -> None:
        ran.append("once")
        outbox.revive_failed(connection, DUE)
        assert given_up.wait(PATIENCE)
        lose_connection(connection, other)
        connection.execute(text("SELECT 1"))

    with psycopg.connect(libpq(url), autocommit=True) as other:
        with pytest.raises(TimeoutError):
            await database.write(change)
        given_up.set()
        async with asyncio.timeout(PATIENCE):
            await database.idle()
    assert len(ran) == 1


async def test_connection_lost_again_is_reported(database: Database, url: str) -> None:
    ran: list[str] = []

    def change(connection: Connection) -> None:
        ran.append("once")
        lose_connection(connection, other)
        connection.execute(text("SELECT 1"))

    with psycopg.connect(libpq(url), autocommit=True) as other, pytest.raises(OperationalError):
        await database.write(change)
    assert len(ran) == 2
    assert await ask(database) == 1


async def test_claim_skips_locked_row(database: Database, outbox: Outbox) -> None:
    held, free = await planned(database, outbox, line("a"), line("b"))
    with database.transaction() as connection:
        connection.execute(text("SELECT 1 FROM outbox WHERE id = :id FOR UPDATE"), {"id": held.id})
        async with asyncio.timeout(PATIENCE):
            assert [row.id for row in await database.write(outbox.claim, DUE, 5)] == [free.id]
    assert [row.id for row in await database.write(outbox.claim, DUE, 5)] == [held.id]


async def test_claim_can_use_index_without_sorting(database: Database, outbox: Outbox) -> None:
    await planned(database, outbox, line())
    await multiply(database, 40_000)
    values = {"moment": DUE, "most": 1, "taker": "me", "lease_end": DUE + LEASE, "busy": ["SE"]}
    assert isinstance(outbox._claim, Update)
    claim = outbox._claim.compile(database.engine).construct_expanded_state(values)
    with database.transaction() as connection:
        # What the planner would choose hangs on its statistics; here it sorts only where no index has the order.
        connection.execute(text("SET LOCAL enable_sort = off"))
        plan = connection.exec_driver_sql(f"EXPLAIN {claim.statement}", claim.parameters)
        assert "Sort" not in "\n".join(row[0] for row in plan)


async def multiply(database: Database, times: int) -> None:
    """So many rows like the only one, each for somebody else and a second earlier."""
    others = {"id": "md5(n::text)", "recipient": "'U' || n", "due_at": "due_at - n * interval '1 second'"}
    names = ", ".join(column.name for column in table.columns)
    values = ", ".join(others.get(column.name, column.name) for column in table.columns)
    numbers = f"outbox, generate_series(1, {times}) AS n"
    with database.transaction() as connection:
        connection.execute(text(f"INSERT INTO outbox ({names}) SELECT {values} FROM {numbers}"))  # noqa: S608 - ours


async def test_upgrade_waits_while_another_changes_schema(url: str, database: Database) -> None:
    async with opened(url) as other:
        with other.transaction() as connection:
            lock_schema(connection)
            waiting = asyncio.create_task(upgrade(database))
            done, _ = await asyncio.wait([waiting], timeout=0.5)
            assert not done
        await asyncio.wait_for(waiting, PATIENCE)
    assert await database.read(Outbox("me", LEASE).entries, CAMPAIGN) == []

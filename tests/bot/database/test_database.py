"""Opening the database, reading beside writing, and the one process on a SQLite file."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import DBAPIError

import bot
from bot.database.database import Database
from bot.database.errors import DatabaseInUseError, FileReplacedError
from bot.database.urls import open_database, sole_process
from bot.database.worker_threads import Kind
from bot.store.outbox import Outbox, State
from bot.store.outbox_backlog import probe
from tests.bot.database.held import Held, outcomes, queued
from tests.bot.store.databases import on_postgresql, on_sqlite
from tests.bot.store.lines import LEASE, line, planned
from tests.patience import PATIENCE

ROOT = Path(bot.__file__).parents[1]


@pytest.fixture
async def elsewhere(url: str) -> AsyncIterator[Database]:
    """The same database, as another program has it."""
    database = open_database(url)
    yield database
    await database.close()


async def test_reader_does_not_wait_for_writer_elsewhere(database: Database, elsewhere: Database) -> None:
    with database.transaction():
        async with asyncio.timeout(PATIENCE):
            assert await elsewhere.read(Outbox("report", LEASE).entries, "a-week") == []


async def test_writer_does_not_wait_for_reader_elsewhere(database: Database, elsewhere: Database) -> None:
    with elsewhere.transaction(Kind.READ) as connection:
        assert connection.scalar(text("SELECT count(*) FROM outbox")) == 0
        async with asyncio.timeout(PATIENCE):
            await planned(database, Outbox("me", LEASE), line())


async def test_a_change_is_seen_elsewhere_once_it_returns(database: Database, elsewhere: Database) -> None:
    await planned(database, Outbox("me", LEASE), line())
    assert (await elsewhere.read(Outbox("report", LEASE).count_by_state))[State.DUE] == 1


async def test_writers_take_turns_and_none_of_them_fails(database: Database) -> None:
    outbox = Outbox("me", LEASE)
    await asyncio.gather(*(planned(database, outbox, line(recipient=f"U{number}")) for number in range(20)))
    assert (await database.read(outbox.count_by_state))[State.DUE] == 20


async def test_what_is_no_database_takes_no_writes(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}")
    with pytest.raises(DBAPIError, match="unable to open"):
        await database.write(probe)
    await database.close()


async def test_thread_that_outlives_kill_closes_its_connection(database: Database) -> None:
    held = Held()
    used: list[Any] = []

    def work(connection: Connection) -> None:
        used.append(connection.connection.dbapi_connection)
        held()

    closed: list[object] = []
    event.listen(database.engine, "close", lambda connection, _: closed.append(connection))
    [under_way] = await queued(database.write(work))
    await held.begun()
    database.kill()
    assert not closed
    held.let_go()
    await outcomes([under_way])
    assert closed == used


@on_sqlite
async def test_sqlite_settings_make_writes_survive_a_crash(database: Database) -> None:
    with database.transaction() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA synchronous")) == 2, "FULL"


@on_sqlite
def test_sqlite_lock_of_one_process_can_be_released(url: str) -> None:
    lock = sole_process(url)
    assert lock is not None
    lock.release()
    again = sole_process(url)
    assert again is not None
    again.release()


HOLDER = """
import sys
from bot.database.urls import sole_process
lock = sole_process(sys.argv[1])
print("held", flush=True)
sys.stdin.readline()
"""


@on_sqlite
def test_second_process_is_told_what_to_do(url: str, tmp_path: Path) -> None:
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", HOLDER, url],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(DatabaseInUseError) as refused:
            sole_process(url)
        holder.communicate("\n", timeout=PATIENCE)
    sentence = "is in use by another process; stop that one first, for two of them would both send"
    assert str(refused.value) == f"{tmp_path / 'bot.db'} {sentence}"
    lock = sole_process(url)
    assert lock is not None, "a process that ended holds nothing"
    lock.release()


@pytest.mark.parametrize("url", ["sqlite:///:memory:", "sqlite://"])
def test_a_database_in_memory_is_shared_with_nobody(url: str) -> None:
    assert sole_process(url) is None


@on_sqlite
def test_two_names_of_a_file_have_one_process(url: str, tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(tmp_path / "bot.db")
    lock = sole_process(url)
    assert lock is not None
    with pytest.raises(DatabaseInUseError):
        sole_process(f"sqlite:///{tmp_path / 'link.db'}")
    lock.release()


@on_sqlite
@pytest.mark.parametrize("replaced", [False, True])
async def test_moved_or_replaced_file_is_not_written(database: Database, tmp_path: Path, *, replaced: bool) -> None:
    """What would be written into a file that stands nowhere any more is lost with the process."""
    outbox, file = Outbox("me", LEASE), tmp_path / "bot.db"
    await planned(database, outbox, line())
    file.rename(tmp_path / "away.db")
    if replaced:
        shutil.copy(tmp_path / "away.db", file)
    for _ in range(3):
        with pytest.raises(FileReplacedError, match="was deleted or replaced"):
            await database.read(outbox.count_by_state)
    (tmp_path / "away.db").rename(file)
    assert (await database.read(outbox.count_by_state))[State.DUE] == 1


@on_postgresql
async def test_change_that_a_standby_refuses_is_made_on_another_connection(database: Database) -> None:
    """As after a failover, when the connections of before lead to a standby."""
    outbox = Outbox("me", LEASE)
    await planned(database, outbox, line())
    with database.transaction() as connection:
        # For the connection, beyond this transaction.
        connection.execute(text("SET default_transaction_read_only = on"))
    await planned(database, outbox, line(recipient="NO"))
    assert (await database.read(outbox.count_by_state))[State.DUE] == 2


@on_postgresql
def test_any_number_of_processes_share_a_postgresql_database(url: str) -> None:
    assert sole_process(url) is None
    assert sole_process(url) is None

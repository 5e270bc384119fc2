"""The state of the outbox as it is reported, and whether the database takes writes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DBAPIError

from bot.database.database import Database
from bot.store.failed_messages import Failed
from bot.store.outbox import Outbox, State
from bot.store.outbox_backlog import Backlog, probe, read_backlog
from bot.store.tables import replicas

from .databases import on_sqlite
from .lines import DUE, line, planned

LATER = DUE + timedelta(minutes=5)
NOTHING = Backlog(dict.fromkeys(State, 0), 0, None, None, (), (), Failed())


async def read(database: Database, outbox: Outbox, at: timedelta = timedelta(0), *waiting: str) -> Backlog:
    return await database.write(read_backlog, outbox, DUE + at, waiting)


async def test_empty_outbox_has_no_backlog(database: Database, outbox: Outbox) -> None:
    assert await read(database, outbox) == NOTHING


async def test_what_is_not_due_yet_is_only_counted(database: Database, outbox: Outbox) -> None:
    await planned(database, outbox, line(), line("later", due=LATER))
    found = await read(database, outbox, timedelta(seconds=-1))
    assert (found.counts[State.DUE], found.overdue, found.oldest, found.stuck) == (2, 0, None, None)


async def test_oldest_overdue_message_is_stuck(database: Database, outbox: Outbox) -> None:
    await planned(database, outbox, line(), line("later", due=LATER))
    found = await read(database, outbox, timedelta(minutes=5))
    assert (found.overdue, found.oldest, found.stuck, found.waiting) == (2, DUE, DUE, ())


async def test_waiting_for_ones_turn_is_not_stuck(database: Database, outbox: Outbox) -> None:
    await planned(database, outbox, line("sent"), line("turn"), line("kept", due=LATER))
    entries = {entry.slot.post: entry for entry in await database.write(outbox.claim, LATER, 9)}
    await database.write(outbox.mark_sent, entries["sent"].id, "C0WEEK", "1.000100", LATER)
    await database.write(outbox.release, entries["kept"].id, LATER, "the channel is missing")
    found = await read(database, outbox, timedelta(minutes=6))
    assert (found.overdue, found.oldest, found.stuck) == (2, DUE, LATER)
    assert found.waiting == ("the channel is missing",)


async def test_reason_of_before_matters_only_when_late(database: Database, outbox: Outbox) -> None:
    await planned(database, outbox, line())
    [entry] = await database.write(outbox.claim, DUE, 1)
    await database.write(outbox.release, entry.id, LATER, "Slack does not answer")
    assert (await read(database, outbox)).waiting == ("Slack does not answer",)
    assert (await read(database, outbox, timedelta(seconds=-1))).waiting == ()


async def test_unconfirmed_and_failed_are_told_by_reason(database: Database, outbox: Outbox) -> None:
    await planned(database, outbox, line("unclear"), line("refused"))
    for entry in await database.write(outbox.claim, DUE, 9):
        if entry.slot.post == "unclear":
            await database.write(outbox.mark_unconfirmed, entry.id, LATER, "the history cannot be read")
        else:
            await database.write(outbox.mark_failed, entry.id, "no_text")
    found = await read(database, outbox)
    assert (found.overdue, found.unconfirmed) == (0, ("the history cannot be read",))
    assert found.failed == Failed(1, ("no_text",), is_anything_sent=False)
    assert {state: count for state, count in found.counts.items() if count} == {State.UNCONFIRMED: 1, State.FAILED: 1}


async def test_what_waits_for_an_approval_is_not_late(database: Database, outbox: Outbox) -> None:
    await planned(database, outbox, line())
    assert (await read(database, outbox, timedelta(hours=1), "tip:sv")).overdue == 0
    assert (await read(database, outbox, timedelta(hours=1), "tip:nb", "notice:sv")).overdue == 1


async def test_a_probe_leaves_nothing_behind(database: Database) -> None:
    versions = text("SELECT version_num FROM alembic_version")
    before = await database.read(lambda connection: connection.scalars(versions).all())
    for _ in range(3):
        await database.write(probe)
    assert await database.read(lambda connection: connection.scalar(select(func.count()).select_from(replicas))) == 0
    assert await database.read(lambda connection: connection.scalars(versions).all()) == before


async def test_database_that_is_read_only_is_noticed(database: Database, outbox: Outbox) -> None:
    is_sqlite = database.engine.dialect.name == "sqlite"

    def only_read(connection: Connection) -> Backlog:
        connection.execute(text("PRAGMA query_only = ON" if is_sqlite else "SET TRANSACTION READ ONLY"))
        return read_backlog(connection, outbox, DUE)

    with pytest.raises(DBAPIError, match=r"readonly|read-only"):
        await database.write(only_read)


@on_sqlite
async def test_full_disk_is_noticed_where_rows_still_fit(database: Database) -> None:
    def fill(connection: Connection) -> None:
        connection.execute(text("PRAGMA max_page_count = 1"))
        connection.execute(text("INSERT INTO replicas (id, seen_at) VALUES ('small', 0)"))
        probe(connection)

    with pytest.raises(DBAPIError, match="disk is full"):
        await database.write(fill)

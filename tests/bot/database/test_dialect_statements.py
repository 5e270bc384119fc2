"""Statements that SQLite and PostgreSQL say in their own way, and who waits for whom."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest
from psycopg.errors import LockNotAvailable
from sqlalchemy import Connection, select, text, update
from sqlalchemy.exc import OperationalError

from bot.database.database import Database
from bot.database.dialect_statements import (
    insert_for,
    insert_in,
    is_sqlite,
    lock_campaign,
    lock_outbox,
    lock_person,
    lock_schema,
    locked,
)
from bot.database.urls import open_database
from bot.database.worker_threads import Kind
from bot.store.outbox import Outbox
from bot.store.people import Person
from bot.store.tables import outbox as lines
from bot.store.tables import people
from tests.bot.store.databases import on_postgresql
from tests.bot.store.lines import CAMPAIGN, DUE, LEASE, line, planned

LOCKS: dict[str, Callable[[Connection], None]] = {
    "ann": lambda connection: lock_person(connection, "U0ANN"),
    "bo": lambda connection: lock_person(connection, "U0BO"),
    "a campaign of her name": lambda connection: lock_campaign(connection, "U0ANN"),
    "another campaign": lambda connection: lock_campaign(connection, "another"),
    "the outbox": lock_outbox,
    "the schema": lock_schema,
}
"""None of these waits for another of them."""

ANN = Person("T0", "U0ANN", "Europe/Oslo", DUE, "NO")
NAMESAKE = Person("T0ELSEWHERE", "U0ANN", "Asia/Tokyo", DUE, "NO")
BO = Person("T0", "U0BO", "Europe/Oslo", DUE, "NO")


@pytest.fixture
async def elsewhere(url: str) -> AsyncIterator[Database]:
    """The same database, as another process has it."""
    database = open_database(url)
    yield database
    await database.close()


def waits(connection: Connection, work: Callable[[Connection], object]) -> bool:
    """Whether work has to wait for another transaction; it is given up at once."""
    attempt = connection.begin_nested()
    connection.execute(text("SET LOCAL lock_timeout = '100ms'"))
    try:
        work(connection)
    except OperationalError as error:
        return isinstance(error.orig, LockNotAvailable)
    finally:
        # What was locked within it is free again.
        attempt.rollback()
    return False


async def test_dialect_of_a_connection_is_known(database: Database, url: str) -> None:
    dialect = url.partition(":")[0].partition("+")[0]
    with database.transaction(Kind.READ) as connection:
        assert is_sqlite(connection) == (dialect == "sqlite")
        assert type(insert_for(connection, people)) is type(insert_in(dialect, people))


async def test_second_insert_can_be_dropped(database: Database) -> None:
    def insert_twice(connection: Connection) -> list[str]:
        for zone in ("Europe/Oslo", "Asia/Tokyo"):
            row = vars(ANN) | {"zone": zone}
            connection.execute(insert_for(connection, people).values(row).on_conflict_do_nothing())
        return [*connection.scalars(select(people.c.zone))]

    assert await database.write(insert_twice) == ["Europe/Oslo"]


@pytest.mark.parametrize("name", LOCKS)
async def test_holder_may_take_a_lock_again(database: Database, name: str) -> None:
    with database.transaction() as connection:
        LOCKS[name](connection)
        LOCKS[name](connection)


@on_postgresql
@pytest.mark.parametrize("name", LOCKS)
async def test_lock_keeps_others_from_one_thing(database: Database, elsewhere: Database, name: str) -> None:
    with elsewhere.transaction() as other:
        with database.transaction() as connection:
            LOCKS[name](connection)
            assert [each for each, lock in LOCKS.items() if waits(other, lock)] == [name]
        assert not waits(other, LOCKS[name]), "it ends with its transaction"


@on_postgresql
async def test_locked_outbox_is_read_and_not_written(database: Database, elsewhere: Database, outbox: Outbox) -> None:
    await planned(database, outbox, line())
    with database.transaction() as connection, elsewhere.transaction() as other:
        lock_outbox(connection)
        assert len(outbox.entries(other, CAMPAIGN)) == 1
        assert waits(other, lambda connection: outbox.claim(connection, DUE, 1))


def touch(connection: Connection, *recipients: str, skip_taken: bool = False) -> list[str]:
    """Change rows of the outbox; which these were."""
    mine = locked(lines, lines.c.recipient.in_(recipients), skip_taken=skip_taken)
    changed = update(lines).where(mine).values(reason="touched").returning(lines.c.recipient)
    return sorted(connection.scalars(changed))


@pytest.mark.parametrize("skip_taken", [False, True])
async def test_only_rows_that_match_are_changed(database: Database, *, skip_taken: bool) -> None:
    await planned(database, Outbox("me", LEASE), *(line(recipient=code) for code in ("SE", "NO", "DK")))
    assert await database.write(touch, "SE", "DK", "FI", skip_taken=skip_taken) == ["DK", "SE"]


@pytest.mark.parametrize("skip_taken", [False, True])
async def test_key_of_two_columns_is_compared_whole(database: Database, *, skip_taken: bool) -> None:
    def move(connection: Connection) -> set[tuple[str, str]]:
        connection.execute(people.insert(), [vars(each) for each in (ANN, NAMESAKE, BO)])
        mine = locked(people, people.c.zone == "Europe/Oslo", skip_taken=skip_taken)
        moved = update(people).where(mine).values(zone="Europe/Rome").returning(people.c.workspace, people.c.user)
        return {(workspace, user) for workspace, user in connection.execute(moved)}

    assert await database.write(move) == {("T0", "U0ANN"), ("T0", "U0BO")}


@on_postgresql
async def test_taken_rows_are_waited_for_or_skipped(database: Database, elsewhere: Database, outbox: Outbox) -> None:
    await planned(database, outbox, *(line(recipient=code) for code in ("SE", "NO", "DK")))
    with database.transaction() as connection, elsewhere.transaction() as other:
        assert touch(connection, "SE", "NO") == ["NO", "SE"]
        assert waits(other, lambda connection: touch(connection, "DK", "NO"))
        assert touch(other, "DK", "NO", skip_taken=True) == ["DK"]


def test_rows_are_locked_in_order_of_keys() -> None:
    waited, skipped = (str(locked(people, people.c.zone == "x", skip_taken=skip)) for skip in (False, True))
    assert "ORDER BY people.workspace, people.user FOR UPDATE" in waited.replace('"', "")
    assert "ORDER BY" not in skipped

"""Copies one database into another, empty one: from SQLite to PostgreSQL, or back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta

from sqlalchemy import Connection, Select, Table, exists, func, literal, select, text
from sqlalchemy.exc import SQLAlchemyError

from bot.database.dialect_statements import is_sqlite
from bot.database.errors import DatabaseInUseError, DatabaseUnusableError, cause, failure_of
from bot.database.urls import is_same, open_database, shown, sole_process
from bot.database.worker_threads import Kind
from bot.store.schema import migrate, require_current, schema_of
from bot.store.tables import metadata, replicas

_BATCH = 1000

_ALIVE = timedelta(seconds=15)
"""A bot announces itself every five seconds: one that has missed three of them is gone."""

MOVED = tuple(table for table in metadata.sorted_tables if table is not replicas)
"""All tables but `replicas`, which describes processes rather than data."""


def transfer(from_url: str, to_url: str, now: datetime) -> dict[str, int]:
    """Copy every row in one transaction, while no other process can write. Returns the number of rows by table.

    The source stays as it is; the target gets its tables if it has none.

    Raises:
        DatabaseInUseError: A bot runs on one of them, or somebody else is writing.
        DatabaseUnusableError: One of them does not open, they are the same, the target has something in it already, or
            one has the schema of another version of the bot.
    """
    if is_same(from_url, to_url):
        raise DatabaseUnusableError("both addresses are of the same database")
    require_current(from_url)
    try:
        with _alone(from_url, now) as source, _alone(to_url, now, may_make=True) as target:
            _refuse_a_full_one(target)
            return {table.name: _copy(table, source, target) for table in MOVED}
    except (SQLAlchemyError, OSError) as error:
        raise DatabaseUnusableError(f"nothing was moved: {failure_of(error)}") from error


@contextmanager
def _alone(url: str, now: datetime, *, may_make: bool = False) -> Iterator[Connection]:
    """Begin a transaction on a database that no bot uses, and that no other process can write to meanwhile."""
    with ExitStack() as stack:
        lock = sole_process(url)
        if lock:
            stack.callback(lock.release)
        database = open_database(url)
        stack.callback(database.engine.dispose)
        if may_make:
            with database.transaction(Kind.ALONE) as connection:
                _make_tables(connection, url)
        # Without a limit in time: a large database takes as long as it needs.
        connection = stack.enter_context(database.transaction(Kind.ALONE))
        _hold(connection)
        _refuse_a_living_bot(connection, url, now)
        yield connection


def _make_tables(connection: Connection, url: str) -> None:
    schema = schema_of(connection)
    if schema.revision is None:
        migrate(connection)
    elif not schema.is_current:
        raise DatabaseUnusableError(f"the database at {shown(url)} cannot be used: {schema.sentence}")


def _hold(connection: Connection) -> None:
    if is_sqlite(connection):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return
    names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
    try:
        # An operator who has left a bot running is to be told so instead of left waiting. Not NOWAIT, because the
        # server's own autovacuum holds a lock as well, and gives way to somebody who waits for a second.
        connection.execute(text("SET LOCAL lock_timeout = '3s'"))
        connection.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))
    except SQLAlchemyError as error:
        raise DatabaseInUseError(f"somebody else is writing ({cause(error)}); stop every bot on it first") from error


def _refuse_a_living_bot(connection: Connection, url: str, now: datetime) -> None:
    # On SQLite the lock file has answered this already.
    if is_sqlite(connection):
        return
    seen_at = connection.scalar(select(func.max(replicas.c.seen_at)))
    if seen_at and seen_at > now - _ALIVE:
        ago = max(0.0, (now - seen_at).total_seconds())
        raise DatabaseInUseError(
            f"a bot runs on {shown(url)}, which was seen {ago:.0f} s ago; stop every bot on it first, and wait "
            f"{_ALIVE.total_seconds():.0f} s if one of them was killed"
        )


def _refuse_a_full_one(target: Connection) -> None:
    for table in MOVED:
        if target.scalar(select(exists(select(literal(1)).select_from(table)))):
            raise DatabaseUnusableError(f"there is something in it already ({table.name}); move into an empty database")


def _copy(table: Table, source: Connection, target: Connection) -> int:
    """Copy a table and count what has arrived."""
    # Streamed, so that a large table is never in memory.
    found = source.execution_options(yield_per=_BATCH).execute(select(table))
    for rows in found.mappings().partitions():
        target.execute(table.insert(), [dict(row) for row in rows])
    # Counted on both sides, because the source may be deleted on the strength of this.
    wanted, arrived = [each.scalar(_count(table)) or 0 for each in (source, target)]
    if wanted != arrived:
        raise DatabaseUnusableError(f"nothing was moved: {wanted} rows of {table.name} became {arrived}")
    return arrived


def _count(table: Table) -> Select[int]:
    return select(func.count()).select_from(table)

"""Copies one database into another, empty one: from SQLite to PostgreSQL, or back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta

from sqlalchemy import Select, Table, exists, func, literal, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store.database import (
    DatabaseInUseError,
    DatabaseUnusableError,
    autocommit,
    is_same,
    is_sqlite,
    open_without_timeout,
    require_current,
    shown,
    sole_process,
    upgrade,
)
from bot.store.failure_messages import cause
from bot.store.schema import schema_of
from bot.store.tables import metadata, replicas

_BATCH = 1000

_ALIVE = timedelta(seconds=15)
"""Three heartbeats, which a bot writes every five seconds: one that has missed them all is gone."""

MOVED = tuple(table for table in metadata.sorted_tables if table is not replicas)
"""All tables but `replicas`, which describes processes rather than data."""


async def transfer(from_url: str, to_url: str, now: datetime) -> dict[str, int]:
    """Copy every row in one transaction, while no other process can write. Returns the number of rows by table.

    The source stays as it is; the target gets its tables if it has none.

    Raises:
        DatabaseInUseError: A bot runs on one of them, or somebody else is writing.
        DatabaseUnusableError: One of them does not open, they are the same, the target has something in it already, or
            one has the schema of another version of the bot.
    """
    if is_same(from_url, to_url):
        raise DatabaseUnusableError("both addresses are of the same database")
    await require_current(from_url)
    try:
        async with _alone(from_url, now) as source, _alone(to_url, now, may_make=True) as target:
            await _refuse_a_full_one(target)
            return {table.name: await _copy(table, source, target) for table in MOVED}
    except (SQLAlchemyError, OSError) as error:
        raise DatabaseUnusableError(f"nothing was moved ({cause(error)})") from error


@asynccontextmanager
async def _alone(url: str, now: datetime, *, may_make: bool = False) -> AsyncIterator[AsyncConnection]:
    """Begin a transaction on a database that no bot uses, and that no other process can write to meanwhile."""
    async with AsyncExitStack() as stack:
        lock = sole_process(url)
        if lock:
            stack.callback(lock.release)
        engine = open_without_timeout(url)
        stack.push_async_callback(engine.dispose)
        if may_make:
            await _make_tables(engine, url)
        connection = await stack.enter_async_context(engine.begin())
        await _hold(engine, connection)
        await _refuse_a_living_bot(connection, url, now)
        yield connection


async def _make_tables(engine: AsyncEngine, url: str) -> None:
    async with autocommit(engine) as connection:
        schema = await connection.run_sync(schema_of)
    if schema.revision is None:
        await upgrade(engine)
    elif not schema.is_current:
        raise DatabaseUnusableError(f"the database at {shown(url)} cannot be used: {schema.sentence}")


async def _hold(engine: AsyncEngine, connection: AsyncConnection) -> None:
    # On SQLite, BEGIN IMMEDIATE has locked the file already.
    if is_sqlite(engine.url):
        return
    names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
    try:
        # NOWAIT, because an operator who has left a bot running is to be told so instead of left waiting.
        await connection.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE NOWAIT"))
    except SQLAlchemyError as error:
        raise DatabaseInUseError(f"somebody else is writing ({cause(error)}); stop every bot on it first") from error


async def _refuse_a_living_bot(connection: AsyncConnection, url: str, now: datetime) -> None:
    # On SQLite the lock file has answered this already.
    if is_sqlite(connection.engine.url):
        return
    seen_at = await connection.scalar(select(func.max(replicas.c.seen_at)))
    if seen_at and seen_at > now - _ALIVE:
        ago = max(0.0, (now - seen_at).total_seconds())
        raise DatabaseInUseError(
            f"a bot runs on {shown(url)}, which was seen {ago:.0f} s ago; stop every bot on it first, and wait "
            f"{_ALIVE.total_seconds():.0f} s if one of them was killed"
        )


async def _refuse_a_full_one(target: AsyncConnection) -> None:
    for table in MOVED:
        if await target.scalar(select(exists(select(literal(1)).select_from(table)))):
            raise DatabaseUnusableError(f"there is something in it already ({table.name}); move into an empty database")


async def _copy(table: Table, source: AsyncConnection, target: AsyncConnection) -> int:
    """Copy a table and count what has arrived."""
    found = await source.stream(select(table))
    async for rows in found.mappings().partitions(_BATCH):
        await target.execute(table.insert(), [dict(row) for row in rows])
    # Counted on both sides, because the source may be deleted on the strength of this.
    wanted, arrived = [await each.scalar(_count(table)) or 0 for each in (source, target)]
    if wanted != arrived:
        raise DatabaseUnusableError(f"nothing was moved: {wanted} rows of {table.name} became {arrived}")
    return arrived


def _count(table: Table) -> Select[int]:
    return select(func.count()).select_from(table)

"""Everything from one database into another one, which is empty: from SQLite to PostgreSQL, or back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from sqlalchemy import Select, Table, exists, func, literal, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store.database import (
    DatabaseInUse,
    DatabaseUnusable,
    cause,
    is_sqlite,
    look_for,
    open_patient,
    parse_url,
    sole_process,
    upgrade,
)
from bot.store.tables import metadata, replicas

_BATCH = 1000

MOVED = tuple(table for table in metadata.sorted_tables if table is not replicas)
"""Which processes are there is nothing that could be moved."""


async def move(from_url: str, to_url: str) -> dict[str, int]:
    """Copy every row, in one transaction; how many there were in each table. Nobody else writes meanwhile.

    Both databases are brought up to date first. The one that rows come from keeps them.

    Raises:
        DatabaseInUse: A bot uses one of them, or somebody else is writing.
        DatabaseUnusable: One of them does not open, they are the same, or the target has something in it already.
    """
    if parse_url(from_url) == parse_url(to_url):
        raise DatabaseUnusable("both addresses are of the same database")
    look_for(from_url)
    try:
        async with _alone(from_url) as source, _alone(to_url) as target:
            await _refuse_a_full_one(target)
            return {table.name: await _copy(table, source, target) for table in MOVED}
    except (SQLAlchemyError, OSError) as error:
        raise DatabaseUnusable(f"nothing was moved ({cause(error)})") from error


@asynccontextmanager
async def _alone(url: str) -> AsyncIterator[AsyncConnection]:
    """A transaction on a database that nobody else writes to meanwhile."""
    async with AsyncExitStack() as stack:
        lock = sole_process(url)
        if lock:
            stack.callback(lock.release)
        engine = open_patient(url)
        stack.push_async_callback(engine.dispose)
        await upgrade(engine)
        connection = await stack.enter_async_context(engine.begin())
        await _hold(engine, connection)
        yield connection


async def _hold(engine: AsyncEngine, connection: AsyncConnection) -> None:
    # On SQLite the transaction has the database to itself from its beginning.
    if is_sqlite(engine.url):
        return
    names = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
    try:
        await connection.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE NOWAIT"))
    except SQLAlchemyError as error:
        raise DatabaseInUse(f"somebody else is writing ({cause(error)}); stop every bot on it first") from error


async def _refuse_a_full_one(target: AsyncConnection) -> None:
    for table in MOVED:
        if await target.scalar(select(exists(select(literal(1)).select_from(table)))):
            raise DatabaseUnusable(f"there is something in it already ({table.name}); move into an empty database")


async def _copy(table: Table, source: AsyncConnection, target: AsyncConnection) -> int:
    """Copy a table and count what has arrived."""
    found = await source.stream(select(table))
    async for rows in found.mappings().partitions(_BATCH):
        await target.execute(table.insert(), [dict(row) for row in rows])
    wanted, arrived = [await each.scalar(_count(table)) or 0 for each in (source, target)]
    if wanted != arrived:
        raise DatabaseUnusable(f"nothing was moved: {wanted} rows of {table.name} became {arrived}")
    return arrived


def _count(table: Table) -> Select[int]:
    return select(func.count()).select_from(table)

"""Tests that a database takes writes, with one that leaves nothing behind."""

from __future__ import annotations

from sqlalchemy import delete, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store.database import is_sqlite
from bot.store.tables import replicas

_LARGE = "probe" + "." * 10_000
"""An ID larger than a page of SQLite's (4 kB): storing it needs new pages, which a full disk does not have."""


async def probe(engine: AsyncEngine) -> None:
    """Write to the database and have it stored.

    Raises:
        SQLAlchemyError: It takes no writes.
        OSError: It cannot be reached, or its file is not there any more.
    """
    async with engine.begin() as connection:
        await (_into_file(connection) if is_sqlite(engine.url) else _into_server(connection))


async def _into_file(connection: AsyncConnection) -> None:
    # `replicas` is unused on SQLite, which has one process.
    await connection.execute(text("INSERT INTO replicas (id, seen_at) VALUES (:id, 0)"), {"id": _LARGE})
    await connection.execute(delete(replicas).where(replicas.c.id == _LARGE))


async def _into_server(connection: AsyncConnection) -> None:
    # Of one row in every database, and changing nothing: it needs a write transaction all the same.
    await connection.execute(text("UPDATE alembic_version SET version_num = version_num"))

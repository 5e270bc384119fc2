"""Finds out whether a database takes writes, by one that leaves nothing behind."""

from __future__ import annotations

from sqlalchemy import delete, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store.database import is_sqlite
from bot.store.tables import replicas

_LARGE = "probe" + "." * 10_000
"""More than one page: it takes room as what people press does."""


async def probe(engine: AsyncEngine) -> None:
    """Write to the database and have it stored.

    Raises:
        SQLAlchemyError: It takes no writes.
        OSError: It cannot be reached, or its file is not there any more.
    """
    async with engine.begin() as connection:
        await (_into_file(connection) if is_sqlite(engine.url) else _into_server(connection))


async def _into_file(connection: AsyncConnection) -> None:
    # On SQLite nobody says who is there, so this table is free.
    await connection.execute(text("INSERT INTO replicas (id, seen_at) VALUES (:id, 0)"), {"id": _LARGE})
    await connection.execute(delete(replicas).where(replicas.c.id == _LARGE))


async def _into_server(connection: AsyncConnection) -> None:
    await connection.execute(text("UPDATE alembic_version SET version_num = version_num"))

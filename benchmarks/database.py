"""A database of the bot's own making, for as long as it is measured."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.database import open_database, upgrade


@asynccontextmanager
async def fresh_database() -> AsyncIterator[AsyncEngine]:
    """An empty SQLite file with the bot's settings and schema."""
    with tempfile.TemporaryDirectory(prefix="earthweek-bench-") as folder:
        async with database(Path(folder) / "bot.db") as engine:
            yield engine


@asynccontextmanager
async def database(file: Path) -> AsyncIterator[AsyncEngine]:
    """A SQLite file that stays, with the bot's settings and schema."""
    engine = open_database(f"sqlite:///{file}")
    try:
        await upgrade(engine)
        yield engine
    finally:
        await engine.dispose()

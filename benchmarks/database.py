"""A database of the bot's own making, for as long as it is measured."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.database.database import Database
from bot.database.urls import open_database
from bot.store.schema import upgrade


@asynccontextmanager
async def fresh_database() -> AsyncIterator[Database]:
    """An empty SQLite file with the bot's settings and schema."""
    with tempfile.TemporaryDirectory(prefix="earthweek-bench-") as folder:
        async with opened(Path(folder) / "bot.db") as database:
            yield database


@asynccontextmanager
async def opened(file: Path) -> AsyncIterator[Database]:
    """A SQLite file that stays, with the bot's settings and schema."""
    database = open_database(f"sqlite:///{file}")
    try:
        await upgrade(database)
        yield database
    finally:
        await database.close()

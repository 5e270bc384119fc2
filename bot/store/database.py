"""Opening the database. What is particular to SQLite stands here and nowhere else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from filelock import FileLock, Timeout
from sqlalchemy import Connection, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

_MIGRATIONS = Path(__file__).parent / "migrations"
_DRIVERS = {"sqlite": "sqlite+aiosqlite"}


class DatabaseInUse(Exception):  # noqa: N818 - it reads as what happened
    """Another process has the SQLite file open; two of them would both send."""


def parse_url(url: str) -> URL:
    """The URL with the driver this program uses.

    Raises:
        ValueError: It is no database URL, or one of a database that is not supported.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise ValueError("it is not a database address; use sqlite:///earthweek.db") from error
    driver = _DRIVERS.get(parsed.get_backend_name())
    if driver is None:
        raise ValueError("this version keeps its data in SQLite; use sqlite:///earthweek.db")
    return parsed.set(drivername=driver)


def open_database(url: str) -> AsyncEngine:
    """An engine on the database; nothing is connected yet."""
    engine = create_async_engine(parse_url(url))
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transaction handling is switched off: it begins too late and never IMMEDIATE.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A transaction that reads first and writes later could otherwise fail at the write.
    kind = "DEFERRED" if connection.get_execution_options().get("reading") else "IMMEDIATE"
    connection.exec_driver_sql(f"BEGIN {kind}")


@asynccontextmanager
async def reading(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection for questions only: it takes no lock that a writer would wait for."""
    async with engine.connect() as connection:
        yield await connection.execution_options(reading=True)


def sole_process(url: str) -> FileLock | None:
    """A lock that says this is the only process on a SQLite file; `None` for one in memory, which nobody shares.

    Raises:
        DatabaseInUse: Another process holds it.
    """
    parsed = parse_url(url)
    if not parsed.database or parsed.database == ":memory:":
        return None
    lock = FileLock(f"{parsed.database}.lock")
    try:
        lock.acquire(blocking=False)
    except Timeout as error:
        raise DatabaseInUse(
            f"{parsed.database} is in use by another process; stop that one first, for two of them would both send"
        ) from error
    return lock


async def upgrade(engine: AsyncEngine) -> None:
    """Bring the schema to the newest version."""
    async with engine.connect() as connection:
        await connection.run_sync(_run_migrations)


def _run_migrations(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    connection.commit()


async def answers(engine: AsyncEngine, within_seconds: float = 5.0) -> bool:
    """Whether the database answers a question in time."""
    try:
        async with asyncio.timeout(within_seconds), reading(engine) as connection:
            await connection.execute(text("SELECT 1"))
    except (OSError, TimeoutError):
        return False
    except Exception:  # noqa: BLE001 - every driver has its own errors, and all mean no
        return False
    return True

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
from sqlalchemy import AsyncAdaptedQueuePool, Connection, Table, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

_MIGRATIONS = Path(__file__).parent / "migrations"
_DRIVERS = {"sqlite": "sqlite+aiosqlite"}
_SINGLE = "earthweek_single"
"""Marks a connection on which each statement is a transaction of its own."""


class DatabaseUnusable(Exception):  # noqa: N818 - it reads as what happened
    """The database cannot be opened or brought up to date; the message says why."""


class DatabaseInUse(DatabaseUnusable):
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
    """An engine on the database; nothing is connected yet.

    Raises:
        DatabaseUnusable: The folder it shall be in cannot be made.
    """
    parsed = parse_url(url)
    if parsed.database and parsed.database != ":memory:":
        _make_room(Path(parsed.database).parent)
    # SQLite takes one writer at a time. Waiting for the connection is fair and quick; two of them would take turns at
    # sleeping until the other one is gone.
    engine = create_async_engine(parsed, poolclass=AsyncAdaptedQueuePool, pool_size=1, max_overflow=0)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _make_room(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseUnusable(
            f"the folder {folder} cannot be made ({error.strerror}); look at DATABASE_URL"
        ) from error


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transaction handling is switched off: it begins too late and never IMMEDIATE.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A transaction that reads first and writes later could otherwise fail at the write. A single statement needs none:
    # SQLite carries it out whole and commits it by itself.
    if not connection.get_execution_options().get(_SINGLE):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


@asynccontextmanager
async def single(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection for statements that stand alone: a question, or one change, which a database carries out whole."""
    async with engine.connect() as connection:
        yield await connection.execution_options(**{_SINGLE: True})
        # SQLite has committed by then, and is spared the errand; a database that begins by itself has not.
        if engine.dialect.name != "sqlite":
            await connection.commit()


def inserting(engine: AsyncEngine, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An insert that can say what happens when the row is there already."""
    return sqlite.insert(table) if engine.dialect.name == "sqlite" else postgresql.insert(table)


def sole_process(url: str) -> FileLock | None:
    """A lock that says this is the only process on a SQLite file; `None` for one in memory, which nobody shares.

    Raises:
        DatabaseInUse: Another process holds it.
        DatabaseUnusable: Nothing can be written where the database is.
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
    except OSError as error:
        raise DatabaseUnusable(f"{lock.lock_file} cannot be made ({error.strerror}); look at DATABASE_URL") from error
    return lock


async def upgrade(engine: AsyncEngine) -> None:
    """Bring the schema to the newest version.

    Raises:
        DatabaseUnusable: The database does not open, or does not take it.
    """
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_run_migrations)
    except (SQLAlchemyError, OSError) as error:
        cause = str(getattr(error, "orig", error)).splitlines()[0]
        raise DatabaseUnusable(f"the database cannot be used ({cause}); look at DATABASE_URL") from error


def _run_migrations(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    connection.commit()


async def answers(engine: AsyncEngine, within_seconds: float = 5.0) -> bool:
    """Whether the database answers a question in time."""
    try:
        async with asyncio.timeout(within_seconds), single(engine) as connection:
            await connection.execute(text("SELECT 1"))
    except (OSError, TimeoutError):
        return False
    except Exception:  # noqa: BLE001 - every driver has its own errors, and all mean no
        return False
    return True

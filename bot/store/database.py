"""Opens, migrates and locks the database, SQLite or PostgreSQL. Each has a module for what is particular to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from filelock import FileLock, Timeout
from sqlalchemy import ColumnElement, Connection, Table, select
from sqlalchemy.dialects import postgresql as postgresql_dialect
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    DisconnectionError,
    IntegrityError,
    NotSupportedError,
    ProgrammingError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as NoConnectionError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store import postgresql, sqlite
from bot.store.failure_messages import failure_of
from bot.store.private_files import OWNER_ONLY, restrict
from bot.store.schema import MIGRATIONS, Schema, schema_of

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
}
_EXAMPLES = "use sqlite:///earthweek.db or postgresql://user:password@host/name"


_MISTAKES = (DataError, IntegrityError, NotSupportedError, ProgrammingError)
"""Errors that mean a faulty statement rather than a database that is away."""


class StoreError(Exception):
    """Base class of the store's own errors."""


class DatabaseUnusableError(StoreError):
    """The database cannot be opened or migrated; the message says why."""


class DatabaseInUseError(DatabaseUnusableError):
    """Another process has the SQLite file open; two of them would both send."""


class DatabaseAwayError(DatabaseUnusableError):
    """The database cannot be used now, and may become usable without anybody touching the bot."""


def parse_url(url: str) -> URL:
    """Parse a database URL, and name the driver that this program uses.

    Raises:
        ValueError: It is no database URL, or one of a database that is not supported.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise ValueError(f"it is not a database address; {_EXAMPLES}") from error
    driver = _DRIVERS.get(parsed.get_backend_name())
    if driver is None:
        raise ValueError(f"data is kept in SQLite or PostgreSQL; {_EXAMPLES}")
    parsed = parsed.set(drivername=driver)
    if is_sqlite(parsed):
        sqlite.check(parsed)
    else:
        postgresql.check(parsed)
    return parsed


def is_sqlite(url: URL) -> bool:
    """Return whether this is the URL of a SQLite file, or of a database in memory."""
    return url.get_backend_name() == "sqlite"


def open_database(url: str) -> AsyncEngine:
    """Create an engine. Nothing is connected yet.

    Raises:
        DatabaseUnusableError: The folder it shall be in cannot be made.
    """
    parsed = parse_url(url)
    if not is_sqlite(parsed):
        return postgresql.open_engine(parsed, postgresql.INTERACTIVE)
    if sqlite.is_file(parsed):
        _make_room(Path(parsed.database or "").parent)
    return sqlite.open_engine(parsed)


def open_counting(url: str, engine: AsyncEngine) -> AsyncEngine:
    """Create a second engine for counting, so that nobody who presses a button waits for it.

    A database in memory lives in its one connection, so there it is `engine` again.
    """
    parsed = parse_url(url)
    if not is_sqlite(parsed):
        return postgresql.open_engine(parsed, postgresql.COUNTING)
    return sqlite.open_engine(parsed) if sqlite.is_file(parsed) else engine


def open_read_only(url: str) -> AsyncEngine:
    """Create an engine for commands that only read. Nothing is created or changed.

    Raises:
        DatabaseUnusableError: There is no such SQLite file.
    """
    require_database(url)
    parsed = parse_url(url)
    return sqlite.open_read_only(parsed) if is_sqlite(parsed) else postgresql.open_engine(parsed, postgresql.READING)


def open_without_timeout(url: str) -> AsyncEngine:
    """Create an engine without a timeout for statements, for work that nobody waits for.

    Raises:
        DatabaseUnusableError: The folder it shall be in cannot be made.
    """
    parsed = parse_url(url)
    return open_database(url) if is_sqlite(parsed) else postgresql.open_engine(parsed, postgresql.WITHOUT_TIMEOUT)


def require_database(url: str) -> None:
    """Check that the SQLite file exists: opening one that does not would create it.

    Raises:
        DatabaseUnusableError: There is none.
    """
    parsed = parse_url(url)
    if is_sqlite(parsed) and not Path(parsed.database or "").is_file():
        raise DatabaseUnusableError(
            f"there is no database at {parsed.database or url} yet; look at DATABASE_URL, or start the bot first"
        )


def is_same(url: str, other: str) -> bool:
    """Return whether two URLs name one database, as far as can be told without connecting."""
    one, two = parse_url(url), parse_url(other)
    if sqlite.is_file(one) and sqlite.is_file(two):
        # A symbolic link or a relative path may name the same file in other words.
        return Path(one.database or "").resolve() == Path(two.database or "").resolve()
    return one == two


def _make_room(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseUnusableError(
            f"the folder {folder} cannot be made ({error.strerror}); look at DATABASE_URL"
        ) from error


@asynccontextmanager
async def autocommit(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Connect for single statements, each of which is a transaction of its own."""
    options = sqlite.AUTOCOMMIT if is_sqlite(engine.url) else postgresql.AUTOCOMMIT
    async with engine.connect() as connection:
        yield await connection.execution_options(**options)


@asynccontextmanager
async def snapshot(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Connect for queries whose results have to agree: all of them see the same moment."""
    options = sqlite.SNAPSHOT if is_sqlite(engine.url) else postgresql.SNAPSHOT
    async with engine.connect() as connection:
        yield await connection.execution_options(**options)


async def scrub(engine: AsyncEngine, *, removed: bool = False, large: bool = False) -> bool:
    """Erase removed rows from the database's files. Returns False while a reader keeps the log from being emptied.

    Rewriting a `large` file takes longer than a moment and blocks everybody, so callers allow it at night only.
    PostgreSQL needs none of this: it reclaims removed rows by itself, when it vacuums.
    """
    if not is_sqlite(engine.url):
        return True
    async with autocommit(engine) as connection:
        if removed:
            await sqlite.note_removal(connection)
        await sqlite.rewrite(connection, large=large)
        return await sqlite.truncate_log(connection)


async def advisory_lock(connection: AsyncConnection, user: str) -> None:
    """Serialise changes to one person's rows, across tables and processes, until the transaction ends."""
    # On SQLite a transaction begins with BEGIN IMMEDIATE, which already keeps every other writer out.
    if not is_sqlite(connection.engine.url):
        await connection.run_sync(postgresql.lock_person, user)


def locked(table: Table, which: ColumnElement[bool], *, skip_taken: bool = False) -> ColumnElement[bool]:
    """Return a condition that locks the rows it matches until the transaction ends.

    Rows are locked in the order of their IDs, so that two transactions that want the same rows cannot deadlock. Rows
    that another transaction has locked can be skipped instead. SQLite ignores all this: its lock is the whole file.
    """
    wanted = select(table.c.id).where(which).with_for_update(skip_locked=skip_taken)
    return table.c.id.in_(wanted if skip_taken else wanted.order_by(table.c.id))


def insert_for(engine: AsyncEngine, table: Table) -> sqlite_dialect.Insert | postgresql_dialect.Insert:
    """Build an insert with `on_conflict_*` methods, which SQLAlchemy has in its dialects only."""
    return sqlite_dialect.insert(table) if is_sqlite(engine.url) else postgresql_dialect.insert(table)


def sole_process(url: str) -> FileLock | None:
    """Take the lock of the only process on a SQLite file. Returns `None` for a database that needs none.

    One in memory is shared with nobody, and on PostgreSQL any number of processes take turns row by row.

    Raises:
        DatabaseInUseError: Another process holds it.
        DatabaseUnusableError: Nothing can be written where the database is.
    """
    parsed = parse_url(url)
    if not sqlite.is_file(parsed):
        return None
    # Resolved, so that two names of one file share a lock.
    lock = FileLock(f"{Path(parsed.database or '').resolve()}.lock", mode=OWNER_ONLY)
    restrict(Path(lock.lock_file))
    try:
        lock.acquire(blocking=False)
    except Timeout as error:
        raise DatabaseInUseError(
            f"{parsed.database} is in use by another process; stop that one first, for two of them would both send"
        ) from error
    except OSError as error:
        raise DatabaseUnusableError(
            f"{lock.lock_file} cannot be made ({error.strerror}); look at DATABASE_URL"
        ) from error
    return lock


async def upgrade(engine: AsyncEngine) -> None:
    """Migrate the schema to the newest version. Of several processes that start at once, one does and the others wait.

    Within one process, migrate one database at a time: Alembic keeps its migration context in a global.

    Raises:
        DatabaseAwayError: The database cannot be used now.
        DatabaseUnusableError: The database does not open, does not take it, or is a newer version's.
    """
    # A migration of a large table takes longer than the 15 seconds that a statement may take elsewhere.
    patient = engine if is_sqlite(engine.url) else postgresql.open_engine(engine.url, postgresql.WITHOUT_TIMEOUT)
    try:
        async with patient.connect() as connection:
            await connection.run_sync(_run_migrations)
    except (SQLAlchemyError, OSError) as error:
        raise unusable_error(error) from error
    finally:
        if patient is not engine:
            await patient.dispose()


def _run_migrations(connection: Connection) -> None:
    # SQLite locks the file at BEGIN IMMEDIATE. All versions are one transaction, so that none is left half applied.
    if not is_sqlite(connection.engine.url):
        postgresql.lock_schema(connection)
    schema = schema_of(connection)
    if schema.revision and not schema.is_known:
        raise DatabaseUnusableError(f"the database cannot be used: {schema.sentence}")
    # Made here instead of read from alembic.ini: the migrations travel inside the package.
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    connection.commit()


async def require_current(url: str) -> None:
    """Check that the database has the schema of this version of the bot, without changing anything.

    Raises:
        DatabaseUnusableError: It has another one, is not there, or does not open.
    """
    schema = await read_schema(url)
    if not schema.is_current:
        raise DatabaseUnusableError(f"the database at {shown(url)} cannot be used: {schema.sentence}")


async def read_schema(url: str) -> Schema:
    """Read which schema a database has, without changing anything.

    Raises:
        DatabaseUnusableError: The database is not there, or does not open.
    """
    engine = open_read_only(url)
    try:
        async with autocommit(engine) as connection:
            return await connection.run_sync(schema_of)
    except (SQLAlchemyError, OSError) as error:
        raise unusable_error(error) from error
    finally:
        await engine.dispose()


def shown(url: str) -> str:
    """Return what may be shown of a URL: no user and no password."""
    parsed = parse_url(url)
    return parsed.database or "" if is_sqlite(parsed) else f"{parsed.host or 'this machine'}/{parsed.database}"


def unusable_error(error: Exception) -> DatabaseUnusableError:
    """Turn an error of the database or its driver into one that says what to do."""
    failure = failure_of(error)
    kind = DatabaseAwayError if failure.passes else DatabaseUnusableError
    return kind(f"the database cannot be used ({failure.cause}); {failure.remedy}")


def is_away(error: BaseException) -> bool:
    """Return whether an error means that the database is gone, locked, full or read-only, rather than a wrong query."""
    if isinstance(error, OSError | TimeoutError | NoConnectionError | DisconnectionError):
        return True
    # SQLite raises OperationalError for a faulty statement as well as for a locked file; the name tells them apart.
    is_mistake = isinstance(error, _MISTAKES) or getattr(error, "orig", None) is None
    named = getattr(getattr(error, "orig", None), "sqlite_errorname", "")
    return isinstance(error, DBAPIError) and not is_mistake and named != "SQLITE_ERROR"

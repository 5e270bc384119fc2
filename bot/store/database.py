"""Opening the database, whichever it is. What is particular to one of them stands in a module of its own."""

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
"""What a database answers to a question that is wrong."""


class StoreError(Exception):
    """The base of what the store raises by itself."""


class DatabaseUnusableError(StoreError):
    """The database cannot be opened or brought up to date; the message says why."""


class DatabaseInUseError(DatabaseUnusableError):
    """Another process has the SQLite file open; two of them would both send."""


class DatabaseAwayError(DatabaseUnusableError):
    """The database cannot be used now, and may be usable again without anybody doing something to the bot."""


def parse_url(url: str) -> URL:
    """The URL with the driver this program uses.

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
    """Whether this is the address of a SQLite file, or of a database in memory."""
    return url.get_backend_name() == "sqlite"


def open_database(url: str) -> AsyncEngine:
    """An engine on the database; nothing is connected yet.

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
    """Another way into the same database, for counting, so that nobody who presses waits for it.

    A database in memory has no second way in: it is `engine` again.
    """
    parsed = parse_url(url)
    if not is_sqlite(parsed):
        return postgresql.open_engine(parsed, postgresql.COUNTING)
    return sqlite.open_engine(parsed) if sqlite.is_file(parsed) else engine


def open_read_only(url: str) -> AsyncEngine:
    """An engine for whoever only looks: nothing is made and nothing changed.

    Raises:
        DatabaseUnusableError: There is no such SQLite file.
    """
    require_database(url)
    parsed = parse_url(url)
    return sqlite.open_read_only(parsed) if is_sqlite(parsed) else postgresql.open_engine(parsed, postgresql.READING)


def open_without_timeout(url: str) -> AsyncEngine:
    """An engine for what may take long, because nobody waits for it.

    Raises:
        DatabaseUnusableError: The folder it shall be in cannot be made.
    """
    parsed = parse_url(url)
    return open_database(url) if is_sqlite(parsed) else postgresql.open_engine(parsed, postgresql.WITHOUT_TIMEOUT)


def require_database(url: str) -> None:
    """See that there is a database: opening a SQLite file that is not there would make it.

    Raises:
        DatabaseUnusableError: There is none.
    """
    parsed = parse_url(url)
    if is_sqlite(parsed) and not Path(parsed.database or "").is_file():
        raise DatabaseUnusableError(
            f"there is no database at {parsed.database or url} yet; look at DATABASE_URL, or start the bot first"
        )


def is_same(url: str, other: str) -> bool:
    """Whether two addresses are of one database, as far as they tell."""
    one, two = parse_url(url), parse_url(other)
    if sqlite.is_file(one) and sqlite.is_file(two):
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
    """A connection for statements that stand alone: a question, or one change, which a database carries out whole."""
    options = sqlite.AUTOCOMMIT if is_sqlite(engine.url) else postgresql.AUTOCOMMIT
    async with engine.connect() as connection:
        yield await connection.execution_options(**options)


@asynccontextmanager
async def snapshot(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection for questions whose answers have to fit together: all of them are about the same moment."""
    options = sqlite.SNAPSHOT if is_sqlite(engine.url) else postgresql.SNAPSHOT
    async with engine.connect() as connection:
        yield await connection.execution_options(**options)


async def scrub(engine: AsyncEngine, *, removed: bool = False, large: bool = False) -> bool:
    """See that what was removed is nowhere in the database's files; whether nobody who reads stood in the way.

    A `large` file takes longer than a moment, and everybody waits: it is left to a time at which hardly anybody does.
    PostgreSQL does it by itself, when it vacuums.
    """
    if not is_sqlite(engine.url):
        return True
    async with autocommit(engine) as connection:
        if removed:
            await sqlite.note_removal(connection)
        await sqlite.rewrite(connection, large=large)
        return await sqlite.truncate_log(connection)


async def advisory_lock(connection: AsyncConnection, user: str) -> None:
    """Wait until nobody else changes what belongs together of this person, and go first until the transaction ends."""
    # On SQLite a transaction has the whole database to itself from its beginning.
    if not is_sqlite(connection.engine.url):
        await connection.run_sync(postgresql.lock_person, user)


def locked(table: Table, which: ColumnElement[bool], *, skip_taken: bool = False) -> ColumnElement[bool]:
    """The rows of a condition, each held until the transaction ends, as a condition of a change.

    They are taken in the order of their IDs, so that of two who want the same rows one waits for the other, and never
    each for the other. Those that somebody else holds can be left out instead. SQLite holds everything anyway.
    """
    wanted = select(table.c.id).where(which).with_for_update(skip_locked=skip_taken)
    return table.c.id.in_(wanted if skip_taken else wanted.order_by(table.c.id))


def insert_for(engine: AsyncEngine, table: Table) -> sqlite_dialect.Insert | postgresql_dialect.Insert:
    """An insert that can say what happens when the row is there already."""
    return sqlite_dialect.insert(table) if is_sqlite(engine.url) else postgresql_dialect.insert(table)


def sole_process(url: str) -> FileLock | None:
    """A lock that says this is the only process on a SQLite file; `None` for a database that may have several.

    One in memory is shared with nobody, and on PostgreSQL any number of processes take turns row by row.

    Raises:
        DatabaseInUseError: Another process holds it.
        DatabaseUnusableError: Nothing can be written where the database is.
    """
    parsed = parse_url(url)
    if not sqlite.is_file(parsed):
        return None
    # Two names of one file have the same lock.
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
    """Bring the schema to the newest version. Of several processes that start at once, one does, and the others wait.

    Within a process it is done for one database at a time: Alembic keeps the migration that it is at in a global.

    Raises:
        DatabaseAwayError: The database cannot be used now.
        DatabaseUnusableError: The database does not open, does not take it, or is a newer version's.
    """
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
    # SQLite begins with taking the whole database; all versions are one transaction, so that nobody comes in between.
    if not is_sqlite(connection.engine.url):
        postgresql.lock_schema(connection)
    schema = schema_of(connection)
    if schema.revision and not schema.is_known:
        raise DatabaseUnusableError(f"the database cannot be used: {schema.sentence}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    connection.commit()


async def require_current(url: str) -> None:
    """See that the database has the schema of this version of the bot; nothing is changed.

    Raises:
        DatabaseUnusableError: It has another one, is not there, or does not open.
    """
    schema = await read_schema(url)
    if not schema.is_current:
        raise DatabaseUnusableError(f"the database at {shown(url)} cannot be used: {schema.sentence}")


async def read_schema(url: str) -> Schema:
    """The schema of a database; nothing is changed.

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
    """The address as it may be shown: without the password."""
    parsed = parse_url(url)
    return parsed.database or "" if is_sqlite(parsed) else f"{parsed.host or 'this machine'}/{parsed.database}"


def unusable_error(error: Exception) -> DatabaseUnusableError:
    """An error of the database or of its driver as one that says what to do."""
    failure = failure_of(error)
    kind = DatabaseAwayError if failure.passes else DatabaseUnusableError
    return kind(f"the database cannot be used ({failure.cause}); {failure.remedy}")


def is_away(error: BaseException) -> bool:
    """Whether the database does not do its work: it is gone, locked, full or read-only. A wrong question is none."""
    if isinstance(error, OSError | TimeoutError | NoConnectionError | DisconnectionError):
        return True
    # SQLite's name for a statement that cannot be run.
    is_mistake = isinstance(error, _MISTAKES) or getattr(error, "orig", None) is None
    named = getattr(getattr(error, "orig", None), "sqlite_errorname", "")
    return isinstance(error, DBAPIError) and not is_mistake and named != "SQLITE_ERROR"

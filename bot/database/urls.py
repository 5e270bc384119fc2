"""Database URLs: what they may say, and opening what they name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Connection
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from bot.database import sqlite
from bot.database.database import Database
from bot.database.errors import DatabaseInUseError, DatabaseUnusableError, unusable_error
from bot.database.private_files import OWNER_ONLY, restrict
from bot.database.worker_threads import Kind

_DRIVERS = {
    "sqlite": "sqlite+pysqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
}
_EXAMPLES = "use sqlite:///earthweek.db or postgresql://user:password@host/name"


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
    if "@" in (parsed.host or ""):
        # Otherwise the end of the password would be shown as part of a name that is not found.
        raise ValueError("an @ in the user's name or in the password is written as %40")
    if is_sqlite(parsed):
        sqlite.check(parsed)
    else:
        # Imported here, because the driver takes 10 MB that a bot on SQLite does not need.
        from bot.database import postgresql  # noqa: PLC0415

        postgresql.check(parsed)
    return parsed


def is_sqlite(url: URL) -> bool:
    """Return whether this is the URL of a SQLite file, or of a database in memory."""
    return url.get_backend_name() == "sqlite"


def is_same(url: str, other: str) -> bool:
    """Return whether two URLs name one database, as far as can be told without connecting."""
    one, two = parse_url(url), parse_url(other)
    if sqlite.is_file(one) and sqlite.is_file(two):
        # A symbolic link or a relative path may name the same file in other words.
        return Path(one.database or "").resolve() == Path(two.database or "").resolve()
    return one == two


def shown(url: str) -> str:
    """Return what may be shown of a URL: no user and no password."""
    parsed = parse_url(url)
    return parsed.database or "" if is_sqlite(parsed) else f"{parsed.host or 'this machine'}/{parsed.database}"


def open_database(url: str, *, readers: int = sqlite.READERS) -> Database:
    """Open a database. Nothing is connected yet. On SQLite, `readers` threads read.

    Raises:
        DatabaseUnusableError: The folder it shall be in cannot be made.
    """
    parsed = parse_url(url)
    if not is_sqlite(parsed):
        from bot.database.postgresql import PostgresqlDatabase  # noqa: PLC0415

        return PostgresqlDatabase(parsed)
    if sqlite.is_file(parsed):
        _make_folder(Path(parsed.database or "").parent)
    return sqlite.SqliteDatabase(parsed, readers)


@contextmanager
def read_only(url: str) -> Iterator[Connection]:
    """Connect for a command that only reads. Nothing is created or changed.

    Raises:
        DatabaseUnusableError: There is no such SQLite file, or it does not open.
    """
    require_database(url)
    parsed = parse_url(url)
    try:
        if is_sqlite(parsed):
            engine = sqlite.open_read_only(parsed)
            with engine.connect() as connection, connection.begin():
                yield connection
        else:
            database = open_database(url)
            engine = database.engine
            with database.transaction(Kind.COUNT) as connection:
                yield connection
    except (SQLAlchemyError, OSError) as error:
        raise unusable_error(error) from error
    finally:
        engine.dispose()


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


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseUnusableError(
            f"the folder {folder} cannot be made ({error.strerror}); look at DATABASE_URL"
        ) from error


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

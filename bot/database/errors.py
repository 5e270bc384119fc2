"""Errors of the store, and what an error of a database means: its cause, its remedy, and whether it passes."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    DisconnectionError,
    IntegrityError,
    NotSupportedError,
    ProgrammingError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as NoConnectionError

_LOOK = "look at DATABASE_URL"
_OWNER = (
    "give the file and its folder to the user that runs the bot, and look whether the disk can be written (df, mount)"
)
_FULL = "the disk is full; make room on it"
_AWAY = "look at DATABASE_URL, and whether the database runs"
_RIGHTS = "let an administrator of the database give the bot's user the right to write and to make tables"
_POOLER = "PgBouncer pools statements; let it pool transactions or sessions (pool_mode = transaction)"

_MISTAKES = (DataError, IntegrityError, NotSupportedError, ProgrammingError)
"""Errors that mean a faulty statement rather than a database that is away."""


DATABASE_ERRORS = (SQLAlchemyError, OSError, TimeoutError)
"""Everything that a question to the database may raise because of the database."""


class StoreError(Exception):
    """Base class of the store's own errors."""


class DatabaseUnusableError(StoreError):
    """The database cannot be opened or migrated; the message says why."""


class DatabaseInUseError(DatabaseUnusableError):
    """Another process has the SQLite file open; two of them would both send."""


class DatabaseAwayError(DatabaseUnusableError):
    """The database cannot be used now, and may become usable without anybody touching the bot."""


class FileReplacedError(OSError):
    """The database's file was deleted or replaced while it was open, so that writes would be lost."""


@dataclass(frozen=True)
class Failure:
    """The cause of an error, the remedy, and whether waiting may be enough."""

    cause: str
    remedy: str
    passes: bool = False

    def __str__(self) -> str:
        """Join cause and remedy in one line."""
        return f"{self.cause}; {self.remedy}"


_SQLITE = {
    sqlite3.SQLITE_BUSY: ("another program holds it; close that one", True),
    sqlite3.SQLITE_LOCKED: ("another program holds it; close that one", True),
    sqlite3.SQLITE_READONLY: (_OWNER, False),
    sqlite3.SQLITE_IOERR: ("look at the disk", True),
    sqlite3.SQLITE_FULL: (_FULL, True),
    sqlite3.SQLITE_CANTOPEN: (f"{_LOOK}; {_OWNER}", False),
    sqlite3.SQLITE_CORRUPT: ("it is damaged: stop the bot and put a backup in its place", False),
}
"""Remedies by SQLite's primary result code."""

_POSTGRESQL = {
    "25006": ("it is a standby, or was made read-only; let DATABASE_URL name the one that takes writes", True),
    "28": ("look at the user and the password in DATABASE_URL", False),
    "3D000": ("make that database, or correct its name in DATABASE_URL", False),
    "42501": (_RIGHTS, False),
    "42P01": ("tables are missing; start the bot, or look whether DATABASE_URL names the right database", False),
    "53100": (_FULL, True),
    "53300": ("raise max_connections of the database, or stop what else uses it", True),
}
"""Remedies by PostgreSQL's SQLSTATE, or by its first two characters, which are its class."""

_PASSWORD = ("look at the user and the password in DATABASE_URL", False)
_NAME = ("make that database, or correct its name in DATABASE_URL", False)

_SAID = {
    "statement pooling": (_POOLER, False),
    "unsupported startup parameter": (
        "leave it out of DATABASE_URL, or let PgBouncer ignore it (ignore_startup_parameters)",
        False,
    ),
    "authentication failed": _PASSWORD,
    "no such user": _PASSWORD,
    "does not exist": _NAME,
    "no such database": _NAME,
    "max_client_conn": ("raise max_client_conn of PgBouncer, or stop what else uses it", True),
    "query_wait_timeout": ("raise default_pool_size of PgBouncer, or look whether the database behind it runs", True),
    "too many": ("raise max_connections of the database, or stop what else uses it", True),
}
"""Remedies by words of PostgreSQL or PgBouncer, whose SQLSTATE says nothing or is missing."""

_NO_CONNECTION = "08"
"""The class of SQLSTATE of whatever PgBouncer ends a connection for."""


def failure_of(error: BaseException) -> Failure:
    """Explain an error of the database, or of the connection to it."""
    chain = list(_chain(error))
    for each in chain:
        if found := _found(each, cause(error)):
            return found
    # Checked last: a missing file is an OSError as well, and has a better remedy above.
    if any(isinstance(each, OSError) for each in chain) or getattr(error, "connection_invalidated", False):
        return Failure(cause(error), _AWAY, passes=True)
    return Failure(cause(error), _LOOK)


def cause(error: BaseException) -> str:
    """Return the first line of the message of the database or its driver."""
    # SQLAlchemy's own text has the statement in it; the driver's says only what is wrong.
    said = str(getattr(error, "orig", None) or error).strip()
    return said.splitlines()[0] if said else type(error).__name__


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


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error, the driver's error inside it, and the causes of that."""
    following: BaseException | None = error
    while following is not None:
        yield following
        following = getattr(following, "orig", None) or following.__cause__


def _found(error: BaseException, said: str) -> Failure | None:
    if isinstance(error, FileReplacedError):
        return Failure(said, "put it back, or restart the bot: what is written now is lost")
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return Failure(said, _FULL, passes=True)
    if isinstance(error, OSError) and error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return Failure(said, _OWNER)
    # The low byte is the primary code; extended ones, such as IOERR_WRITE, add detail above it.
    state = getattr(error, "sqlstate", "")
    known = _SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF) or _of_state(state)
    # psycopg knows no SQLSTATE of a connection that was refused or lost, only the server's sentence.
    if known is None and (state is None or state.startswith(_NO_CONNECTION)):
        known = next((remedy for words, remedy in _SAID.items() if words in said), (_AWAY, True))
    return Failure(said, *known) if known else None


def _of_state(state: str | None) -> tuple[str, bool] | None:
    return _POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2]) if state else None

"""Explains database errors: the cause, what to do about it, and whether it may pass by itself."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from bot.store.sqlite import FileReplacedError

_LOOK = "look at DATABASE_URL"
_OWNER = (
    "give the file and its folder to the user that runs the bot, and look whether the disk can be written (df, mount)"
)
_FULL = "the disk is full; make room on it"
_AWAY = "look at DATABASE_URL, and whether the database runs"
_RIGHTS = "let an administrator of the database give the bot's user the right to write and to make tables"


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
    known = _SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF) or _of_state(getattr(error, "sqlstate", None))
    return Failure(said, *known) if known else None


def _of_state(state: str | None) -> tuple[str, bool] | None:
    return _POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2]) if state else None

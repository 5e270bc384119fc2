"""Back up the database while the bot runs.

To restore a copy of a SQLite file: stop the bot, move away the file and those beside it that end in `-wal` and
`-shm`, put the copy in the file's place, start the bot.
"""

from __future__ import annotations

import os
import shlex
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import URL

from bot.database.errors import DatabaseUnusableError, StoreError, cause
from bot.database.private_files import OWNER_ONLY
from bot.database.urls import is_sqlite, parse_url, require_database


class BackupError(StoreError):
    """Nothing was written; the message says why and what to do."""


def backup(url: str, path: Path) -> None:
    """Write the database as it is at this moment into a new file, which appears complete or not at all.

    1. Copy into a temporary folder on the same file system, and check the copy.
    2. Flush it to the disk.
    3. Link it under its final name, which fails rather than replaces a file that is there.

    Raises:
        BackupError: The file is there already or cannot be written, or the database makes its own backups.
        DatabaseUnusableError: There is no database, or it cannot be read.
    """
    parsed = parse_url(url)
    if not is_sqlite(parsed):
        raise BackupError(_by_itself(parsed, path))
    require_database(url)
    _refuse_to_overwrite(path)
    try:
        # Beside the target, because a hard link cannot reach across file systems.
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".earthweek-") as folder:
            _put(_copy(Path(parsed.database or ""), Path(folder) / path.name), path)
    except OSError as error:
        raise BackupError(f"{path} cannot be written: {error.strerror}") from error


def _refuse_to_overwrite(path: Path) -> None:
    if path.exists():
        raise BackupError(f"{path} is there already; name a file that is not")


def _copy(file: Path, to: Path) -> Path:
    """Make a copy, check it and flush it to the disk. One statement reads all of it, so it is of one moment."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as source:
            # Copying the file itself would miss what is still in the write-ahead log.
            source.execute("VACUUM INTO ?", (str(to),))
        with closing(sqlite3.connect(to)) as copy:
            [found] = copy.execute("PRAGMA quick_check").fetchone()
    except sqlite3.Error as error:
        raise DatabaseUnusableError(f"the database cannot be copied ({cause(error)})") from error
    if found != "ok":
        raise DatabaseUnusableError(f"the copy is not whole ({found}); look at the disk")
    to.chmod(OWNER_ONLY)
    _flush(to)
    return to


def _put(copy: Path, path: Path) -> None:
    """Give the copy its name. Unlike renaming, this fails if the name has been taken meanwhile."""
    try:
        path.hardlink_to(copy)
    except FileExistsError:
        _refuse_to_overwrite(path)
        raise
    # A new name survives a power failure only once its folder is on the disk, too.
    _flush(path.parent)


def _flush(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _by_itself(url: URL, path: Path) -> str:
    # The query may contain `sslpassword`, and this text ends up in terminals and logs.
    shown = {name: value for name, value in url.query.items() if "password" not in name}
    safe = URL.create("postgresql", url.username, None, url.host, url.port, url.database, shown)
    address = safe.render_as_string(hide_password=False)
    to, of = shlex.quote(str(path)), shlex.quote(address)
    return (
        "PostgreSQL makes its own copy while the bot runs: "
        f"pg_dump --format=custom --no-owner --file={to} {of}\n"
        "and goes back to it, into an empty database, while the bot is stopped: "
        f"pg_restore --no-owner --single-transaction --dbname={of} {to}\n"
        "Both take the password from PGPASSWORD or ~/.pgpass, or ask for it."
    )

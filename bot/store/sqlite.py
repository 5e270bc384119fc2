"""SQLite: one writer at a time, explicit transactions, private files, and the erasure of removed rows."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import AsyncAdaptedQueuePool, Connection, event
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.store.private_files import make_private, restrict

_BEGIN = "earthweek_begin"

AUTOCOMMIT = {_BEGIN: None}
"""Options of a connection on which each statement is a transaction of its own: SQLite carries it out whole and commits
it by itself."""

SNAPSHOT = {_BEGIN: "BEGIN"}
"""Options of a connection that reads at one moment and never writes."""


_WAITS = 10_000
"""Milliseconds to wait for another writer."""

_WAITS_FOR_READERS = 100
"""Milliseconds to wait for readers when the log is emptied: every interaction waits meanwhile."""

_LARGE = 32_000_000
"""Bytes from which on rewriting a file takes longer than a moment."""

_IS_TO_BE_REWRITTEN = 1
"""Value of `user_version`, a number in the file that SQLite leaves to applications."""

_ROOM = b"\0" * 1_000_000
"""The room that some thousand interactions take."""


class FileReplacedError(OSError):
    """The database's file was deleted or replaced while it was open, so that writes would be lost."""


def check(url: URL) -> None:
    """Check that a URL names a file, or nothing for a database in memory.

    Raises:
        ValueError: It names something else; the message says what to write.
    """
    if url.host or url.port or url.username:
        raise ValueError("a file stands after three slashes, or four from the root; write it as sqlite:///earthweek.db")
    if url.query:
        raise ValueError(f"it says {', '.join(sorted(url.query))} after a question mark, which SQLite's has no use for")
    name = url.database or ""
    if not name.isprintable():
        raise ValueError("the name of the file has signs that cannot be seen or read; write it anew")


def is_file(url: URL) -> bool:
    """Return whether this is a database in a file, which other processes could open as well."""
    return url.get_backend_name() == "sqlite" and bool(url.database) and url.database != ":memory:"


def open_engine(url: URL) -> AsyncEngine:
    """Create an engine with one connection.

    SQLite allows one writer at a time. Waiting for the one connection is fair and quick, while a second connection
    would poll for the lock and sleep in between.
    """
    # Parameters stay out of exceptions, and so out of the log: they include what people wrote.
    engine = create_async_engine(
        url, poolclass=AsyncAdaptedQueuePool, pool_size=1, max_overflow=0, hide_parameters=True
    )
    event.listen(engine.sync_engine, "connect", _prepare)
    event.listen(engine.sync_engine, "begin", _begin)
    if is_file(url):
        _watch(engine, Path(url.database or ""))
        event.listen(engine.sync_engine, "do_connect", lambda *_: _keep_private(Path(url.database or "")))
    return engine


def open_read_only(url: URL) -> AsyncEngine:
    """Create an engine that leaves the file and its folder as they are.

    A file that no process has open is read as `immutable`: otherwise SQLite would create `-wal` and `-shm` beside it,
    and a reader cannot remove them.
    """
    file = Path(url.database or "").absolute()
    is_open = file.with_name(f"{file.name}-wal").exists()
    way = {"mode": "ro"} if is_open else {"immutable": "1"}
    reading = url.set(database=file.as_uri(), query={**way, "uri": "true"})
    engine = create_async_engine(reading, poolclass=AsyncAdaptedQueuePool, pool_size=1, max_overflow=0)
    event.listen(engine.sync_engine, "connect", _prepare_reading)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _keep_private(file: Path) -> None:
    # SQLite creates `-wal` and `-shm` with the rights of the file, so it must be private before it is opened.
    make_private(file)
    for end in ("-wal", "-shm"):
        restrict(file.with_name(f"{file.name}{end}"))


async def note_removal(connection: AsyncConnection) -> None:
    """Mark the file as having removed rows in it, so that this or a later process rewrites it."""
    await connection.exec_driver_sql(f"PRAGMA user_version={_IS_TO_BE_REWRITTEN}")


async def rewrite(connection: AsyncConnection, *, large: bool) -> None:
    """Rewrite the file if rows were removed from it, and a large one only if `large` allows it.

    `secure_delete` alone leaves pieces of removed rows in pages that were rearranged. Everybody waits during a VACUUM.
    """
    if await _ask(connection, "user_version") != _IS_TO_BE_REWRITTEN:
        return
    is_large = await _ask(connection, "page_count") * await _ask(connection, "page_size") > _LARGE
    if not is_large or large:
        # VACUUM builds a copy: in memory unless it is large, so that no temporary file gets personal data in it.
        await connection.exec_driver_sql(f"PRAGMA temp_store={'FILE' if is_large else 'MEMORY'}")
        await connection.exec_driver_sql("VACUUM")
        await connection.exec_driver_sql("PRAGMA user_version=0")


async def _ask(connection: AsyncConnection, pragma: str) -> int:
    return int((await connection.exec_driver_sql(f"PRAGMA {pragma}")).scalar_one())


async def truncate_log(connection: AsyncConnection) -> bool:
    """Move the write-ahead log into the file and empty it. Returns False if a reader was in the way.

    Until then, removed rows can still be read from the log.
    """
    await connection.exec_driver_sql(f"PRAGMA busy_timeout={_WAITS_FOR_READERS}")
    try:
        [busy, *_] = (await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")).one()
    finally:
        await connection.exec_driver_sql(f"PRAGMA busy_timeout={_WAITS}")
    return not busy


def try_writing(file: Path) -> None:
    """Test that a database takes writes, with one that is rolled back.

    Raises:
        sqlite3.Error: It cannot be written.
        OSError: There is no room beside it.
    """
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA busy_timeout={_WAITS}")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("CREATE TABLE earthweek_probe (x)")
        connection.execute("ROLLBACK")
    # A transaction that is rolled back may never reach the disk, and so succeed on a full one.
    try_room(file.parent)


def try_room(folder: Path) -> None:
    """Test that a folder has room, with a temporary file that has no name.

    Raises:
        OSError: It cannot.
    """
    with tempfile.TemporaryFile(dir=folder) as room:
        room.write(_ROOM)
        room.flush()
        os.fsync(room.fileno())


def _prepare(connection: Any, _record: Any) -> None:
    _set(
        connection,
        # Readers, such as the counting engine and a backup, do not block the writer.
        "journal_mode=WAL",
        # A message that is marked as being posted must be so after a power failure, or it would be sent twice.
        "synchronous=FULL",
        f"busy_timeout={_WAITS}",
        "foreign_keys=ON",
        # Removed rows are overwritten with zeros.
        "secure_delete=ON",
    )


def _prepare_reading(connection: Any, _record: Any) -> None:
    _set(connection, f"busy_timeout={_WAITS}", "query_only=ON")


def _set(connection: Any, *pragmas: str) -> None:
    # Off, because the driver's own handling begins a transaction too late and never IMMEDIATE.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _watch(engine: AsyncEngine, file: Path) -> None:
    """Make every checkout fail once the file has been deleted or replaced.

    A write into a deleted file succeeds and is lost. In WAL mode SQLite does not notice, and connecting again would
    create an empty file.
    """
    opened: list[tuple[int, int] | None] = []

    def compare(*_: Any) -> None:
        if opened and opened[0] != _identity(file):
            raise FileReplacedError(f"{file} was deleted or replaced while the bot has it open")

    def remember(*_: Any) -> None:
        if not opened:
            opened.append(_identity(file))

    for moment, act in (("do_connect", compare), ("connect", remember), ("checkout", compare)):
        event.listen(engine.sync_engine, moment, act)


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    # Device and inode change when a file is replaced under its name; time and size may not.
    return found.st_dev, found.st_ino


def _begin(connection: Connection) -> None:
    # A transaction that reads first and takes the write lock later fails at once if another one has written meanwhile.
    statement = connection.get_execution_options().get(_BEGIN, "BEGIN IMMEDIATE")
    if statement:
        connection.exec_driver_sql(statement)

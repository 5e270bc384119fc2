"""What is particular to SQLite: one writer at a time, and how a transaction begins."""

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
"""Milliseconds for whoever else is writing."""

_WAITS_FOR_READERS = 100
"""Milliseconds for whoever else is reading: everybody who presses waits meanwhile."""

_LARGE = 32_000_000
"""Bytes of a file that takes longer than a moment to write anew."""

_IS_TO_BE_REWRITTEN = 1
"""The file's own number, which SQLite leaves to whoever uses it."""

_ROOM = b"\0" * 1_000_000
"""As much as some thousand presses take."""


class FileReplacedError(OSError):
    """The database's file was deleted or replaced under the process; what it would write is in no file any more."""


def check(url: URL) -> None:
    """Whether an address names a file, or nothing for a database in memory.

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
    """Whether this is a database that other processes could open, too."""
    return url.get_backend_name() == "sqlite" and bool(url.database) and url.database != ":memory:"


def open_engine(url: URL) -> AsyncEngine:
    """An engine with one connection.

    SQLite takes one writer at a time. Waiting for the connection is fair and quick; two of them would take turns at
    sleeping until the other one is gone.
    """
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
    """An engine that leaves the file and its folder as they are.

    A file that nobody has open is read without the two files that SQLite would else put beside it, and not take away.
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
    # SQLite gives the files beside it the rights that this one has.
    make_private(file)
    for end in ("-wal", "-shm"):
        restrict(file.with_name(f"{file.name}{end}"))


async def note_removal(connection: AsyncConnection) -> None:
    """Note in the file that something was removed, until it is written anew by whatever process comes to it."""
    await connection.exec_driver_sql(f"PRAGMA user_version={_IS_TO_BE_REWRITTEN}")


async def rewrite(connection: AsyncConnection, *, large: bool) -> None:
    """Write the file anew where something was removed, and where it takes but a moment unless it may be `large`.

    `secure_delete` alone leaves pieces of removed rows in pages that were rearranged. Everybody waits meanwhile.
    """
    if await _ask(connection, "user_version") != _IS_TO_BE_REWRITTEN:
        return
    is_large = await _ask(connection, "page_count") * await _ask(connection, "page_size") > _LARGE
    if not is_large or large:
        await connection.exec_driver_sql(f"PRAGMA temp_store={'FILE' if is_large else 'MEMORY'}")
        await connection.exec_driver_sql("VACUUM")
        await connection.exec_driver_sql("PRAGMA user_version=0")


async def _ask(connection: AsyncConnection, pragma: str) -> int:
    return int((await connection.exec_driver_sql(f"PRAGMA {pragma}")).scalar_one())


async def truncate_log(connection: AsyncConnection) -> bool:
    """Bring the write-ahead log into the file and empty it; whether nobody who reads stood in the way.

    What was removed is overwritten in the file, and stands in the log until then.
    """
    await connection.exec_driver_sql(f"PRAGMA busy_timeout={_WAITS_FOR_READERS}")
    try:
        [busy, *_] = (await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")).one()
    finally:
        await connection.exec_driver_sql(f"PRAGMA busy_timeout={_WAITS}")
    return not busy


def try_writing(file: Path) -> None:
    """Write into a database, and take it back.

    Raises:
        sqlite3.Error: It cannot be written.
        OSError: There is no room beside it.
    """
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA busy_timeout={_WAITS}")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("CREATE TABLE earthweek_probe (x)")
        connection.execute("ROLLBACK")
    try_room(file.parent)


def try_room(folder: Path) -> None:
    """See that more can be written into a folder, with a file that has no name and is gone at once.

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
        "journal_mode=WAL",
        "synchronous=FULL",
        f"busy_timeout={_WAITS}",
        "foreign_keys=ON",
        # What is removed is overwritten with zeros.
        "secure_delete=ON",
    )


def _prepare_reading(connection: Any, _record: Any) -> None:
    _set(connection, f"busy_timeout={_WAITS}", "query_only=ON")


def _set(connection: Any, *pragmas: str) -> None:
    # The driver's own transaction handling is switched off: it begins too late and never IMMEDIATE.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _watch(engine: AsyncEngine, file: Path) -> None:
    """Use the file that was opened first, and no other one of its name.

    A write into a file that was deleted succeeds and is lost. With a write-ahead log, SQLite itself does not look; and
    opening it once more would make an empty one.
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
    return found.st_dev, found.st_ino


def _begin(connection: Connection) -> None:
    # A transaction that reads first and writes later could otherwise fail at the write.
    statement = connection.get_execution_options().get(_BEGIN, "BEGIN IMMEDIATE")
    if statement:
        connection.exec_driver_sql(statement)

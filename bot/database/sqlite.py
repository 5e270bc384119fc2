"""SQLite: several threads that read, one that writes, private files, and the erasure of removed rows.

The writer commits together what waits together, so that fifty presses cost one wait for the disk:

1. Begin a transaction.
2. Run the first job. If it fails, roll back and tell its caller; nobody else is concerned.
3. While others wait and 50 ms are not over, run the next one in a savepoint. If it fails, go back to the savepoint and
   tell its caller.
4. Commit. Only then is anybody answered.

Where the transaction itself is gone (interrupted, or the disk is full: SQLite then rolls everything back), or where the
commit fails, every job of the batch fails.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, QueuePool, StaticPool, create_engine, event
from sqlalchemy.engine import URL

from bot.database.database import Database
from bot.database.errors import FileReplacedError
from bot.database.private_files import make_private, restrict
from bot.database.worker_threads import ClosedError, Job, Jobs, Kind

READERS = 2
"""Threads that read. Python runs one of them at a time; the second reads while the first waits for the disk."""

_BATCH = 0.05
"""Seconds after which a batch takes no more jobs: its first caller waits for the last one's work."""

_BEGIN = "earthweek_begin"
"""The execution option with the statement that begins a transaction. None means that each statement is its own."""

_BEGINS = {
    **dict.fromkeys((Kind.READ, Kind.COUNT), "BEGIN"),
    # A transaction that reads first and takes the lock of the file later fails at once if another one has written
    # meanwhile, so the lock is taken at the beginning.
    **dict.fromkeys((Kind.WRITE, Kind.CHECK), "BEGIN IMMEDIATE"),
    Kind.ALONE: None,
}

_WAITS = 10_000
"""Milliseconds to wait for another process that writes."""

_WAITS_FOR_READERS = 100
"""Milliseconds to wait for readers when the log is emptied: every writer waits meanwhile."""

_INTERRUPTS_FOR, _INTERRUPTS_EVERY = 1.0, 0.01
"""Seconds in which statements are interrupted when the database is closed, and between two interrupts."""

_LARGE = 32_000_000
"""Bytes from which on rewriting a file takes longer than a moment."""

_IS_TO_BE_REWRITTEN = 1
"""Value of `user_version`, a number in the file that SQLite leaves to applications."""

_ROOM = b"\0" * 1_000_000
"""The room that some thousand interactions take."""


class TransactionLostError(ConnectionError):
    """SQLite has rolled the transaction back, with everything that others had done in it."""


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


class SqliteDatabase(Database):
    """A SQLite file, or a database in memory, which lives in its one connection and so has one thread for all."""

    def __init__(self, url: URL, readers: int = READERS) -> None:
        self._readers = readers if is_file(url) else 0
        self._is_broken_off = False
        self._open: set[Any] = set()
        super().__init__(_open_engine(url, connections=self._readers + 2))

    def _open_queues(self) -> Mapping[Kind, Jobs]:
        writes = Jobs("sqlite-write", 1, self._serve_writes)
        if not self._readers:
            return dict.fromkeys(Kind, writes)
        reads = Jobs("sqlite-read", self._readers, self._serve)
        counts = Jobs("sqlite-count", 1, self._serve)
        return {**dict.fromkeys(Kind, writes), Kind.READ: reads, Kind.COUNT: counts}

    @contextmanager
    def transaction(self, kind: Kind = Kind.WRITE) -> Iterator[Connection]:
        """Begin a transaction on the calling thread, or connect for single statements if it is to be alone."""
        with self.engine.connect().execution_options(**{_BEGIN: _BEGINS[kind]}) as connection, connection.begin():
            driver = connection.connection.driver_connection
            self._open.add(driver)
            try:
                self._refuse_if_broken_off()
                yield connection
                self._refuse_if_broken_off()
            finally:
                self._open.discard(driver)

    def _refuse_if_broken_off(self) -> None:
        if self._is_broken_off:
            raise ClosedError("the database was closed before this was stored")

    def _serve_writes(self, first: Job[Any]) -> None:
        following: Job[Any] | None = first
        while following is not None and following.kind is not Kind.ALONE:
            following = self._serve_batch(following)
        if following is not None:
            self._serve(following)

    def _serve_batch(self, first: Job[Any]) -> Job[Any] | None:
        """Do a batch of jobs. Returns the one that ended it because it cannot be part of it."""
        batch: list[Job[Any]] = [first]
        following: Job[Any] | None = None
        lost: BaseException | None = None
        try:
            with self.transaction() as connection:
                first.run(connection)
                _require_transaction(connection)
                until = time.monotonic() + _BATCH
                while time.monotonic() < until and (following := self._queues[Kind.WRITE].take_waiting()):
                    if following.kind is Kind.ALONE:
                        break
                    batch.append(following)
                    _run_in_savepoint(connection, following)
                else:
                    following = None
        except BaseException as error:  # noqa: BLE001 - it belongs to the callers
            lost = error
        self._queues[Kind.WRITE].finish(batch, lost)
        return following if following not in batch else None

    async def erase_traces(self, *, removed: bool = False, large: bool = False) -> bool:
        """Erase removed rows from the files. Returns False while a reader keeps the log from being emptied.

        Rewriting a `large` file takes longer than a moment and blocks everybody, so callers allow it at night only.
        """
        # Neither VACUUM nor a checkpoint is possible within a transaction.
        return await self.alone(_erase, removed=removed, large=large)

    def _break_off(self) -> None:
        self._is_broken_off = True
        until = time.monotonic() + _INTERRUPTS_FOR
        # Again and again: an interrupt concerns the statement that runs, and the next one may begin only now.
        while self._open and time.monotonic() < until:
            for driver in tuple(self._open):
                driver.interrupt()
            time.sleep(_INTERRUPTS_EVERY)


def _erase(connection: Connection, *, removed: bool, large: bool) -> bool:
    if removed:
        connection.exec_driver_sql(f"PRAGMA user_version={_IS_TO_BE_REWRITTEN}")
    _rewrite(connection, large=large)
    return _truncate_log(connection)


def _run_in_savepoint(connection: Connection, job: Job[Any]) -> None:
    if job.is_unwanted:
        return
    connection.exec_driver_sql("SAVEPOINT job")
    try:
        job.run(connection)
    except Exception as error:  # noqa: BLE001 - it belongs to the caller
        job.error = error
        _require_transaction(connection, error)
        connection.exec_driver_sql("ROLLBACK TO job")
    else:
        _require_transaction(connection)
    connection.exec_driver_sql("RELEASE job")


def _require_transaction(connection: Connection, error: Exception | None = None) -> None:
    # Otherwise a savepoint would begin a new one without those before it, and a commit would do nothing and succeed.
    driver: Any = connection.connection.driver_connection
    if not driver.in_transaction:
        raise TransactionLostError(str(error or "the transaction was rolled back")) from error


def _open_engine(url: URL, connections: int) -> Engine:
    pool: dict[str, Any] = {"poolclass": QueuePool, "pool_size": connections, "max_overflow": 0}
    if not is_file(url):
        pool = {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}}
    # Parameters stay out of exceptions, and so out of the log: they include what people wrote.
    engine = create_engine(url, hide_parameters=True, **pool)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    if is_file(url):
        _watch(engine, Path(url.database or ""))
        event.listen(engine, "do_connect", lambda *_: _keep_private(Path(url.database or "")))
    return engine


def open_read_only(url: URL) -> Engine:
    """Create an engine that leaves the file and its folder as they are.

    A file that no process has open is read as `immutable`: otherwise SQLite would create `-wal` and `-shm` beside it,
    and a reader cannot remove them.
    """
    file = Path(url.database or "").absolute()
    is_open = file.with_name(f"{file.name}-wal").exists()
    way = {"mode": "ro"} if is_open else {"immutable": "1"}
    reading = url.set(database=file.as_uri(), query={**way, "uri": "true"})
    engine = create_engine(reading, poolclass=QueuePool, pool_size=1, max_overflow=0)
    event.listen(engine, "connect", _prepare_reading)
    event.listen(engine, "begin", _begin)
    return engine


def _keep_private(file: Path) -> None:
    # SQLite creates `-wal` and `-shm` with the rights of the file, so it must be private before it is opened.
    make_private(file)
    for end in ("-wal", "-shm"):
        restrict(file.with_name(f"{file.name}{end}"))


def _rewrite(connection: Connection, *, large: bool) -> None:
    """Rewrite the file if rows were removed from it, and a large one only if `large` allows it.

    `secure_delete` alone leaves pieces of removed rows in pages that were rearranged. Everybody waits during a VACUUM.
    """
    if _ask(connection, "user_version") != _IS_TO_BE_REWRITTEN:
        return
    is_large = _ask(connection, "page_count") * _ask(connection, "page_size") > _LARGE
    if not is_large or large:
        # VACUUM builds a copy: in memory unless it is large, so that no temporary file gets personal data in it.
        connection.exec_driver_sql(f"PRAGMA temp_store={'FILE' if is_large else 'MEMORY'}")
        connection.exec_driver_sql("VACUUM")
        connection.exec_driver_sql("PRAGMA user_version=0")


def _ask(connection: Connection, pragma: str) -> int:
    return int(connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one())


def _truncate_log(connection: Connection) -> bool:
    """Move the write-ahead log into the file and empty it. Returns False if a reader was in the way.

    Until then, removed rows can still be read from the log.
    """
    connection.exec_driver_sql(f"PRAGMA busy_timeout={_WAITS_FOR_READERS}")
    try:
        [busy, *_] = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={_WAITS}")
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
        # Readers, such as a backup, do not block the writer.
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


def _watch(engine: Engine, file: Path) -> None:
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
        event.listen(engine, moment, act)


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    # Device and inode change when a file is replaced under its name; time and size may not.
    return found.st_dev, found.st_ino


def _begin(connection: Connection) -> None:
    statement = connection.get_execution_options().get(_BEGIN, "BEGIN")
    if statement:
        connection.exec_driver_sql(statement)

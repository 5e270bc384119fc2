"""PostgreSQL, also behind PgBouncer: threads with a connection each, limits in time, and connections that are gone.

Behind PgBouncer in transaction pooling, each transaction may be on another connection of the server. So nothing is set
for a connection: every transaction begins with its settings, in one message (`BEGIN; SET LOCAL ...`). Nothing is
prepared by name, and every lock ends with its transaction.
"""

from __future__ import annotations

import os
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote

import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import DBAPIError

from bot.database.database import Database
from bot.database.jobs import Job, Jobs, Kind

THREADS = 5
"""Threads for questions and changes, each with a connection while it works. Ten processes, as many as Slack connects
to, stay below PostgreSQL's default of a hundred connections, those for counting and checking included."""

_CONNECTS_WITHIN = 5
_WAITS_FOR_A_CONNECTION = 30.0

_RECYCLED = 1800
"""Seconds after which a connection is replaced: firewalls and proxies often drop older ones silently."""

_BEGIN = "earthweek_begin"
"""The execution option that says how a transaction begins."""

_SERVER = {
    "application_name": "earthweek",
    # Queries are small or well indexed; compiling them costs more than it saves.
    "jit": "off",
    # A process that hangs in a transaction must not hold its rows for longer than this.
    "idle_in_transaction_session_timeout": "10s",
}

_ORDERED = {"enable_bitmapscan": "off"}
"""Additional settings for interactions and claims, which read an index in its own order. Right after planning, the
statistics do not know the new rows yet, and the server would collect and sort everything that is due for each claim."""

_LOOKS_EVERY = 0.25
"""Seconds between two looks of the watchdog while a transaction is under way."""

_IGNORED = frozenset({"prepared_statement_cache_size", "prepared_statement_name_func", "async_fallback"})
"""Parameters of other drivers, which URLs in `.env` files may have from elsewhere. They are dropped."""

STOOD_STILL = "25P03"
"""SQLSTATE of a transaction that the server ended since it heard nothing (`idle_in_transaction_session_timeout`)."""

READ_ONLY = "25006"
"""SQLSTATE of a server that takes no writes (`read_only_sql_transaction`)."""


def check(url: URL) -> None:
    """Check that the driver understands every parameter of a URL.

    Raises:
        ValueError: It says something unknown.
    """
    for name, value in _for_driver(url).query.items():
        try:
            make_conninfo(**{name: str(value)})
        except psycopg.ProgrammingError as error:
            raise ValueError(f"it says {name}, which is not known here; leave it out") from error


def _for_driver(url: URL) -> URL:
    """Return a URL as libpq understands it."""
    query = {name: value for name, value in url.query.items() if name not in _IGNORED}
    if mode := query.pop("ssl", None):
        # What asyncpg and JDBC call it. Without it, whoever asked for encryption might get none.
        query.setdefault("sslmode", "require" if mode == "true" else mode)
    authorities = ssl.get_default_verify_paths().cafile
    if query.get("sslrootcert") == "system" and authorities:
        # The driver's wheel has an OpenSSL of its own, which does not know where this system keeps its certificates.
        query["sslrootcert"] = authorities
        query.setdefault("sslmode", "verify-full")
    # As libpq reads it: a socket's folder may stand in the place of the host.
    return url.set(host=unquote(url.host or "") or None, query=query)


@dataclass(frozen=True)
class Limits:
    """The statement that begins a transaction, and the seconds that the transaction may take, if there is a limit."""

    begin: str
    seconds: float | None = None


def _limits(
    seconds: float | None = None, settings: Mapping[str, str] = MappingProxyType({}), *, read_only: bool = False
) -> Limits:
    """Build the limits of a kind of work."""
    # At one moment, so that several queries agree.
    mode = " ISOLATION LEVEL REPEATABLE READ, READ ONLY" if read_only else ""
    settings = {**_SERVER, **settings, **({"statement_timeout": f"{seconds:.0f}s"} if seconds else {})}
    local = "".join(f"; SET LOCAL {name} = '{value}'" for name, value in settings.items())
    # Behind PgBouncer, another program may have left the connection with a path of its own; pg_dump's is empty.
    return Limits(f"BEGIN{mode}; SET LOCAL search_path TO DEFAULT{local}", seconds)


LIMITS = {
    # After these, the person is told that it did not work.
    Kind.READ: _limits(15, _ORDERED, read_only=True),
    Kind.WRITE: _limits(15, _ORDERED),
    Kind.COUNT: _limits(120, read_only=True),
    Kind.CHECK: _limits(3),
    # Migrations and transfers take as long as they need.
    Kind.ALONE: _limits(),
}


class PostgresqlDatabase(Database):
    """A PostgreSQL database. Its watchdog ends transactions that exceed their limit."""

    def __init__(self, url: URL) -> None:
        self._watchdog = Watchdog()
        super().__init__(_open_engine(url, self._watchdog, connections=THREADS + 2))

    def _open_queues(self) -> Mapping[Kind, Jobs]:
        work = Jobs("postgresql-work", THREADS, self._serve)
        counts, checks = (Jobs(f"postgresql-{kind.value}", 1, self._serve) for kind in (Kind.COUNT, Kind.CHECK))
        return {**dict.fromkeys(Kind, work), Kind.COUNT: counts, Kind.CHECK: checks}

    @contextmanager
    def transaction(self, kind: Kind = Kind.WRITE) -> Iterator[Connection]:
        """Begin a transaction on the calling thread."""
        limits = LIMITS[kind]
        with self._watchdog.watching(limits.seconds), self._begun(limits) as connection:
            yield connection
            connection.commit()

    def _begun(self, limits: Limits) -> Connection:
        """Connect and begin. A connection that turns out to be dead is replaced: nothing has been done on it yet."""
        for attempt in range(2):
            connection = self.engine.connect().execution_options(**{_BEGIN: limits.begin})
            try:
                connection.begin()
            except DBAPIError as error:
                connection.close()
                # SQLAlchemy has replaced all others as well: when one is dead, they most likely are, too.
                if attempt or not error.connection_invalidated:
                    raise
            else:
                break
        return connection

    def _run(self, job: Job[Any]) -> None:
        """Do a job as a transaction, and once more if this process stood still meanwhile.

        A process stands still when its machine is paused, or far too busy. The server has rolled back whatever the
        transaction had done by then, so that doing it again does nothing twice.
        """
        try:
            super()._run(job)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != STOOD_STILL:
                raise
            super()._run(job)

    async def erase_traces(self, *, removed: bool = False, large: bool = False) -> bool:  # noqa: ARG002
        """Do nothing: PostgreSQL reclaims removed rows by itself, when it vacuums."""
        return True

    def _break_off(self) -> None:
        self._watchdog.shut_all()

    def _join(self) -> None:
        super()._join()
        self._watchdog.close()


@dataclass(eq=False)
class _Watched:
    """A transaction of one thread: until when it may take, and the connections it has used."""

    until: float | None
    connections: list[Any] = field(default_factory=list)
    was_shut: bool = False


class Watchdog:
    """Ends transactions that exceed their limit, by shutting their sockets.

    Neither `statement_timeout` nor TCP's own limits free a thread whose server is frozen: the first needs the server,
    and the kernel of a stopped process goes on acknowledging.
    """

    def __init__(self) -> None:
        self._watched: list[_Watched] = []
        self._own = threading.local()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._has_shut_all = False
        self._is_closed = False

    @contextmanager
    def watching(self, seconds: float | None) -> Iterator[None]:
        """Shut the connections that this thread uses within the block if it is not left in time.

        Raises:
            TimeoutError: It was not.
        """
        watched = _Watched(None if seconds is None else time.monotonic() + seconds)
        with self._changed:
            # A thread may have taken a job just before everything was ended, and begin only now.
            watched.was_shut = self._has_shut_all
            self._watched.append(watched)
            self._watch()
        around, self._own.watched = getattr(self._own, "watched", None), watched
        try:
            yield
        except BaseException as error:
            if watched.was_shut:
                raise TimeoutError("the database took too long to answer") from error
            raise
        finally:
            self._own.watched = around
            with self._changed:
                self._watched.remove(watched)

    def use(self, connection: Any, *_: Any) -> None:
        """Note that the calling thread uses a connection of the driver from now on."""
        if watched := getattr(self._own, "watched", None):
            with self._changed:
                watched.connections.append(connection)
                if watched.was_shut:
                    # Its time was over while it connected.
                    _shut(watched)

    def shut_all(self) -> None:
        """End every transaction now, and each one that begins later."""
        with self._changed:
            self._has_shut_all = True
            for watched in self._watched:
                _shut(watched)

    def close(self) -> None:
        """End the thread. Nothing is watched any more."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()

    def _watch(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="postgresql-watchdog", daemon=True)
            self._thread.start()
        elif len(self._watched) == 1:
            self._changed.notify()

    def _run(self) -> None:
        with self._changed:
            while not self._is_closed:
                # Without a transaction there is nothing to look at, and a process that is idle shall not wake up.
                self._changed.wait(_LOOKS_EVERY if self._watched else None)
                now = time.monotonic()
                for watched in self._watched:
                    if watched.until is not None and watched.until <= now:
                        _shut(watched)


def _shut(watched: _Watched) -> None:
    watched.was_shut = True
    for connection in watched.connections:
        # Closed meanwhile: then nobody waits for it.
        with suppress(psycopg.Error, OSError), closing(socket.socket(fileno=os.dup(connection.fileno()))) as own:
            own.shutdown(socket.SHUT_RDWR)


def _open_engine(url: URL, watchdog: Watchdog, connections: int) -> Engine:
    engine = create_engine(
        _for_driver(url),
        # The driver begins no transaction by itself, so that ours begin with their settings.
        connect_args={"autocommit": True, "prepare_threshold": None, "connect_timeout": _CONNECTS_WITHIN},
        use_native_hstore=False,
        # psycopg forgets how many rows an INSERT has stored when its cursor is closed, which SQLAlchemy does at once.
        execution_options={"preserve_rowcount": True},
        poolclass=QueuePool,
        pool_size=connections,
        max_overflow=0,
        pool_timeout=_WAITS_FOR_A_CONNECTION,
        pool_recycle=_RECYCLED,
        # Exceptions quote parameters, and these include what people wrote.
        hide_parameters=True,
    )
    # Before SQLAlchemy's own listener, which asks a new connection about its server.
    event.listen(engine, "connect", watchdog.use, insert=True)
    event.listen(engine, "checkout", watchdog.use)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", _leave_standby)
    return engine


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, LIMITS[Kind.ALONE].begin))


def _leave_standby(context: ExceptionContext) -> None:
    """Drop every connection to a server that takes no writes: after a failover it is a standby now."""
    if getattr(context.original_exception, "sqlstate", None) == READ_ONLY:
        context.is_disconnect = True

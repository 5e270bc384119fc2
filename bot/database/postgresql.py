"""PostgreSQL, also behind PgBouncer: threads with a connection each, limits in time, and connections that are gone.

Behind PgBouncer in transaction pooling, each transaction may be on another connection of the server. So nothing is set
for a connection: every transaction begins with its settings, in one message (`BEGIN; SET LOCAL ...`). Nothing is
prepared by name, and every lock ends with its transaction.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote

import psycopg
from psycopg import errors
from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from bot.database.database import Database
from bot.database.transaction_watchdog import Watchdog
from bot.database.worker_threads import Job, Jobs, Kind

THREADS = 5
"""Threads for questions and changes, each with a connection while it works. Ten processes, as many as Slack connects
to, stay below PostgreSQL's default of a hundred connections, those for counting and checking included."""

_CONNECTS_WITHIN = 5
_WAITS_FOR_A_CONNECTION = 30.0

_RECYCLED = 1800
"""Seconds after which a connection is replaced: firewalls and proxies often drop older ones silently."""

_BEGIN = "earthweek_begin"
"""The execution option that says how a transaction begins."""

_ENDED = "earthweek_ended"
"""What a connection's `info` has once the server has said that it ends the connection, and why."""

_SERVER = {
    "application_name": "earthweek",
    # Queries are small or well indexed; compiling them costs more than it saves.
    "jit": "off",
}

_ORDERED = {"enable_bitmapscan": "off"}
"""Additional settings for interactions and claims, which read an index in its own order. Right after planning, the
statistics do not know the new rows yet, and the server would collect and sort everything that is due for each claim."""

_IGNORED = frozenset({"prepared_statement_cache_size", "prepared_statement_name_func", "async_fallback"})
"""Parameters of other drivers, which URLs in `.env` files may have from elsewhere. They are dropped."""

STOOD_STILL = "25P03"
"""SQLSTATE of a transaction that the server ended since it heard nothing (`idle_in_transaction_session_timeout`)."""

_DONE_AGAIN = frozenset({Kind.READ, Kind.WRITE, Kind.CHECK})
"""The kinds of work that take moments. Whoever ends a long one on the server wants to be rid of it."""

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
    seconds: int | None, idle: int, settings: Mapping[str, str] = MappingProxyType({}), *, read_only: bool = False
) -> Limits:
    """Build the limits of a kind of work, which may leave the server waiting within a transaction for `idle` seconds.

    A process that hangs holds its rows until then.
    """
    # At one moment, so that several queries agree.
    mode = " ISOLATION LEVEL REPEATABLE READ, READ ONLY" if read_only else ""
    settings = {**_SERVER, **settings, "idle_in_transaction_session_timeout": f"{idle}s"}
    if seconds:
        settings["statement_timeout"] = f"{seconds}s"
    local = "".join(f"; SET LOCAL {name} = '{value}'" for name, value in settings.items())
    # Behind PgBouncer, another program may have left the connection with a path of its own; pg_dump's is empty.
    return Limits(f"BEGIN{mode}; SET LOCAL search_path TO DEFAULT{local}", seconds)


LIMITS = {
    # After these, the person is told that it did not work.
    Kind.READ: _limits(15, 10, _ORDERED, read_only=True),
    Kind.WRITE: _limits(15, 10, _ORDERED),
    # It holds no rows, and computes between its questions.
    Kind.COUNT: _limits(120, 120, read_only=True),
    Kind.CHECK: _limits(3, 10),
    # Migrations and transfers take as long as they need, and the other database of a transfer as long as it needs.
    Kind.ALONE: _limits(None, 600),
}


class UnansweredCommitError(OperationalError):
    """The connection broke while the server's answer to COMMIT was awaited: it may have been carried out or not."""


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
            if why := _end_of(connection):
                # COMMIT would only learn that the connection is gone, which leaves open whether it was carried out.
                connection.invalidate()
                raise OperationalError("COMMIT", None, psycopg.OperationalError(why), connection_invalidated=True)
            _commit(connection)

    def _begun(self, limits: Limits) -> Connection:
        """Connect and begin. A connection that turns out to be dead is replaced: nothing has been done on it yet."""
        for attempt in range(2):
            connection = self.engine.connect().execution_options(**{_BEGIN: limits.begin})
            try:
                connection.begin()
            except DBAPIError as error:
                connection.close()
                # SQLAlchemy has replaced all others as well: when one is dead, they most likely are, too.
                if attempt or not error.connection_invalidated or self._watchdog.is_over:
                    raise
            else:
                break
        return connection

    def _run(self, job: Job[Any]) -> None:
        """Do a job as a transaction, and once more if the connection has ended and the server has rolled it back.

        That happens while this process stands still, since its machine is paused or far too busy, and when the server
        restarts or fails over. Nothing is begun again whose caller has been told that it failed.
        """
        try:
            super()._run(job)
        except DBAPIError as error:
            if not _may_be_done_again(job, error):
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


def _end_of(connection: Connection) -> str | None:
    """Return why the server has ended the connection, also if that has come since its last answer."""
    libpq = connection.connection.driver_connection.pgconn  # type: ignore[union-attr]
    try:
        libpq.consume_input()
        # It takes what was read apart, with which notices are heard.
        libpq.is_busy()
    except psycopg.Error as error:
        return str(error)
    why: str | None = connection.info.pop(_ENDED, None)
    return why


def _commit(connection: Connection) -> None:
    """Commit.

    Raises:
        UnansweredCommitError: The connection broke meanwhile.
        DBAPIError: The server refused.
    """
    try:
        connection.commit()
    except DBAPIError as error:
        if error.orig and error.connection_invalidated and _sqlstate(error.orig) != STOOD_STILL:
            raise UnansweredCommitError("COMMIT", None, error.orig, connection_invalidated=True) from error
        raise


def _may_be_done_again(job: Job[Any], error: DBAPIError) -> bool:
    """Tell whether a job is still wanted, and doing it again does nothing twice.

    That is so wherever the connection ended before COMMIT was sent, and for a question at any time.
    """
    if job.is_unwanted or job.kind not in _DONE_AGAIN or not error.connection_invalidated:
        return False
    return job.kind is Kind.READ or not isinstance(error, UnansweredCommitError)


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
    event.listen(engine, "connect", _hear)
    # Before SQLAlchemy's own listener, which asks a new connection about its server.
    event.listen(engine, "connect", watchdog.use, insert=True)
    event.listen(engine, "checkout", watchdog.use)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", _leave_standby)
    return engine


def _hear(connection: Any, record: ConnectionPoolEntry) -> None:
    """Note it when the server says that it ends the connection, while the driver does not wait for an answer.

    That happens if it comes together with the answer to the statement before. libpq calls it a notice then.
    """

    def note(told: errors.Diagnostic) -> None:
        # PgBouncer says it in one language only.
        if "FATAL" in {told.severity_nonlocalized, told.severity}:
            record.info[_ENDED] = told.message_primary

    connection.add_notice_handler(note)


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, LIMITS[Kind.ALONE].begin))


def _leave_standby(context: ExceptionContext) -> None:
    """Drop every connection to a server that takes no writes: after a failover it is a standby now."""
    if _sqlstate(context.original_exception) == READ_ONLY:
        context.is_disconnect = True


def _sqlstate(error: BaseException) -> str | None:
    return getattr(error, "sqlstate", None)

"""PostgreSQL: connection pools, timeouts, and the detection of connections that are gone."""

from __future__ import annotations

import ssl
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import asyncpg
from sqlalchemy import AsyncAdaptedQueuePool, Connection, event, text
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

_CONNECTS_WITHIN = 5.0
_WAITS_FOR_A_CONNECTION = 30.0
"""Seconds to wait for a free connection: when very many people press at once, the last of them wait."""

_PROBED_WITHIN = 3.0
_RESTED = 1.0
"""Seconds of rest after which a connection is tested before it is used. Testing it each time would double the round
trips of every statement."""

_RECYCLED = 1800
"""Seconds after which a connection is replaced: firewalls and proxies often drop older ones silently."""

_SERVER = {
    "application_name": "earthweek",
    # Queries are small or well indexed; compiling them costs more than it saves.
    "jit": "off",
    # A process that hangs in a transaction must not hold its rows for longer than this.
    "idle_in_transaction_session_timeout": "10s",
}

_ORDERED = {
    # Claims read an index in its own order. Right after planning, the statistics do not know the new rows yet, and
    # the server would collect and sort everything that is due for each claim.
    "enable_bitmapscan": "off",
}
"""Additional settings for interactions and claims."""

_KNOWN = frozenset({
    "host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "sslpassword", "sslnegotiation",
    "ssl_min_protocol_version", "ssl_max_protocol_version", "target_session_attrs", "application_name", "options",
})  # fmt: skip
"""Parameters that may follow the `?` in a URL."""

_LEFT_OUT = frozenset({"channel_binding", "gssencmode", "connect_timeout", "client_encoding"})
"""Parameters that URLs from hosting providers often have, and that asyncpg does not take. They are dropped."""

AUTOCOMMIT: dict[str, Any] = {"isolation_level": "AUTOCOMMIT"}
"""Options of a connection on which each statement is a transaction of its own."""

SNAPSHOT: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
"""Options of a connection that reads at one moment and never writes."""

_SCHEMA, _PERSON = 0x45570001, 0x45570002
"""First halves of the keys of advisory locks, so that other programs on the server use other keys."""


READ_ONLY = "25006"
"""SQLSTATE of a server that takes no writes (`read_only_sql_transaction`)."""

_DRIVER_ERRORS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""Errors of the driver. It raises the last of them when the server goes away during a query."""


def check(url: URL) -> None:
    """Check that the driver understands every parameter of a URL.

    Raises:
        ValueError: It says something unknown.
    """
    unknown = sorted(set(url.query) - _KNOWN - _LEFT_OUT)
    if unknown:
        raise ValueError(f"it says {unknown[0]}, which is not known here; leave it out")


@dataclass(frozen=True)
class PoolConfig:
    """A pool: its connections, the seconds that a statement may take, and settings for the server."""

    connections: int
    within: float | None
    settings: Mapping[str, str]


INTERACTIVE = PoolConfig(5, 15.0, _SERVER | _ORDERED)
"""For interactions and sending. One event loop keeps two or three connections busy. Ten processes, as many as Slack
connects to, stay below PostgreSQL's default of a hundred connections, those for counting included. After the timeout
the person is told that it did not work."""

COUNTING = PoolConfig(2, 120.0, _SERVER)
"""For counting a campaign, which takes seconds."""

READING = PoolConfig(1, 120.0, _SERVER | {"default_transaction_read_only": "on"})
"""For commands that only read."""

WITHOUT_TIMEOUT = PoolConfig(2, None, _SERVER)
"""For migrations and transfers, which take as long as they need."""


def open_engine(url: URL, way: PoolConfig) -> AsyncEngine:
    """Create an engine whose statements are cancelled when they exceed the pool's timeout."""
    engine = create_async_engine(
        url,
        async_creator=_connecting(url, way),
        poolclass=AsyncAdaptedQueuePool,
        pool_size=way.connections,
        max_overflow=0,
        pool_timeout=_WAITS_FOR_A_CONNECTION,
        pool_recycle=_RECYCLED,
        # Exceptions quote parameters, and these include what people wrote.
        hide_parameters=True,
    )
    event.listen(engine.sync_engine, "connect", _used)
    event.listen(engine.sync_engine, "checkin", _used)
    event.listen(engine.sync_engine, "checkout", _probe)
    event.listen(engine.sync_engine, "handle_error", _say_what_happened)
    return engine


def _connecting(url: URL, way: PoolConfig) -> Callable[[], Awaitable[Any]]:
    settings = {"timeout": _CONNECTS_WITHIN, "command_timeout": way.within, "server_settings": dict(way.settings)}
    address = _for_driver(url)

    async def connect() -> Any:
        try:
            return await asyncpg.connect(address, ssl=_authorities(url), **settings)
        except TimeoutError as error:
            raise ConnectionError(f"it does not answer within {_CONNECTS_WITHIN:.0f} seconds") from error
        except (*_DRIVER_ERRORS, ValueError) as error:
            raise ConnectionError(str(error)) from error

    return connect


def _for_driver(url: URL) -> str:
    """Return the URL in the form that the driver takes."""
    left_out = _LEFT_OUT | ({"sslmode", "sslrootcert"} if _authorities(url) else set())
    query = {name: value for name, value in url.query.items() if name not in left_out}
    return url.set(drivername="postgresql", query=query).render_as_string(hide_password=False)


def _authorities(url: URL) -> ssl.SSLContext | None:
    """Load the system's certificate authorities for `sslrootcert=system`, which the driver takes for a file name."""
    return ssl.create_default_context() if url.query.get("sslrootcert") == "system" else None


def _used(_connection: Any, record: Any) -> None:
    record.info["used"] = time.monotonic()


def _probe(connection: Any, record: Any, _proxy: Any) -> None:
    """Test a connection on checkout, and replace the whole pool if it is dead: the others most likely are, too."""
    rested = time.monotonic() - record.info["used"] > _RESTED
    try:
        if connection.driver_connection.is_closed():
            raise ConnectionError("the connection was closed")
        if rested:
            connection.run_async(lambda driver: driver.fetchval("SELECT 1", timeout=_PROBED_WITHIN))
    except (OSError, *_DRIVER_ERRORS) as error:
        raise InvalidatePoolError(str(error)) from error


def _say_what_happened(context: ExceptionContext) -> None:
    """Tell SQLAlchemy which errors make a connection unusable, beyond those it knows.

    1. After a timeout asyncpg's connection is in an unknown state, so this one is dropped and the pool stays.
    2. After a failover, old connections may lead to what is a standby now, so a server that takes no writes is left.
    """
    if isinstance(context.original_exception, TimeoutError):
        context.is_disconnect = True
        context.invalidate_pool_on_disconnect = False
        raise TimeoutError("the database took too long to answer") from context.original_exception
    if getattr(context.original_exception, "sqlstate", None) == READ_ONLY:
        context.is_disconnect = True


def lock_schema(connection: Connection) -> None:
    """Lock the schema against other processes until the transaction ends."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:about, 0)"), {"about": _SCHEMA})


def lock_person(connection: Connection, user: str) -> None:
    """Lock a person's rows against other changes until the transaction ends."""
    # An advisory lock also holds for people who have no row yet. Two users with one hash wait for each other: harmless.
    lock = text("SELECT pg_advisory_xact_lock(:about, hashtext(:user))")
    connection.execute(lock, {"about": _PERSON, "user": user})

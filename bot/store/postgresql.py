"""What is particular to PostgreSQL: how it is connected to, and how soon it is noticed that it is gone."""

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
"""Seconds: when very many press at once, the last of them wait, as they do on SQLite."""

_PROBED_WITHIN = 3.0
_RESTED = 1.0
"""Seconds after which a connection is asked for a sign of life before it is used. Asking each time would double the
way of every statement."""

_RECYCLED = 1800
"""Seconds after which a connection is replaced: what stands between often forgets those that are older."""

_SERVER = {
    "application_name": "earthweek",
    # What is asked is small or planned well; compiling it costs more than it saves.
    "jit": "off",
    # Whoever stops in the middle of something holds its rows no longer than this, and the others go on.
    "idle_in_transaction_session_timeout": "10s",
}

_ORDERED = {
    # What is claimed has an index in its order. Of rows that were planned a moment ago the server knows nothing yet:
    # it would fetch and sort all that is due for each claim.
    "enable_bitmapscan": "off",
}
"""What the server is told besides where people press and messages are claimed."""

_KNOWN = frozenset({
    "host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "sslpassword", "sslnegotiation",
    "ssl_min_protocol_version", "ssl_max_protocol_version", "target_session_attrs", "application_name", "options",
})  # fmt: skip
"""What may follow the `?` in an address."""

_LEFT_OUT = frozenset({"channel_binding", "gssencmode", "connect_timeout", "client_encoding"})
"""What addresses that are copied from a hosting often say, and the driver decides by itself."""

AUTOCOMMIT: dict[str, Any] = {"isolation_level": "AUTOCOMMIT"}
"""Options of a connection on which each statement is a transaction of its own."""

SNAPSHOT: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
"""Options of a connection that reads at one moment and never writes."""

_SCHEMA, _PERSON = 0x45570001, 0x45570002
"""What a lock of ours is about; the second half of its key says which one."""


READ_ONLY = "25006"
"""What the server says when it takes no writes."""

_DRIVER_ERRORS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What the driver raises; the last of them when the server leaves while something is being asked."""


def check(url: URL) -> None:
    """Whether the driver understands everything an address says.

    Raises:
        ValueError: It says something unknown.
    """
    unknown = sorted(set(url.query) - _KNOWN - _LEFT_OUT)
    if unknown:
        raise ValueError(f"it says {unknown[0]}, which is not known here; leave it out")


@dataclass(frozen=True)
class PoolConfig:
    """A way into the database: how many connections, how many seconds for a statement, and what the server is told."""

    connections: int
    within: float | None
    settings: Mapping[str, str]


INTERACTIVE = PoolConfig(5, 15.0, _SERVER | _ORDERED)
"""For presses and sending. One loop keeps two or three connections busy; and ten processes, which is as many as Slack
connects to, stay together with those for counting below the hundred that PostgreSQL allows at first. Whoever waits
longer for a statement is told that it did not work."""

COUNTING = PoolConfig(2, 120.0, _SERVER)
"""For counting, which takes seconds."""

READING = PoolConfig(1, 120.0, _SERVER | {"default_transaction_read_only": "on"})
"""For commands that only look."""

WITHOUT_TIMEOUT = PoolConfig(2, None, _SERVER)
"""For what takes as long as it takes, and nobody waits for."""


def open_engine(url: URL, way: PoolConfig) -> AsyncEngine:
    """An engine; a statement that takes longer than it may is given up."""
    engine = create_async_engine(
        url,
        async_creator=_connecting(url, way),
        poolclass=AsyncAdaptedQueuePool,
        pool_size=way.connections,
        max_overflow=0,
        pool_timeout=_WAITS_FOR_A_CONNECTION,
        pool_recycle=_RECYCLED,
        # What people wrote is among them, and exceptions quote them.
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
    """The address as the driver reads it."""
    left_out = _LEFT_OUT | ({"sslmode", "sslrootcert"} if _authorities(url) else set())
    query = {name: value for name, value in url.query.items() if name not in left_out}
    return url.set(drivername="postgresql", query=query).render_as_string(hide_password=False)


def _authorities(url: URL) -> ssl.SSLContext | None:
    """The machine's own certificate authorities, where the address asks for them: the driver looks for a file."""
    return ssl.create_default_context() if url.query.get("sslrootcert") == "system" else None


def _used(_connection: Any, record: Any) -> None:
    record.info["used"] = time.monotonic()


def _probe(connection: Any, record: Any, _proxy: Any) -> None:
    """Replace every connection when the one at hand gives no sign of life: the others are no better."""
    rested = time.monotonic() - record.info["used"] > _RESTED
    try:
        if connection.driver_connection.is_closed():
            raise ConnectionError("the connection was closed")
        if rested:
            connection.run_async(lambda driver: driver.fetchval("SELECT 1", timeout=_PROBED_WITHIN))
    except (OSError, *_DRIVER_ERRORS) as error:
        raise InvalidatePoolError(str(error)) from error


def _say_what_happened(context: ExceptionContext) -> None:
    """A statement that was given up has taken its connection with it; and whoever takes no writes any more is left.

    After a failover the connections of before may lead to what is a standby now, for as long as they are used.
    """
    if isinstance(context.original_exception, TimeoutError):
        context.is_disconnect = True
        context.invalidate_pool_on_disconnect = False
        raise TimeoutError("the database took too long to answer") from context.original_exception
    if getattr(context.original_exception, "sqlstate", None) == READ_ONLY:
        context.is_disconnect = True


def lock_schema(connection: Connection) -> None:
    """Wait until nobody else changes the schema, and let nobody else until the transaction ends."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:about, 0)"), {"about": _SCHEMA})


def lock_person(connection: Connection, user: str) -> None:
    """Wait until nobody else changes several rows of a person, and let nobody else until the transaction ends."""
    lock = text("SELECT pg_advisory_xact_lock(:about, hashtext(:user))")
    connection.execute(lock, {"about": _PERSON, "user": user})

"""What is particular to SQLite: one writer at a time, and how a transaction begins."""

from __future__ import annotations

from typing import Any

from sqlalchemy import AsyncAdaptedQueuePool, Connection, event
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

_BEGIN = "earthweek_begin"

SINGLE = {_BEGIN: None}
"""Options of a connection on which each statement is a transaction of its own: SQLite carries it out whole and commits
it by itself."""

SNAPSHOT = {_BEGIN: "BEGIN"}
"""Options of a connection that reads at one moment and never writes."""


def is_file(url: URL) -> bool:
    """Whether this is a database that other processes could open, too."""
    return url.get_backend_name() == "sqlite" and bool(url.database) and url.database != ":memory:"


def open_engine(url: URL) -> AsyncEngine:
    """An engine with one connection.

    SQLite takes one writer at a time. Waiting for the connection is fair and quick; two of them would take turns at
    sleeping until the other one is gone.
    """
    engine = create_async_engine(url, poolclass=AsyncAdaptedQueuePool, pool_size=1, max_overflow=0)
    event.listen(engine.sync_engine, "connect", _prepare)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    # The driver's own transaction handling is switched off: it begins too late and never IMMEDIATE.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    # A transaction that reads first and writes later could otherwise fail at the write.
    statement = connection.get_execution_options().get(_BEGIN, "BEGIN IMMEDIATE")
    if statement:
        connection.exec_driver_sql(statement)

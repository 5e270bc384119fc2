"""How fast due rows are claimed, and recorded as sent, with every write durable before it is said to be."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from sqlalchemy import delete, event

from benchmarks.figure import Benchmark, NotMeasured, Scale, Value
from benchmarks.postgresql import postgresql
from bot.campaign.schedule import Slot
from bot.database.database import Database
from bot.database.urls import open_database
from bot.delivery.rate_limit import RateLimiter
from bot.settings import Settings
from bot.store import tables
from bot.store.outbox import Changes, Entry, Outbox
from bot.store.schema import upgrade

_NOW = datetime(2027, 3, 15, 9, tzinfo=UTC)
_BATCH = 50
_LEASE = timedelta(minutes=10)
_MOST = 250
"""How many claims are timed: enough for a rate, while the backlog stays about what it was."""

_TURNS = 10
_REPLICAS = 3

_Work = Callable[[Database, Outbox], Awaitable[int]]


def run(scale: Scale) -> Sequence[Value]:
    """Claim rows one by one and in batches; and claim and record them, one after another and as the dispatcher does."""
    pace = RateLimiter(int(Settings.model_fields["earthweek_messages_per_minute"].default)).available(_NOW)
    with tempfile.TemporaryDirectory(prefix="earthweek-bench-") as folder:
        file = f"sqlite:///{folder}/bot.db"
        sqlite = asyncio.run(_measured("SQLite", file, scale.rows, pace))
        beside_sqlite = asyncio.run(_beside_bare("SQLite", file, scale.rows))
    with postgresql() as url:
        one = asyncio.run(_measured("PostgreSQL", url, scale.rows, pace))
        beside_postgresql = asyncio.run(_beside_bare("PostgreSQL", url, scale.rows))
        several = asyncio.run(_measured(f"PostgreSQL, {_REPLICAS} replicas", url, scale.rows, pace, _REPLICAS))
    return [*sqlite, *beside_sqlite, *one, *beside_postgresql, *several]


async def _beside_bare(where: str, url: str, rows: int) -> Sequence[Value]:
    """Claim one row at a time, in turns with the same statements through the bare driver on the same database."""
    async with _opened(url) as database:
        _refill(database, rows)
        outbox, (statement, values) = Outbox("ours", _LEASE), _claim_as_sent(database)
        with _bare(url) as claim:
            ours = theirs = 0.0
            for _ in range(_TURNS):
                started = time.perf_counter()
                for _ in range(_MOST // _TURNS):
                    await database.write(outbox.claim, _NOW, 1)
                between = time.perf_counter()
                for _ in range(_MOST // _TURNS):
                    claim(statement, values)
                ours, theirs = ours + between - started, theirs + time.perf_counter() - between
    return [
        Value(f"{where}: one row a claim through the bare driver", _MOST / theirs, "rows/s"),
        Value(f"{where}: one row a claim, to the bare driver's", theirs / ours, "times"),
    ]


def _claim_as_sent(database: Database) -> tuple[str, Any]:
    """Make one claim, and return the statement and the values that the driver got."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
        sent.append((statement, values))

    event.listen(database.engine, "before_cursor_execute", note)
    with database.transaction() as connection:
        Outbox("bare", _LEASE).claim(connection, _NOW, 1)
    event.remove(database.engine, "before_cursor_execute", note)
    return next((statement, values) for statement, values in sent if statement.startswith(("UPDATE", "WITH")))


@contextmanager
def _bare(url: str) -> Iterator[Callable[[str, Any], object]]:
    """Yield a function that carries out one statement as a transaction, on a connection of the driver."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as file:
            file.execute("PRAGMA synchronous = FULL")
            yield lambda statement, values: _transaction(file, statement, values)
    else:
        with psycopg.connect(url, autocommit=True) as server:
            yield lambda statement, values: _transaction(server, statement, values)


def _transaction(connection: Any, statement: str, values: Any) -> None:
    connection.execute("BEGIN IMMEDIATE" if isinstance(connection, sqlite3.Connection) else "BEGIN")
    connection.execute(statement, values).fetchall()
    connection.execute("COMMIT")


async def _measured(where: str, url: str, rows: int, pace: int, replicas: int = 1) -> Sequence[Value]:
    works = {
        f"one row a claim, {rows:,} due": _claiming(1),
        f"{pace} rows a claim (the dispatcher's most)": _claiming(pace),
        f"{_BATCH} rows a claim": _claiming(_BATCH),
        "claim one and record it as sent": _cycling(1),
        f"claim {pace} and record them at once": _cycling(pace),
    }
    return [Value(f"{where}: {what}", await _rate(url, rows, work, replicas), "rows/s") for what, work in works.items()]


async def _rate(url: str, rows: int, work: _Work, replicas: int) -> float:
    """Each replica has connections of its own; all of them run on one loop."""
    async with AsyncExitStack() as stack:
        databases = [await stack.enter_async_context(_opened(url)) for _ in range(replicas)]
        outboxes = [Outbox(f"replica {number}", _LEASE) for number in range(replicas)]
        _refill(databases[0], rows)
        started = time.perf_counter()
        done = sum(await asyncio.gather(*map(work, databases, outboxes)))
        seconds = time.perf_counter() - started
    if not done:
        raise NotMeasured("nothing could be claimed")
    return done / seconds


def _refill(database: Database, rows: int) -> None:
    """Make so many rows due, and no others."""
    with database.transaction() as connection:
        connection.execute(delete(tables.outbox))
        Outbox("nobody", _LEASE).apply(connection, Changes(add=[_line(number, rows) for number in range(rows)]), _NOW)


@asynccontextmanager
async def _opened(url: str) -> AsyncIterator[Database]:
    database = open_database(url)
    try:
        await upgrade(database)
        yield database
    finally:
        await database.close()


def _line(number: int, rows: int) -> Slot:
    """A row for a recipient of its own, due a millisecond after the one before it."""
    due_at = _NOW - timedelta(milliseconds=rows - number)
    return Slot(
        campaign="a-benchmark",
        post="post",
        audience="joined",
        recipient=f"U0BENCH{number:05d}",
        local_date=_NOW.date(),
        kind="note",
        country="SE",
        language="en",
        zone="UTC",
        local=due_at.replace(tzinfo=None),
        due_at=due_at,
        expires_at=_NOW + timedelta(hours=1),
    )


def _claiming(limit: int) -> _Work:
    async def work(database: Database, outbox: Outbox) -> int:
        return sum([len(claimed) async for claimed in _claims(database, outbox, limit)])

    return work


def _cycling(limit: int) -> _Work:
    async def work(database: Database, outbox: Outbox) -> int:
        done = 0
        async for claimed in _claims(database, outbox, limit):
            await asyncio.gather(*(_record(database, outbox, row) for row in claimed))
            done += len(claimed)
        return done

    return work


async def _claims(database: Database, outbox: Outbox, limit: int) -> AsyncIterator[list[Entry]]:
    for _ in range(_MOST):
        claimed = await database.write(outbox.claim, _NOW, limit)
        if not claimed:
            return
        yield claimed


async def _record(database: Database, outbox: Outbox, row: Entry) -> None:
    await database.write(outbox.mark_sent, row.id, "C0BENCH", "1.000001", _NOW)


CLAIMS = Benchmark("claims", run)

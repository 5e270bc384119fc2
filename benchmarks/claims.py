"""How fast due rows are claimed, and recorded as sent, with every write durable before the next."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

from benchmarks.database import fresh_database
from benchmarks.figure import Benchmark, NotMeasured, Scale, Value
from bot.delivery.pace import Pace
from bot.settings import Settings
from bot.store.outbox import Changes, Line, Outbox, Row

_NOW = datetime(2027, 3, 15, 9, tzinfo=UTC)
_BATCH = 50
_MOST = 250
"""How many claims are timed: enough for a rate, while the backlog stays about what it was."""

_Work = Callable[[Outbox], Awaitable[int]]


def run(scale: Scale) -> Sequence[Value]:
    """Claim rows one by one and in batches; and claim and record them, one after another and as the dispatcher does."""
    return asyncio.run(_run(scale.rows))


async def _run(rows: int) -> Sequence[Value]:
    pace = Pace(int(Settings.model_fields["earthweek_messages_per_minute"].default)).room(_NOW)
    return [
        Value(f"one row a claim, {rows:,} due", await _rate(rows, _claiming(1)), "claims/s"),
        Value(f"{pace} rows a claim (the dispatcher's most)", await _rate(rows, _claiming(pace)), "rows/s"),
        Value(f"{_BATCH} rows a claim", await _rate(rows, _claiming(_BATCH)), "rows/s"),
        Value("claim one and record it as sent", await _rate(rows, _cycling(1)), "rows/s"),
        Value(f"claim {pace} and record them at once", await _rate(rows, _cycling(pace)), "rows/s"),
    ]


async def _rate(rows: int, work: _Work) -> float:
    async with fresh_database() as engine:
        outbox = Outbox(engine, "benchmark", timedelta(minutes=10))
        await outbox.apply(Changes(add=[_line(number, rows) for number in range(rows)]), _NOW)
        started = time.perf_counter()
        done = await work(outbox)
        seconds = time.perf_counter() - started
    if not done:
        raise NotMeasured("nothing could be claimed")
    return done / seconds


def _line(number: int, rows: int) -> Line:
    """A row for a recipient of its own, due a millisecond after the one before it."""
    due_at = _NOW - timedelta(milliseconds=rows - number)
    return Line(
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
        late_until=_NOW + timedelta(hours=1),
    )


def _claiming(limit: int) -> _Work:
    async def work(outbox: Outbox) -> int:
        return sum([len(claimed) async for claimed in _claims(outbox, limit)])

    return work


def _cycling(limit: int) -> _Work:
    async def work(outbox: Outbox) -> int:
        done = 0
        async for claimed in _claims(outbox, limit):
            await asyncio.gather(*(_record(outbox, row) for row in claimed))
            done += len(claimed)
        return done

    return work


async def _claims(outbox: Outbox, limit: int) -> AsyncIterator[list[Row]]:
    for _ in range(_MOST):
        claimed = await outbox.claim(_NOW, limit)
        if not claimed:
            return
        yield claimed


async def _record(outbox: Outbox, row: Row) -> None:
    await outbox.sent(row.id, "C0BENCH", "1.000001", _NOW)


CLAIMS = Benchmark("claims", run)

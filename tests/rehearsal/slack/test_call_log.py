from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from rehearsal.slack.call_log import Call, CallLog

AT = datetime(2027, 3, 15, tzinfo=UTC)


def test_refusals_are_counted_by_their_word() -> None:
    log = CallLog()
    for error in (None, "ratelimited", "ratelimited"):
        log.record(Call("chat.postMessage", AT, error is None, error))
    assert log.errors == {"ratelimited": 2}
    assert len(log.calls) == 3


async def test_waiting_ends_with_the_awaited_call() -> None:
    log = CallLog()
    waiting = asyncio.create_task(log.until(lambda: len(log.calls) == 2, within=5))
    for _ in range(2):
        await asyncio.sleep(0)
        log.record(Call("api.test", AT, ok=True, error=None))
    await waiting


async def test_waiting_in_vain_ends_with_an_error() -> None:
    with pytest.raises(TimeoutError):
        await CallLog().until(lambda: False, within=0.01)

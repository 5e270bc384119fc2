"""The machine's clock."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import Clock, SystemClock


def test_now_is_between_before_and_after() -> None:
    clock: Clock = SystemClock()
    before, now, after = datetime.now(UTC), clock.now(), datetime.now(UTC)
    assert before <= now <= after


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "America/St_Johns", "UTC"])
def test_now_is_utc_wherever_the_machine_is(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        before, now, after = time.time(), SystemClock().now(), time.time()
        assert now.utcoffset() == timedelta(0)
        assert before <= now.timestamp() <= after
    finally:
        monkeypatch.undo()
        time.tzset()


def test_time_of_the_machine_passes_by_itself() -> None:
    assert not SystemClock().is_manual

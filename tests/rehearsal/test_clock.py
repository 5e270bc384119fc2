"""The clock of a rehearsal, which stands still until it is turned."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from rehearsal.clock import VirtualClock

START = datetime(2027, 3, 27, 22, tzinfo=UTC)
MOMENTS = st.lists(st.integers(-600, 600).map(lambda minutes: START + timedelta(minutes=minutes)))


def test_time_passes_only_when_the_clock_is_turned() -> None:
    clock = VirtualClock(START)
    assert clock.is_manual
    assert [clock.now(), clock.now()] == [START, START]
    clock.turn_to(START + timedelta(hours=3))
    assert clock.now() == START + timedelta(hours=3)


@given(MOMENTS)
def test_clock_never_runs_backwards(moments: list[datetime]) -> None:
    clock = VirtualClock(START)
    seen = []
    for moment in moments:
        clock.turn_to(moment)
        seen.append(clock.now())
    assert seen == [*accumulate([START, *moments], max)][1:]

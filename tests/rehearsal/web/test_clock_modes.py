from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.web.clock_modes import SPEEDS, FastForward, Paused, Playing

NOON = datetime(2027, 3, 17, 12, tzinfo=UTC)
END = NOON + timedelta(days=10)


def test_a_clock_that_is_paused_goes_nowhere() -> None:
    assert Paused().horizon(NOON, 1e9) == NOON
    assert Paused().is_done(NOON)
    assert Paused().resumed(NOON, 5) == Paused()


@pytest.mark.parametrize("speed", [speed for speed, _ in SPEEDS if speed])
def test_playing_clock_multiplies_real_time_by_its_speed(speed: int) -> None:
    assert Playing(speed, NOON, 100.0, END).horizon(NOON, 102.0) == NOON + timedelta(seconds=2 * speed)


def test_unlimited_speed_runs_to_end() -> None:
    assert Playing(None, NOON, 0.0, END).horizon(NOON, 0.0) == END


def test_nothing_is_played_after_the_end() -> None:
    playing = Playing(3600, NOON, 0.0, END)
    assert playing.horizon(NOON, 1e6) == END
    assert playing.is_done(END)
    assert not playing.is_done(END - timedelta(seconds=1))


@given(st.floats(0, 1e4), st.floats(0, 1e4))
def test_held_clock_does_not_catch_up_afterwards(began: float, later: float) -> None:
    held = Playing(600, NOON, began, END).resumed(NOON, began + later)
    assert held.horizon(NOON, began + later) == NOON


def test_a_clock_that_runs_stops_at_its_target() -> None:
    running = FastForward(NOON)
    assert running.horizon(NOON - timedelta(days=1), 0.0) == NOON
    assert not running.is_done(NOON - timedelta(seconds=1))
    assert running.is_done(NOON)
    assert running.resumed(NOON, 7.0) == running

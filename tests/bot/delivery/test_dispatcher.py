from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.dispatcher import retry_delay

WAITED = st.timedeltas(timedelta(days=-2), timedelta(days=30))


@given(WAITED)
def test_retry_delay_is_between_seconds_and_a_minute(overdue: timedelta) -> None:
    assert timedelta(seconds=2) <= retry_delay(overdue) <= timedelta(minutes=1)


@given(WAITED, WAITED)
def test_who_has_waited_longer_is_tried_no_sooner(one: timedelta, other: timedelta) -> None:
    shorter, longer = sorted((one, other))
    assert retry_delay(shorter) <= retry_delay(longer)


def test_retry_delay_is_half_the_time_already_waited() -> None:
    assert retry_delay(timedelta(seconds=20)) == timedelta(seconds=10)


def test_a_day_of_trying_is_no_flood() -> None:
    passed, tries = timedelta(0), 0
    while passed < timedelta(days=1):
        passed += retry_delay(passed)
        tries += 1
    assert tries < 24 * 60 + 20

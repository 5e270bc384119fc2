"""When figures are taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.campaign.model import Company
from bot.standings.register import next_at, set_times

from .worlds import campaign, country

SPRING = replace(campaign(country("SE")), opens=date(2027, 3, 26), closes=date(2027, 3, 29))


def test_figures_are_taken_at_noon_on_every_day_of_the_campaign() -> None:
    times = list(set_times(SPRING))
    assert [each.date() for each in times] == [date(2027, 3, day) for day in (26, 27, 28, 29)]
    # Clocks change on the 28th.
    assert [each.hour for each in times] == [11, 11, 10, 10]


def test_noon_is_the_companys_noon() -> None:
    of = replace(SPRING, company=Company(channel="all", language="en", zone="Europe/London"))
    assert next(set_times(of)) == datetime(2027, 3, 26, 12, tzinfo=UTC)


def test_the_next_set_time_comes_strictly_after() -> None:
    first, second, *_, last = set_times(SPRING)
    assert next_at(SPRING, first - timedelta(days=30)) == first
    assert next_at(SPRING, first - timedelta(microseconds=1)) == first
    assert next_at(SPRING, first) == second
    assert next_at(SPRING, last) is None

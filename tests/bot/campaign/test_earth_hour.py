from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from dateutil.easter import easter

from bot.campaign.earth_hour import HELD, Origin, by_rule, settle

# As announced by the organisers, year by year.
KNOWN = """
    2007-03-31 2008-03-29 2009-03-28 2010-03-27 2011-03-26 2012-03-31 2013-03-23 2014-03-29 2015-03-28 2016-03-19
    2017-03-25 2018-03-24 2019-03-30 2020-03-28 2021-03-27 2022-03-26 2023-03-25 2024-03-23 2025-03-22 2026-03-28
"""
COMING = "2027-03-20 2028-03-25 2029-03-24 2030-03-30 2031-03-29 2032-03-20"
HELD_DAYS = [date.fromisoformat(day) for day in KNOWN.split()]
COMING_DAYS = [date.fromisoformat(day) for day in COMING.split()]


def test_known_dates_match_when_it_was_held() -> None:
    assert list(HELD.values()) == HELD_DAYS
    assert [day.year for day in HELD_DAYS] == list(HELD)


@pytest.mark.parametrize("day", [day for day in HELD_DAYS if day.year != 2025], ids=str)
def test_rule_gives_date_it_was_held(day: date) -> None:
    assert by_rule(day.year) == day


def test_2025_broke_the_rule() -> None:
    assert by_rule(2025) == date(2025, 3, 29)
    assert settle(2025).day == date(2025, 3, 22)


@pytest.mark.parametrize("day", COMING_DAYS, ids=str)
def test_the_rule_gives_the_dates_that_are_predicted(day: date) -> None:
    assert by_rule(day.year) == day


@pytest.mark.parametrize("year", range(2007, 2100))
def test_rule_gives_late_march_saturday_never_before_easter(year: int) -> None:
    day = by_rule(year)
    assert day.weekday() == 5
    assert date(year, 3, 18) <= day <= date(year, 3, 31)
    assert day + timedelta(days=1) != easter(year)


def test_own_date_overrides_known_date_overrides_rule() -> None:
    own = settle(2025, date(2025, 4, 5))
    known = settle(2025)
    rule = settle(2027)
    assert [(each.day, each.origin) for each in (own, known, rule)] == [
        (date(2025, 4, 5), Origin.CAMPAIGN),
        (date(2025, 3, 22), Origin.KNOWN),
        (date(2027, 3, 20), Origin.RULE),
    ]


def test_only_date_from_rule_is_unconfirmed() -> None:
    assert settle(2027, date(2027, 3, 20)).confirmed
    assert settle(2026).confirmed
    assert not settle(2027).confirmed
    assert not settle(2027, date(2027, 3, 20), is_example=True).confirmed


def test_start_is_half_past_eight_unless_campaign_differs() -> None:
    assert settle(2027).starts == time(20, 30)
    assert settle(2027, starts=time(19, 30)).starts == time(19, 30)

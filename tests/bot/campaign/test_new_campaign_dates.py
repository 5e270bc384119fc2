"""Days in another year. The calendars of the years are written out here, so that they do not come from the code."""

from __future__ import annotations

from datetime import date

import pytest

from bot.campaign.earth_hour import settle
from bot.campaign.new_campaign_dates import MovedDays, published_on_earth_day


def moved_to(year: int) -> MovedDays:
    """The days of the week of 2027, in another year."""
    return MovedDays(date(2027, 3, 15), date(2027, 3, 20), date(2027, 3, 20), settle(year).day)


@pytest.mark.parametrize(
    ("year", "monday", "invitation", "asked_again"),
    [
        (2028, date(2028, 3, 20), date(2028, 3, 17), date(2028, 4, 10)),
        (2029, date(2029, 3, 19), date(2029, 3, 16), date(2029, 4, 9)),
        (2030, date(2030, 3, 25), date(2030, 3, 22), date(2030, 4, 15)),
        (2032, date(2032, 3, 15), date(2032, 3, 12), date(2032, 4, 5)),
    ],
)
def test_days_move_with_earth_hour(year: int, monday: date, invitation: date, asked_again: date) -> None:
    days = moved_to(year)
    assert days.moved(date(2027, 3, 15)) == monday
    assert days.moved(date(2027, 3, 12)) == invitation
    assert days.moved(date(2027, 4, 5)) == asked_again


@pytest.mark.parametrize(
    ("year", "day"),
    [
        (2027, date(2027, 4, 22)),  # a Thursday
        (2028, date(2028, 4, 21)),  # the 22nd is a Saturday
        (2029, date(2029, 4, 23)),  # a Sunday
        (2030, date(2030, 4, 23)),  # Easter Monday
        (2011, date(2011, 4, 26)),  # Good Friday
    ],
)
def test_earth_day_is_nearest_working_day(year: int, day: date) -> None:
    assert published_on_earth_day(year) == day
    assert moved_to(year).moved(date(2027, 4, 22)) == day


@pytest.mark.parametrize(
    ("year", "closes"),
    [(2027, date(2027, 4, 22)), (2028, date(2028, 4, 22)), (2029, date(2029, 4, 23)), (2030, date(2030, 4, 23))],
)
def test_campaign_closes_no_earlier_than_earth_day(year: int, closes: date) -> None:
    assert moved_to(year).moved_closing(date(2027, 4, 22)) == closes
    assert moved_to(2028).moved_closing(date(2027, 4, 6)) == date(2028, 4, 11)


def test_results_that_were_moved_come_back_to_earth_day() -> None:
    days = MovedDays(date(2028, 3, 20), date(2028, 3, 25), date(2028, 3, 25), settle(2033).day)
    assert days.moved(date(2028, 4, 21)) == date(2033, 4, 22)


def test_what_comes_after_the_week_waits_until_easter_is_over() -> None:
    days = MovedDays(date(2027, 3, 15), date(2027, 3, 20), date(2027, 3, 20), settle(2028).day)
    # In 2028 from Maundy Thursday, 13 April, to Easter Monday, 17 April.
    assert days.moved(date(2027, 4, 7)) == date(2028, 4, 12)
    for before in (date(2027, 4, 8), date(2027, 4, 9), date(2027, 4, 12)):
        assert days.moved(before) == date(2028, 4, 18)
    assert days.moved(date(2027, 4, 13)) == date(2028, 4, 18)


def test_what_comes_before_the_week_is_early_at_easter() -> None:
    # In 2035 the Friday before the week is Good Friday, and its Monday is Easter Monday.
    days = moved_to(2035)
    assert days.moved(date(2027, 3, 12)) == date(2035, 3, 21)
    assert [days.moved(date(2027, 3, day)) for day in (15, 16)] == [date(2035, 3, 26), date(2035, 3, 27)]


def test_earth_hour_of_another_weekday_moves_no_weekday() -> None:
    days = MovedDays(date(2027, 3, 15), date(2027, 3, 20), date(2027, 3, 19), settle(2028).day)
    assert days.moved(date(2027, 3, 15)).weekday() == 0


def test_days_stay_in_the_same_year() -> None:
    days = MovedDays(date(2027, 3, 15), date(2027, 3, 20), date(2027, 3, 20), date(2027, 3, 20))
    for day in (date(2027, 3, 15), date(2027, 3, 29), date(2027, 4, 22)):
        assert days.moved(day) == day

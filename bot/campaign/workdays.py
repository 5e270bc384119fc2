"""Which days and hours people work, country by country."""

from __future__ import annotations

from datetime import date, time, timedelta
from functools import lru_cache

import holidays

_WEEKEND = frozenset({5, 6})

FIRST_HOUR, LAST_HOUR = time(8), time(17)
"""Local times between which nobody is disturbed who has not asked for another time."""


def known(country: str) -> bool:
    """Whether the public holidays of a country (ISO 3166 code) are known."""
    return country in holidays.list_supported_countries(include_aliases=False)


@lru_cache(maxsize=512)
def _calendar(country: str, year: int) -> holidays.HolidayBase:
    return holidays.country_holidays(country, years=year)


def is_working_day(day: date, country: str | None) -> bool:
    """Whether a country works on a day; where its holidays are not known, Monday to Friday."""
    if country is None or not known(country):
        return day.weekday() not in _WEEKEND
    return _calendar(country, day.year).is_working_day(day)


def first_working_day(day: date, country: str | None) -> date:
    """The day itself when the country works on it, otherwise the next one on which it does."""
    while not is_working_day(day, country):
        day += timedelta(days=1)
    return day


def reminded_at(at: time, *, any_hour: bool) -> time:
    """The local time of a reminder: within working hours unless the person wants it otherwise."""
    return at if any_hour else min(max(at, FIRST_HOUR), LAST_HOUR)

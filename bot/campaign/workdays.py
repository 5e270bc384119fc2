"""Working days and hours, country by country."""

from __future__ import annotations

from datetime import date, time, timedelta
from functools import lru_cache

import holidays

_WEEKEND = frozenset({5, 6})

FIRST_HOUR, LAST_HOUR = time(8), time(17)
"""The local times between which reminders and notifications are sent, unless somebody asked for another time."""


def known(country: str) -> bool:
    """Return whether the public holidays of a country (ISO 3166 code) are known."""
    # Aliases such as UK are no ISO codes.
    return country in holidays.list_supported_countries(include_aliases=False)


# Computing the holidays of a year is slow, and planning asks about many days of few years.
@lru_cache(maxsize=512)
def _calendar(country: str, year: int) -> holidays.HolidayBase:
    return holidays.country_holidays(country, years=year)


def is_working_day(day: date, country: str | None) -> bool:
    """Return whether a day is a working day in a country: Monday to Friday where its holidays are not known."""
    if country is None or not known(country):
        return day.weekday() not in _WEEKEND
    # The calendar knows the weekend of the country, which is not Saturday and Sunday everywhere.
    return _calendar(country, day.year).is_working_day(day)


def first_working_day(day: date, country: str | None) -> date:
    """Return the day itself if it is a working day in the country, otherwise the next one."""
    while not is_working_day(day, country):
        day += timedelta(days=1)
    return day


def working_days_before(day: date, number: int, country: str | None) -> date:
    """Return the day that is so many working days before another one."""
    while number:
        day -= timedelta(days=1)
        number -= is_working_day(day, country)
    return day


def reminded_at(at: time, *, any_hour: bool) -> time:
    """Return the local time of a reminder, moved into working hours unless `any_hour` is set."""
    return at if any_hour else min(max(at, FIRST_HOUR), LAST_HOUR)

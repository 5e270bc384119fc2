"""Days of a campaign in another year: they move with Earth Hour, keep clear of Easter, and Earth Day stays.

Example: the check-in of Monday 5 April 2027 is 16 days after Earth Hour (20 March). In 2028 Earth Hour is on 25 March,
so it moves to Monday 10 April. Results of Earth Day 2027, a Thursday, come on Friday 21 April 2028, since the 22nd is a
Saturday.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.easter import easter

_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)
_SATURDAY, _SUNDAY = 5, 6


@dataclass(frozen=True)
class MovedDays:
    """The days of a week, and Earth Hour in the year they were planned for and in the year they move to."""

    first_day: date
    last_day: date
    earth_hour: date
    next_earth_hour: date

    def moved(self, day: date) -> date:
        """Return the day in the other year. It keeps its day of the week, unless Easter or Earth Day is in the way."""
        if self.next_earth_hour.year == self.earth_hour.year:
            return day
        if day in {earth_day(day.year), published_on_earth_day(day.year)}:
            return published_on_earth_day(self._year_of(day))
        return self._clear_of_easter(day, self._with_earth_hour(day))

    def moved_closing(self, day: date) -> date:
        """Return the last day of the campaign, which Earth Day may be even on a weekend."""
        moved = self.moved(day)
        return max(moved, earth_day(moved.year)) if day == earth_day(day.year) else moved

    def _year_of(self, day: date) -> int:
        return day.year + self.next_earth_hour.year - self.earth_hour.year

    def _with_earth_hour(self, day: date) -> date:
        # A company's own Earth Hour may be on another day of the week, and posts keep theirs.
        return day + _WEEK * round((self.next_earth_hour - self.earth_hour) / _WEEK)

    def _clear_of_easter(self, before: date, moved: date) -> date:
        # Days of the week itself belong together. `check` says where one is a holiday.
        if self.first_day <= before <= self.last_day or not _is_easter(moved):
            return moved
        if before < self.first_day:
            return easter(moved.year) - 4 * _DAY
        return _after_easter(moved.year)


def published_on_earth_day(year: int) -> date:
    """Return the working day for what belongs to Earth Day: 22 April, or the nearest one to it."""
    day = earth_day(year)
    if day.weekday() == _SATURDAY:
        day -= _DAY
    elif day.weekday() == _SUNDAY:
        day += _DAY
    return _after_easter(year) if _is_easter(day) else day


def earth_day(year: int) -> date:
    """Return Earth Day of a year."""
    return date(year, 4, 22)


def _is_easter(day: date) -> bool:
    """Return whether a day is between Maundy Thursday and Easter Monday, when many countries are on holiday."""
    return -3 * _DAY <= day - easter(day.year) <= _DAY


def _after_easter(year: int) -> date:
    return easter(year) + 2 * _DAY

"""The date of Earth Hour: the campaign's own, else a known one, else by the rule.

It runs from 20:30 to 21:30 local time in every zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from dateutil.easter import easter

from bot.campaign.localtime import instant

HELD = {
    day.year: day
    for day in (
        date(2007, 3, 31),
        date(2008, 3, 29),
        date(2009, 3, 28),
        date(2010, 3, 27),
        date(2011, 3, 26),
        date(2012, 3, 31),
        date(2013, 3, 23),
        date(2014, 3, 29),
        date(2015, 3, 28),
        date(2016, 3, 19),
        date(2017, 3, 25),
        date(2018, 3, 24),
        date(2019, 3, 30),
        date(2020, 3, 28),
        date(2021, 3, 27),
        date(2022, 3, 26),
        date(2023, 3, 25),
        date(2024, 3, 23),
        date(2025, 3, 22),
        date(2026, 3, 28),
    )
}
"""The dates on which it was held, as announced by its organisers (earthhour.org). 2025 departed from the rule."""

STARTS = time(20, 30)
LASTS = timedelta(hours=1)

_SATURDAY = 5


class Origin(StrEnum):
    """The source of a date."""

    CAMPAIGN = "campaign"
    EXAMPLE = "example"
    KNOWN = "known"
    RULE = "rule"


@dataclass(frozen=True)
class EarthHour:
    """Earth Hour as a local date and a local time, which are the same in every zone."""

    day: date
    starts: time = STARTS
    origin: Origin = Origin.CAMPAIGN

    @property
    def confirmed(self) -> bool:
        """True if somebody announced or decided the date; False if it comes from the rule or from an example."""
        return self.origin not in {Origin.RULE, Origin.EXAMPLE}

    def begins(self, zone: str) -> datetime:
        """Return the instant (UTC) at which it begins in a zone."""
        return instant(datetime.combine(self.day, self.starts), zone)

    def ends(self, zone: str) -> datetime:
        """Return the instant (UTC) at which it is over in a zone."""
        # An hour of real time, not 21:30 on the clock: they differ where clocks change that evening.
        return self.begins(zone) + LASTS


def by_rule(year: int) -> date:
    """Return the last Saturday of March, or one week earlier if that is Holy Saturday (the day before Easter)."""
    last = date(year, 3, 31)
    last -= timedelta(days=(last.weekday() - _SATURDAY) % 7)
    return last - timedelta(weeks=1) if last == easter(year) - timedelta(days=1) else last


def settle(year: int, own: date | None = None, starts: time | None = None, *, is_example: bool = False) -> EarthHour:
    """Decide on the date: the campaign's own, else the known one of that year, else by the rule.

    The campaign's own date counts as decided only once it is no longer marked as an example.
    """
    starts = starts or STARTS
    if own is not None:
        return EarthHour(own, starts, Origin.EXAMPLE if is_example else Origin.CAMPAIGN)
    if year in HELD:
        return EarthHour(HELD[year], starts, Origin.KNOWN)
    return EarthHour(by_rule(year), starts, Origin.RULE)

"""Until when a post is still worth sending."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.campaign.earth_hour import EarthHour
from bot.campaign.localtime import end_of_day, instant


@dataclass(frozen=True)
class EndOfDay:
    """Until midnight where the reader is."""


@dataclass(frozen=True)
class After:
    """For a while after its time."""

    length: timedelta


@dataclass(frozen=True)
class UntilEarthHour:
    """Until Earth Hour starts where the reader is; on any other day, until midnight."""


@dataclass(frozen=True)
class Until:
    """Until a local time that day, or a local date and time."""

    moment: time | datetime


Deadline = EndOfDay | After | UntilEarthHour | Until


def expiry(rule: Deadline, local: datetime, due_at: datetime, zone: str, earth_hour: EarthHour) -> datetime:
    """The instant (UTC) from which a post that was due at wall time `local` in `zone` is too late."""
    match rule:
        case After(length):
            return due_at + length
        case Until(datetime() as moment):
            return instant(moment, zone)
        case Until(time() as moment):
            return instant(datetime.combine(local.date(), moment), zone)
        case UntilEarthHour() if local.date() == earth_hour.day:
            return earth_hour.begins(zone)
        case _:
            return end_of_day(local.date(), zone)

"""Deadlines: the instants after which a post is no longer worth sending."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.campaign.earth_hour import EarthHour
from bot.campaign.localtime import end_of_day, instant


@dataclass(frozen=True)
class EndOfDay:
    """A deadline at midnight in the reader's zone."""


@dataclass(frozen=True)
class After:
    """A deadline some time after the post is due."""

    length: timedelta


@dataclass(frozen=True)
class UntilEarthHour:
    """A deadline at the start of Earth Hour in the reader's zone; on any other day, at midnight."""


@dataclass(frozen=True)
class Until:
    """A deadline at a local time on the same day, or at a local date and time."""

    moment: time | datetime


Deadline = EndOfDay | After | UntilEarthHour | Until


def expiry(rule: Deadline, local: datetime, due_at: datetime, zone: str, earth_hour: EarthHour) -> datetime:
    """Compute the instant (UTC) from which a post that was due at wall time `local` in `zone` is too late."""
    match rule:
        # Real time: an hour after 01:30 is an hour, also where clocks change at 02:00.
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

"""Conversion between wall time and instants, and the only place that deals with gaps and overlaps of clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_SECOND = timedelta(seconds=1)


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """Return the IANA zone of that name.

    Raises:
        ValueError: There is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"there is no time zone {name!r}") from error


def known_zone(name: str | None) -> str | None:
    """Return a zone's name as Slack gave it, or None if there is no such zone."""
    try:
        return name if name and zone(name) else None
    except ValueError:
        return None


def instant(local: datetime, zone_name: str) -> datetime:
    """Return the UTC instant at which clocks in a zone show `local` (naive).

    A time that clocks skip becomes the first instant after the gap; one that they show twice means the first time.
    """
    tz = zone(zone_name)
    early = local.replace(tzinfo=tz, fold=0).astimezone(UTC)
    # Converting there and back changes a time only if it is in a gap.
    if early.astimezone(tz).replace(tzinfo=None) == local:
        return early
    # In a gap, fold=1 takes the offset after it, which gives an instant before it (PEP 495).
    before = local.replace(tzinfo=tz, fold=1).astimezone(UTC)
    return _transition(before, early, tz)


def _transition(before: datetime, after: datetime, tz: ZoneInfo) -> datetime:
    """Find the first instant in (before, after] with the offset that `after` has, by bisection."""
    # zoneinfo does not expose the transitions themselves.
    offset = after.astimezone(tz).utcoffset()
    while after - before > _SECOND:
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle <= before:
            break
        if middle.astimezone(tz).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after


def end_of_day(day: date, zone_name: str) -> datetime:
    """Return the UTC instant at which the next local day begins."""
    # Not `day` plus 24 hours: a day has 23 or 25 where clocks change, and may begin at 01:00.
    return instant(datetime.combine(day + timedelta(days=1), time.min), zone_name)


def local(moment: datetime, zone_name: str) -> datetime:
    """Return what clocks in a zone show at an instant, as a naive datetime."""
    return moment.astimezone(zone(zone_name)).replace(tzinfo=None)

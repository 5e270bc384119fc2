"""From wall time to the instant it means, and back: the only place that knows about gaps and overlaps."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_SECOND = timedelta(seconds=1)


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """The IANA zone of that name.

    Raises:
        ValueError: There is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"there is no time zone {name!r}") from error


def known_zone(name: str | None) -> str | None:
    """The name of a zone as Slack gives it, where it is one."""
    try:
        return name if name and zone(name) else None
    except ValueError:
        return None


def instant(local: datetime, zone_name: str) -> datetime:
    """The UTC instant at which a clock on the wall in that zone reads `local` (naive).

    A time that clocks skip becomes the first instant after the gap; one that they show twice means the first time.
    """
    tz = zone(zone_name)
    early = local.replace(tzinfo=tz, fold=0).astimezone(UTC)
    if early.astimezone(tz).replace(tzinfo=None) == local:
        return early
    before = local.replace(tzinfo=tz, fold=1).astimezone(UTC)
    return _transition(before, early, tz)


def _transition(before: datetime, after: datetime, tz: ZoneInfo) -> datetime:
    """First instant in (before, after] with the offset that `after` has."""
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
    """The UTC instant at which the next local day begins."""
    return instant(datetime.combine(day + timedelta(days=1), time.min), zone_name)


def local(moment: datetime, zone_name: str) -> datetime:
    """What a clock on the wall in that zone reads at an instant, without its zone."""
    return moment.astimezone(zone(zone_name)).replace(tzinfo=None)

"""The campaign of a storm: seven days in ten countries, under both summer time rules and none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.campaigns import Place, Post, Week, said
from tests.simulation import channel_id

MONDAY = date(2027, 3, 22)
"""Clocks in the United States and Canada changed on the Sunday before last, those in Europe do on the seventh day."""

DAY, DAYS = timedelta(days=1), 7
TIMES = (time(9), time(15))

PLACES = (
    Place("NZ", "Pacific/Auckland", "en", "week-nz"),
    Place("AU", "Australia/Sydney", "en", "week-au"),
    Place("JP", "Asia/Tokyo", "ja", "week-jp"),
    Place("IN", "Asia/Kolkata", "en", "week-in"),
    Place("SE", "Europe/Stockholm", "sv", "week-se"),
    Place("DE", "Europe/Berlin", "de", "week-de"),
    Place("GB", "Europe/London", "en", "week-gb"),
    Place("BR", "America/Sao_Paulo", "pt", "week-br"),
    Place("CA", "America/Toronto", "en", "week-ca"),
    Place("US", "America/Los_Angeles", "en", "week-us"),
)


@dataclass(frozen=True)
class Slot:
    """One post for one country: how it is booked, how it is heard, and from when until when it may be sent (UTC)."""

    post: str
    country: str
    channel: str
    text: str
    due: datetime
    until: datetime


def seven_days(late: timedelta = DAY) -> Week:
    """The campaign; `late` is how long after its time a post may still be sent."""
    posts = [_post(MONDAY + timedelta(days=day), at, late) for day in range(DAYS) for at in TIMES]
    last = MONDAY + timedelta(days=DAYS - 1)
    return Week(posts, PLACES, first=MONDAY, last=last, earth_hour=last - timedelta(days=1))


def _post(day: date, at: time, late: timedelta) -> Post:
    return Post(f"post-{day:%m-%d}-{at:%H}", day, at, until=_until(day, at, late))


def _until(day: date, at: time, late: timedelta) -> datetime:
    return (datetime.combine(day, at) + late).replace(microsecond=0)


def slots(late: timedelta = DAY) -> Iterator[Slot]:
    """Every slot of it, worked out without the bot; none is at a time that clocks skip."""
    for post in seven_days(late).posts:
        due, until = datetime.combine(post.day, post.time), _until(post.day, post.time, late)
        for place in PLACES:
            text = said(post.name, place.language)
            at, end = (wall.replace(tzinfo=ZoneInfo(place.zone)).astimezone(UTC) for wall in (due, until))
            yield Slot(post.name, place.code, channel_id(place.channel), text, at, end)

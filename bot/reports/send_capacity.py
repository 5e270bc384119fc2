"""Estimates, before the week, whether everybody can get a post in time, and warns about those who cannot.

It depends on Slack's rate limit, on the deadline of the post, and on how many people share a due time.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.campaign.model import PEOPLE, Audience, Campaign
from bot.campaign.schedule import Addressee, lay_out
from bot.store.people import MessageDemand

STEP = timedelta(minutes=5)
"""Leads are multiples of this, since nobody schedules a post for 19:43."""

_LONGEST = timedelta(days=1)


@dataclass(frozen=True)
class Wave:
    """A number of people who are to get a post between two instants (UTC)."""

    due_at: datetime
    expires_at: datetime
    people: int


@dataclass(frozen=True)
class Shortfall:
    """A post whose window is too short for everybody.

    `missed` of `people` would not get it. `lead` is how much earlier it would have to be due, or None where even a day
    would not be enough.
    """

    post: str
    people: int
    missed: int
    lead: timedelta | None


Home = tuple[str, str | None]
"""A time zone, and a country or None."""


def shortfalls(campaign: Campaign, asked: Mapping[Audience, Mapping[Home, int]], per_minute: int) -> list[Shortfall]:
    """Find the posts that not everybody can get in time. `asked` counts people by audience, zone and country."""
    waves: dict[str, list[Wave]] = {}
    for audience in sorted(PEOPLE):
        for (zone, country), people in asked.get(audience, {}).items():
            for slot in lay_out(campaign, [Addressee(audience, "", zone, "", country)]):
                waves.setdefault(slot.post, []).append(Wave(slot.due_at, slot.expires_at, people))
    found = ((post, missed(each, per_minute), each) for post, each in waves.items())
    return [Shortfall(post, _sum(each), lost, _lead(each, per_minute)) for post, lost, each in found if lost]


def missed(waves: Iterable[Wave], per_minute: int) -> int:
    """Count the people who are not reached when messages are sent one after another, in the order of due times."""
    free_at: datetime | None = None
    lost = 0
    for wave in sorted(waves, key=lambda each: (each.due_at, each.expires_at)):
        begins = max(wave.due_at, free_at or wave.due_at)
        # Rounded down: a message that could only be sent after the deadline is not sent.
        room = max(0, math.floor((wave.expires_at - begins) / timedelta(minutes=1) * per_minute))
        reached = min(room, wave.people)
        lost += wave.people - reached
        free_at = begins + timedelta(minutes=reached / per_minute)
    return lost


def _lead(waves: Sequence[Wave], per_minute: int) -> timedelta | None:
    """Find the smallest lead with which everybody is reached, or None."""
    earliest = min(
        range(_LONGEST // STEP + 1), key=lambda steps: (missed(_sooner(waves, steps), per_minute) > 0, steps)
    )
    return None if missed(_sooner(waves, earliest), per_minute) else earliest * STEP


def _sooner(waves: Sequence[Wave], steps: int) -> list[Wave]:
    return [Wave(each.due_at - steps * STEP, each.expires_at, each.people) for each in waves]


def _sum(waves: Iterable[Wave]) -> int:
    return sum(each.people for each in waves)


def of_askers(campaign: Campaign, asked: Iterable[MessageDemand], per_minute: int) -> list[Shortfall]:
    """Find the posts that would be late for the people who have asked for them so far."""
    homes: dict[Audience, dict[Home, int]] = {audience: {} for audience in PEOPLE}
    for each in asked:
        homes[Audience.JOINED][each.zone, each.country] = each.messages
        homes[Audience.EARTH_HOUR_REMINDER][each.zone, each.country] = each.earth_hour
    return shortfalls(campaign, homes, per_minute)


def of_everybody(campaign: Campaign, per_minute: int) -> list[Shortfall]:
    """Find the posts that would be late if every colleague asked for them."""
    homes: dict[Home, int] = {}
    for country in campaign.countries:
        home = (country.zone, country.code)
        # Two countries can share a zone, and a country without a headcount adds nobody.
        homes[home] = homes.get(home, 0) + (country.headcount or 0)
    asked: Mapping[Audience, Mapping[Home, int]] = dict.fromkeys(PEOPLE, homes)
    return shortfalls(campaign, asked, per_minute)


def sentence(shortfall: Shortfall, per_minute: int) -> str:
    """Say what is wrong and what to do."""
    problem = (
        f"{shortfall.post} is too late for {shortfall.missed:,} of {shortfall.people:,} people, "
        f"because at most {per_minute} messages leave in a minute."
    )
    if shortfall.lead is None:
        return f"{problem} A day more would not be enough; raise EARTHWEEK_MESSAGES_PER_MINUTE if Slack allows it."
    return f"{problem} {shortfall.lead // timedelta(minutes=1)} minutes earlier everybody would get it in time."

"""How fast a campaign becomes rows of the outbox."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.campaign import CODES, Entry, write
from benchmarks.database import fresh_database
from benchmarks.figure import Benchmark, NotMeasured, Scale, Value
from bot.campaign.live_reload import LiveCampaign
from bot.campaign.model import Campaign
from bot.delivery.outbox_planner import Planner
from bot.delivery.unscheduled_messages import Notifications
from bot.locales.catalogues import vocabulary, words
from bot.messages.post_kinds import KINDS
from bot.store.actions import Action, ActionKind
from bot.store.people import Person
from bot.store.store import Store
from tests.campaigns import NAME

_COUNTRIES = CODES[:4]
_POSTS = 20
_START = datetime(2027, 3, 15, 9, tzinfo=UTC)
_JOINED = _START - timedelta(days=1)


def run(scale: Scale) -> Sequence[Value]:
    """The first plan of a campaign, and another when nothing has changed."""
    with tempfile.TemporaryDirectory(prefix="earthweek-bench-") as name:
        folder = write(Path(name) / "campaign", list(_entries()), _COUNTRIES)
        campaign = LiveCampaign(folder, KINDS, vocabulary(), allow_examples=False).campaign
    return asyncio.run(_plan(campaign, scale.people))


def _entries() -> Iterator[Entry]:
    """Twenty posts for the countries, two for who joined, one for who wants to be reminded."""
    audiences = ["countries"] * _POSTS + ["joined"] * 2 + ["earth_hour_reminder"]
    for number, audience in enumerate(audiences):
        yield Entry(f"post-{number}", _START.replace(tzinfo=None) + timedelta(minutes=number), audience)


async def _plan(campaign: Campaign, count: int) -> Sequence[Value]:
    async with fresh_database() as database:
        store = Store(database, "benchmark", timedelta(seconds=30))
        await _join(store, [_person(number) for number in range(count)])
        outbox = store.outbox
        planner = Planner(store, Notifications(store, words))
        first = await _seconds(planner, campaign)
        again = await _seconds(planner, campaign)
        slots = len(await database.read(outbox.entries, NAME))
    expected = len(_COUNTRIES) * _POSTS + count * 3
    if slots != expected:
        raise NotMeasured(f"{slots} slots were planned instead of {expected}")
    return [
        Value(f"first plan of {slots:,} slots", slots / first, "slots/s"),
        Value(f"plan of the same {slots:,} slots again", slots / again, "slots/s"),
    ]


async def _join(store: Store, persons: Sequence[Person]) -> None:
    await store.write(store.people.keep, persons)
    for person in persons:
        await store.write(
            store.actions.record, Action(NAME, person.user, ActionKind.JOINED, "", person.country, _JOINED)
        )


def _person(number: int) -> Person:
    return Person(
        "T0BENCH",
        f"U0BENCH{number:05d}",
        "Europe/Stockholm",
        _JOINED,
        country=_COUNTRIES[number % len(_COUNTRIES)],
        language="en",
        direct_messages=True,
        earth_hour_reminder=True,
    )


async def _seconds(planner: Planner, campaign: Campaign) -> float:
    started = time.perf_counter()
    await planner.plan_everybody(campaign, _JOINED)
    return time.perf_counter() - started


PLANNING = Benchmark("planning", run)

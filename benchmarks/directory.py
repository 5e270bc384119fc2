"""Slack's directory of a large company, gone through in one night: pages, minutes, and how much memory that needs.

The bot is the real one; only its clock is turned. Everybody in the directory takes part, which is the most there can
be to hold it against. Memory is what Python has taken beyond what there was before the first page, Slack's side and
the HTTP between them included.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
import tracemalloc
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from benchmarks.figure import Benchmark, NotMeasured, Scale, Value
from bot import logs
from bot.app import Bot, build
from bot.campaign.model import Campaign
from bot.slack.manifest import SCOPES
from bot.store.people import Person
from rehearsal import workspace_builder
from rehearsal.clock import VirtualClock
from rehearsal.simulation import bot_settings
from rehearsal.slack.rate_limits import RateLimits
from rehearsal.slack.server import App, RehearsalSlack
from rehearsal.slack.workspace import User
from tests.campaigns import SHIPPED, shipped_campaign

_NIGHT = datetime(2027, 3, 16, 2, tzinfo=UTC)
"""Three in the morning in Stockholm."""

_JOINED = datetime(2027, 3, 12, 12, tzinfo=UTC)
_HOME, _AWAY = "Europe/Stockholm", "Asia/Tokyo"
_MOVED, _LEFT = 100, 250
"""One in so many lives in another zone by now, and one in so many has left."""

_FIRST = 10
"""Pages after which everything that is needed once is there."""

_MB = 1_000_000


@dataclass(frozen=True)
class Night:
    """What came of it: when pages were asked for, bytes at most by then and in all, and real seconds."""

    asked: Sequence[datetime]
    early: int
    peak: int
    seconds: float

    @property
    def minutes(self) -> float:
        """Virtual minutes from the first page to the last."""
        return (self.asked[-1] - self.asked[0]) / timedelta(minutes=1)

    @property
    def most_a_minute(self) -> int:
        """The most pages in any sixty seconds."""
        windows = enumerate(self.asked)
        return max(bisect_left(self.asked, at + timedelta(minutes=1)) - place for place, at in windows)


def run(scale: Scale) -> Sequence[Value]:
    """One night."""
    logs.set_up("ERROR", as_json=False)
    return list(_values(scale.directory))


def _values(people: int) -> Iterator[Value]:
    night = asyncio.run(_night(people))
    what = f"{people:,} people"
    if night.most_a_minute > 20:
        raise NotMeasured(f"{what}: Slack was asked {night.most_a_minute} times in a minute")
    yield Value(f"{what}: pages", len(night.asked), "pages")
    yield Value(f"{what}: time", night.minutes, "min")
    yield Value(f"{what}: most pages in a minute", night.most_a_minute, "pages")
    yield Value(f"{what}: memory for the first {_FIRST} pages", night.early / _MB, "MB")
    yield Value(f"{what}: memory for all", night.peak / _MB, "MB")
    yield Value(f"{what}: took", night.seconds, "s")


async def _night(people: int) -> Night:
    campaign = shipped_campaign()
    clock = VirtualClock(_NIGHT)
    town = workspace_builder.build_workspace(campaign, [])
    slack = RehearsalSlack(town, clock.now, app=App(SCOPES), limits=RateLimits())
    for user in _directory(people):
        town.add_user(user)
    async with AsyncExitStack() as stack:
        await slack.start()
        stack.push_async_callback(slack.stop)
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="earthweek-bench-"))
        settings = bot_settings(slack, SHIPPED, f"sqlite:///{folder}/bot.db")
        bot = await stack.enter_async_context(build(settings, clock, allow_examples=True))
        known = [Person("T0", _user(number), _HOME, _JOINED) for number in range(people)]
        await bot.store.write(bot.store.people.keep, known)
        started = time.perf_counter()
        early, peak = await _go_through(bot, campaign, clock)
        seconds = time.perf_counter() - started
        await _check(bot, known)
        if slack.errors:
            raise NotMeasured(f"Slack refused {slack.errors}")
        return Night([call.at for call in slack.calls if call.method == "users.list"], early, peak, seconds)


async def _go_through(bot: Bot, campaign: Campaign, clock: VirtualClock) -> tuple[int, int]:
    """Bytes at most, above those at the beginning: by the first pages, and by all."""
    tracemalloc.start()
    try:
        before, early, pages = tracemalloc.get_traced_memory()[0], 0, 0
        while next_at := await bot.delivery.user_sync.advance(campaign):
            clock.turn_to(next_at)
            pages += 1
            if pages == _FIRST:
                early = tracemalloc.get_traced_memory()[1] - before
        peak = tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
    return early or peak, peak


async def _check(bot: Bot, before: Sequence[Person]) -> None:
    """Whether the bot has learnt what there was to learn, and nothing else."""
    for start in range(0, len(before), 10_000):
        some = before[start : start + 10_000]
        found = await bot.store.read(bot.store.people.among, [each.user for each in some])
        for number, each in enumerate(some, start):
            kept = found[each.user]
            wanted = replace(each, zone=_zone(number), left_at=kept.left_at)
            if kept != wanted or bool(kept.left_at) != _has_left(number):
                raise NotMeasured(f"of {each.user} is kept {kept}")


def _directory(people: int) -> Iterator[User]:
    for number in range(people):
        yield User(_user(number), f"person {number}", _zone(number), deleted=_has_left(number))


def _user(number: int) -> str:
    return f"U0MANY{number:06d}"


def _zone(number: int) -> str:
    return _AWAY if number % _MOVED == 1 else _HOME


def _has_left(number: int) -> bool:
    return number % _LEFT == 0


DIRECTORY = Benchmark("directory", run, most=1)

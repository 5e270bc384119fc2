"""Earth Hour's reminder for many people in all the world's zones: who gets it, in time, and how long it takes.

The bot is the real one; only its clock is turned. Slack lets so many messages a minute through, refuses one in twenty,
and counts what arrived.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from benchmarks.figure import Benchmark, NotMeasured, Scale, Value
from bot import logs
from bot.app import Bot, build
from bot.campaign.model import Campaign
from bot.slack.manifest import SCOPES
from bot.store.actions import Action, ActionKind
from bot.store.outbox import Entry, State
from bot.store.people import Person
from rehearsal import workspace_builder
from rehearsal.clock import VirtualClock
from rehearsal.simulation import bot_settings
from rehearsal.slack.faults import Fault, Faults
from rehearsal.slack.rate_limits import POST, RateLimits
from rehearsal.slack.server import App, RehearsalSlack
from rehearsal.slack.workspace import User
from tests.campaigns import SHIPPED, shipped_campaign

_REMINDER = "earth-hour-reminder"
_EVE = datetime(2027, 3, 20, 4, tzinfo=UTC)
"""Before the evening begins anywhere."""

_JOINED = datetime(2027, 3, 12, 12, tzinfo=UTC)
ZONES = (
    "Pacific/Kiritimati", "Pacific/Auckland", "Pacific/Guadalcanal", "Australia/Sydney", "Asia/Tokyo", "Asia/Shanghai",
    "Asia/Bangkok", "Asia/Dhaka", "Asia/Kolkata", "Asia/Karachi", "Asia/Dubai", "Europe/Moscow", "Europe/Helsinki",
    "Europe/Oslo", "Europe/London", "Atlantic/Azores", "Atlantic/South_Georgia", "America/Sao_Paulo", "America/Halifax",
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Anchorage",
    "Pacific/Honolulu", "Pacific/Pago_Pago",
)  # fmt: skip
_REFUSED = 0.05


class _Grudging(Faults):
    """Refuses a share of all posts, by a seeded chance."""

    def __init__(self) -> None:
        super().__init__()
        self._random = random.Random(1)  # noqa: S311 - the same chance every time

    def take(self, method: str) -> Fault | None:
        if method == POST and self._random.random() < _REFUSED:
            self.throttle(1)
        return super().take(method)


@dataclass(frozen=True)
class Evening:
    """What came of it. Messages by people; minutes of virtual time while there was something to send."""

    rows: Sequence[Entry]
    arrived: Counter[str]
    per_minute: int
    seconds: float

    @property
    def sent(self) -> list[Entry]:
        """What was sent, by the time at which it was."""
        sent = (row for row in self.rows if row.state is State.SENT)
        return sorted(sent, key=lambda row: row.sent_at or _EVE)

    @property
    def skipped(self) -> int:
        """How many were too late, with a reason."""
        return sum(1 for row in self.rows if row.state is State.SKIPPED and row.reason)

    @property
    def twice(self) -> int:
        """How many messages there were beyond one for each person."""
        return sum(count - 1 for count in self.arrived.values())

    def over(self) -> float:
        """The time it took, in times of what the limit allows, wave by wave."""
        taken, least = timedelta(0), timedelta(0)
        for due in sorted({row.slot.due_at for row in self.sent}):
            wave = [row for row in self.sent if row.slot.due_at == due and row.sent_at]
            taken += max(row.sent_at for row in wave if row.sent_at) - due
            least += timedelta(minutes=len(wave) / self.per_minute)
        return taken / least


def run(scale: Scale) -> Sequence[Value]:
    """At both paces."""
    return _at_both_paces(scale.evening)


def run_largest(scale: Scale) -> Sequence[Value]:
    """The same for as many as a large company has."""
    return _at_both_paces(scale.largest_evening)


def _at_both_paces(people: int) -> Sequence[Value]:
    logs.set_up("ERROR", as_json=False)
    return [value for pace in (230, 525) for value in _values(people, pace)]


def _values(people: int, per_minute: int) -> Iterator[Value]:
    evening = asyncio.run(reminded(people, per_minute))
    what = f"{people:,} people at {per_minute} a minute"
    if evening.twice or len(evening.arrived) != len(evening.sent):
        raise NotMeasured(f"{what}: {evening.twice} came twice, {len(evening.arrived)} arrived")
    if len(evening.sent) + evening.skipped != people:
        raise NotMeasured(f"{what}: {people - len(evening.sent) - evening.skipped} are not accounted for")
    yield Value(f"{what}: reminded in time", len(evening.sent), "people")
    yield Value(f"{what}: too late, and said so", evening.skipped, "people")
    yield Value(f"{what}: time, to what the limit allows", evening.over(), "times")
    yield Value(f"{what}: took", evening.seconds, "s")


async def reminded(people: int, per_minute: int, zones: Sequence[str] = ZONES) -> Evening:
    """The evening of so many people, with so many messages a minute, in these zones."""
    campaign = shipped_campaign()
    clock = VirtualClock(_EVE)
    town = workspace_builder.build_workspace(campaign, [])
    slack = RehearsalSlack(town, clock.now, app=App(SCOPES), limits=RateLimits(posts_per_minute=per_minute))
    slack.faults = _Grudging()
    known = [_person(number, zones) for number in range(people)]
    for each in known:
        town.add_user(User(each.user, each.user.lower(), each.zone, "en-GB"))
    async with AsyncExitStack() as stack:
        await slack.start()
        stack.push_async_callback(slack.stop)
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="earthweek-bench-"))
        settings = bot_settings(slack, SHIPPED, f"sqlite:///{folder}/bot.db")
        settings = settings.model_copy(update={"earthweek_messages_per_minute": per_minute})
        bot = await stack.enter_async_context(build(settings, clock, allow_examples=True))
        await _join(bot, campaign, known)
        started = time.perf_counter()
        await bot.delivery.open()
        await _play(bot, clock)
        rows = [
            row for row in await bot.store.read(bot.store.outbox.entries, campaign.id) if row.slot.post == _REMINDER
        ]
        return Evening(rows, _arrived(slack), per_minute, time.perf_counter() - started)


async def _play(bot: Bot, clock: VirtualClock) -> None:
    dispatcher, end = bot.delivery.dispatcher, _EVE + timedelta(days=2)
    while (wake_at := await dispatcher.wake_at()) and wake_at < end:
        clock.turn_to(wake_at)
        await dispatcher.step()
        await bot.delivery.idle()


def _arrived(slack: RehearsalSlack) -> Counter[str]:
    town = slack.workspace
    messages = (message for message in town.log if message.channel in town.ims)
    return Counter(town.ims[each.channel] for each in messages if town.ims[each.channel].startswith("U0MANY"))


async def _join(bot: Bot, campaign: Campaign, people: Sequence[Person]) -> None:
    await bot.store.write(bot.store.people.keep, people)
    for each in people:
        await bot.store.write(
            bot.store.actions.record, Action(campaign.id, each.user, ActionKind.JOINED, "", None, each.joined_at)
        )


def _person(number: int, zones: Sequence[str]) -> Person:
    return Person("T0", f"U0MANY{number:06d}", zones[number % len(zones)], _JOINED, earth_hour_reminder=True)


EARTH_HOUR = Benchmark("earth hour", run, most=1)
LARGEST_EARTH_HOUR = Benchmark("earth hour, largest", run_largest, most=1, apart=True)

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from bot.database.database import Database
from bot.delivery.rate_limit import GONE_AFTER, RateLimiter, ReplicaShare
from bot.store.replicas import Replicas
from bot.store.store import Store
from rehearsal.clock import VirtualClock

from .conftest import Opening
from .lines import DUE, LEASE, line, planned

NOW = datetime(2027, 3, 15, 9, tzinfo=UTC)
TICK, MOMENT = timedelta(seconds=5), timedelta(milliseconds=1)


@dataclass
class Other:
    """A process that writes down that it is there, by a clock of its own."""

    store: Store
    clock: VirtualClock

    async def greet(self, held_until: datetime | None = None) -> None:
        await self.store.write(self.store.replicas.present, self.clock.now(), held_until)

    async def leave(self) -> None:
        await self.store.write(self.store.replicas.remove, {self.store.replicas.id})


@dataclass
class Me:
    """The process that looks at the others."""

    fleet: ReplicaShare
    clock: VirtualClock

    async def after(self, passed: timedelta) -> bool:
        """Greet when so much time has passed; whether somebody has gone since."""
        self.clock.turn_to(self.clock.now() + passed)
        return await self.fleet.announce()


@pytest.fixture
def me(database: Database) -> Me:
    clock = VirtualClock(NOW)
    return Me(ReplicaShare(Store(database, "me", LEASE), RateLimiter(200), RateLimiter(40), clock), clock)


@pytest.fixture(params=[0, -3600, 3600], ids=["same-clock", "behind", "ahead"])
def other(database: Database, request: pytest.FixtureRequest) -> Other:
    """Another process, whose clock may be an hour off."""
    return Other(Store(database, "other", LEASE), VirtualClock(NOW + timedelta(seconds=request.param)))


async def both(me: Me, other: Other) -> None:
    """Let both of them greet twice, five seconds apart."""
    for _ in range(2):
        other.clock.turn_to(other.clock.now() + TICK)
        await other.greet()
        await me.after(TICK)


async def test_whoever_greets_is_alive_whatever_their_clock_says(me: Me, other: Other) -> None:
    await both(me, other)
    assert me.fleet.living == {"other"}


async def test_whoever_says_nothing_for_a_while_is_gone(me: Me, other: Other) -> None:
    await both(me, other)
    assert not await me.after(GONE_AFTER - MOMENT)
    assert me.fleet.living == {"other"}
    assert await me.after(MOMENT)
    assert me.fleet.living == frozenset()
    assert not await me.after(TICK), "that is news once"


async def test_whoever_comes_back_is_alive_again(me: Me, other: Other) -> None:
    await both(me, other)
    await me.after(GONE_AFTER)
    await both(me, other)
    assert me.fleet.living == {"other"}


async def test_whoever_leaves_is_gone_at_once(me: Me, other: Other) -> None:
    await both(me, other)
    await other.leave()
    assert await me.after(MOMENT)
    assert me.fleet.living == frozenset()


async def test_new_process_knows_which_replicas_are_dead(me: Me, database: Database) -> None:
    for name, ago in (("dead", GONE_AFTER), ("alive", GONE_AFTER - MOMENT)):
        await database.write(Replicas(name).present, NOW - ago, None)
    await me.fleet.announce()
    assert me.fleet.living == {"alive"}


async def test_whoever_leaves_strikes_out_the_dead_as_well(me: Me, other: Other, database: Database) -> None:
    await both(me, other)
    await me.after(GONE_AFTER)
    await me.fleet.leave()
    assert [each.id for each in await database.write(Replicas("new").present, NOW, None)] == ["new"]


async def test_what_each_is_unsure_of_is_counted(database: Database, opened: Opening) -> None:
    await planned(database, opened("planner"), *(line(post) for post in "abcdef"))
    for owner, sent, unsure in (("one", 1, 2), ("other", 2, 1)):
        outbox = opened(owner)
        for number, row in enumerate(await database.write(outbox.claim, DUE, sent + unsure)):
            await database.write(outbox.mark_posting, row.id, "C0WEEK")
            if number < sent:
                await database.write(outbox.mark_sent, row.id, "C0WEEK", "1.000100", DUE)
    await database.write(Replicas("one").present, NOW, None)
    found = await database.write(Replicas("other").present, NOW, None)
    assert {each.id: each.in_doubt for each in found} == {"one": 2, "other": 1}


def used_in_a_minute(paces: list[RateLimiter]) -> int:
    sent, at = 0, NOW
    while at < NOW + timedelta(minutes=1):
        for pace in paces:
            for each in range(pace.available(at)):
                pace.consume(f"U{at}{each}", at)
                sent += 1
        at += timedelta(milliseconds=50)
    return sent


@pytest.mark.parametrize("number", [1, 2, 3, 5])
async def test_together_they_are_as_fast_as_one(database: Database, number: int) -> None:
    clock = VirtualClock(NOW)
    paces = [RateLimiter(200) for _ in range(number)]
    questions = [RateLimiter(40) for _ in range(number)]
    fleets = [
        ReplicaShare(Store(database, f"replica-{each}", LEASE), posts, asking, clock)
        for each, (posts, asking) in enumerate(zip(paces, questions, strict=True))
    ]
    for fleet in (*fleets, *fleets):
        await fleet.announce()
    assert 195 <= used_in_a_minute(paces) <= 200 + 5 * number
    assert 35 <= used_in_a_minute(questions) <= 40 + 2 * number


async def test_whoever_is_unsure_of_more_may_ask_more(database: Database, opened: Opening) -> None:
    clock = VirtualClock(NOW)
    await planned(database, opened("planner"), *(line(recipient=f"U{number:02}") for number in range(40)))
    fleets = {
        name: ReplicaShare(Store(database, name, LEASE), RateLimiter(200), RateLimiter(40), clock)
        for name in ("one", "other")
    }
    for name, rows in (("one", 30), ("other", 10)):
        for row in await database.write(opened(name).claim, DUE, rows):
            await database.write(opened(name).mark_posting, row.id, "C0WEEK")
    for fleet in (*fleets.values(), *fleets.values()):
        await fleet.announce()
    asked = {name: used_in_a_minute([fleet.history_limiter]) for name, fleet in fleets.items()}
    assert 28 <= asked["one"] <= 31
    assert 9 <= asked["other"] <= 12


async def test_remaining_replica_takes_over_whole_rate(database: Database) -> None:
    clock = VirtualClock(NOW)
    stays, goes = RateLimiter(200), RateLimiter(200)
    staying = ReplicaShare(Store(database, "stays", LEASE), stays, RateLimiter(40), clock)
    going = ReplicaShare(Store(database, "goes", LEASE), goes, RateLimiter(40), clock)
    await going.announce()
    await staying.announce()
    clock.turn_to(NOW + GONE_AFTER)
    await staying.announce()
    assert used_in_a_minute([stays]) >= 199


async def test_wait_told_to_one_replica_holds_other(database: Database) -> None:
    clock = VirtualClock(NOW)
    told, other = RateLimiter(200), RateLimiter(200)
    told.pause_until(NOW + timedelta(seconds=30))
    await ReplicaShare(Store(database, "told", LEASE), told, RateLimiter(40), clock).announce()
    await ReplicaShare(Store(database, "other", LEASE), other, RateLimiter(40), clock).announce()
    assert other.available(NOW + timedelta(seconds=29)) == 0
    assert other.available(NOW + timedelta(seconds=30)) > 0


async def test_one_of_all_speaks_for_them(database: Database) -> None:
    clock = VirtualClock(NOW)
    first, second = (
        ReplicaShare(Store(database, name, LEASE), RateLimiter(200), RateLimiter(40), clock) for name in ("a", "b")
    )
    assert (first.is_first, second.is_first) == (False, False), "they have not heard of each other yet"
    for each in (second, first, second):
        await each.announce()
    assert (first.is_first, second.is_first) == (True, False)
    clock.turn_to(NOW + GONE_AFTER)
    await second.announce()
    assert second.is_first


async def test_where_there_is_one_process_nobody_is_asked() -> None:
    pace = RateLimiter(200)
    alone = ReplicaShare(None, pace, RateLimiter(40), VirtualClock(NOW))
    await alone.announce()
    await alone.leave()
    assert alone.is_first
    assert pace.available(NOW) == 4

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.delivery.fleet import Fleet
from bot.delivery.pace import Pace
from bot.rehearsal.clock import VirtualClock
from bot.store.replicas import GONE_AFTER, Presence, Replicas

NOW = datetime(2027, 3, 15, 9, tzinfo=UTC)
LATER = NOW + timedelta(seconds=5)


@pytest.fixture
def one(engine: AsyncEngine) -> Replicas:
    return Replicas(engine, "one")


@pytest.fixture
def other(engine: AsyncEngine) -> Replicas:
    return Replicas(engine, "other")


async def test_who_is_there_is_counted(one: Replicas, other: Replicas) -> None:
    assert await one.present(NOW, None) == Presence(1, None)
    assert await other.present(NOW, None) == Presence(2, None)
    assert await one.present(LATER, None) == Presence(2, None)


async def test_who_says_nothing_for_a_while_is_gone(one: Replicas, other: Replicas) -> None:
    await other.present(NOW, None)
    assert (await one.present(NOW + GONE_AFTER - timedelta(seconds=1), None)).count == 2
    assert (await one.present(NOW + GONE_AFTER, None)).count == 1


async def test_who_leaves_is_gone_at_once(one: Replicas, other: Replicas) -> None:
    await other.present(NOW, None)
    await other.leave(NOW)
    assert (await one.present(NOW, None)).count == 1


async def test_when_slack_asks_one_to_wait_all_of_them_do(one: Replicas, other: Replicas) -> None:
    until = NOW + timedelta(minutes=1)
    await other.present(NOW, until)
    assert await one.present(LATER, NOW) == Presence(2, until)


def sent_in_a_minute(paces: list[Pace]) -> int:
    sent, at = 0, NOW
    while at < NOW + timedelta(minutes=1):
        for pace in paces:
            for each in range(pace.room(at)):
                pace.take(f"U{at}{each}", at)
                sent += 1
        at += timedelta(milliseconds=50)
    return sent


@pytest.mark.parametrize("number", [1, 2, 3, 5])
async def test_together_they_are_as_fast_as_one(engine: AsyncEngine, number: int) -> None:
    clock = VirtualClock(NOW)
    paces = [Pace(200) for _ in range(number)]
    fleets = [Fleet(Replicas(engine, f"replica-{each}"), pace, clock) for each, pace in enumerate(paces)]
    for fleet in (*fleets, *fleets):
        await fleet.greet()
    assert 195 <= sent_in_a_minute(paces) <= 200 + 5 * number


async def test_the_one_that_is_left_takes_over_the_whole_pace(engine: AsyncEngine) -> None:
    clock = VirtualClock(NOW)
    stays, goes = Pace(200), Pace(200)
    staying, going = Fleet(Replicas(engine, "stays"), stays, clock), Fleet(Replicas(engine, "goes"), goes, clock)
    await going.greet()
    await staying.greet()
    clock.turn_to(NOW + GONE_AFTER)
    await staying.greet()
    assert sent_in_a_minute([stays]) >= 199


async def test_a_wait_that_one_was_told_of_holds_the_other(engine: AsyncEngine) -> None:
    clock = VirtualClock(NOW)
    told, other = Pace(200), Pace(200)
    told.hold(NOW + timedelta(seconds=30))
    await Fleet(Replicas(engine, "told"), told, clock).greet()
    await Fleet(Replicas(engine, "other"), other, clock).greet()
    assert other.room(NOW + timedelta(seconds=29)) == 0
    assert other.room(NOW + timedelta(seconds=30)) > 0


async def test_where_there_is_one_process_nobody_is_asked() -> None:
    pace = Pace(200)
    alone = Fleet(None, pace, VirtualClock(NOW))
    await alone.greet()
    await alone.leave()
    assert pace.room(NOW) == 4

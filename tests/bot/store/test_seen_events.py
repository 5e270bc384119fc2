"""Events that Slack delivers more than once, on a real database."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.database import autocommit, open_database
from bot.store.seen_events import KEPT, SWEPT_EVERY, SeenEvents
from bot.store.tables import seen_events as table

NOW = datetime(2027, 3, 15, 8, 30, tzinfo=UTC)


@pytest.fixture
def arrivals(engine: AsyncEngine) -> SeenEvents:
    return SeenEvents(engine)


async def test_an_event_arrives_for_the_first_time_once(arrivals: SeenEvents) -> None:
    assert await arrivals.is_first("Ev1", NOW)
    assert not await arrivals.is_first("Ev1", NOW)
    assert not await arrivals.is_first("Ev1", NOW + timedelta(minutes=5))
    assert await arrivals.is_first("Ev2", NOW)


async def test_of_many_at_once_one_is_the_first(arrivals: SeenEvents) -> None:
    assert sum(await asyncio.gather(*(arrivals.is_first("Ev1", NOW) for _ in range(10)))) == 1


async def test_an_event_is_known_after_a_restart(url: str) -> None:
    for first in (True, False):
        engine = open_database(url)
        assert await SeenEvents(engine).is_first("Ev1", NOW) is first
        await engine.dispose()


@pytest.mark.parametrize(("after", "gone"), [(KEPT, False), (KEPT + SWEPT_EVERY, True)])
async def test_an_event_is_forgotten_after_ten_minutes(arrivals: SeenEvents, after: timedelta, *, gone: bool) -> None:
    await arrivals.is_first("Ev1", NOW)
    assert await arrivals.is_first("Ev1", NOW + after) is gone


async def test_old_events_do_not_pile_up(arrivals: SeenEvents, engine: AsyncEngine) -> None:
    for minute in range(30):
        await arrivals.is_first(f"Ev{minute}", NOW + timedelta(minutes=minute))
    async with autocommit(engine) as connection:
        kept = [row.event for row in await connection.execute(table.select().order_by(table.c.at))]
    assert kept == [f"Ev{minute}" for minute in range(19, 30)]

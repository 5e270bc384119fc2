"""Events that Slack delivers more than once, on a real database."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.database.database import Database
from bot.database.urls import open_database
from bot.store.seen_events import KEPT, SWEPT_EVERY, SeenEvents
from bot.store.tables import seen_events as table

NOW = datetime(2027, 3, 15, 8, 30, tzinfo=UTC)


@pytest.fixture
def arrivals() -> SeenEvents:
    return SeenEvents()


async def test_an_event_arrives_for_the_first_time_once(database: Database, arrivals: SeenEvents) -> None:
    assert await database.write(arrivals.is_first, "Ev1", NOW)
    assert not await database.write(arrivals.is_first, "Ev1", NOW)
    assert not await database.write(arrivals.is_first, "Ev1", NOW + timedelta(minutes=5))
    assert await database.write(arrivals.is_first, "Ev2", NOW)


async def test_of_many_at_once_one_is_the_first(database: Database, arrivals: SeenEvents) -> None:
    assert sum(await asyncio.gather(*(database.write(arrivals.is_first, "Ev1", NOW) for _ in range(10)))) == 1


async def test_an_event_is_known_after_a_restart(url: str) -> None:
    for first in (True, False):
        database = open_database(url)
        assert await database.write(SeenEvents().is_first, "Ev1", NOW) is first
        await database.close()


@pytest.mark.parametrize(("after", "gone"), [(KEPT, False), (KEPT + SWEPT_EVERY, True)])
async def test_an_event_is_forgotten_after_ten_minutes(
    database: Database, arrivals: SeenEvents, after: timedelta, *, gone: bool
) -> None:
    await database.write(arrivals.is_first, "Ev1", NOW)
    assert await database.write(arrivals.is_first, "Ev1", NOW + after) is gone


async def test_old_events_do_not_pile_up(arrivals: SeenEvents, database: Database) -> None:
    for minute in range(30):
        await database.write(arrivals.is_first, f"Ev{minute}", NOW + timedelta(minutes=minute))
    with database.transaction() as connection:
        kept = [row.event for row in connection.execute(table.select().order_by(table.c.at))]
    assert kept == [f"Ev{minute}" for minute in range(19, 30)]

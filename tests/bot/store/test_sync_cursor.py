"""The nights of the directory, on a real database: one process at a time, and each page noted."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.sync_cursor import SyncCursor

CAMPAIGN = "a-week"
NIGHT = date(2027, 3, 16)
NOW = datetime(2027, 3, 16, 2, tzinfo=UTC)
UNTIL = NOW + timedelta(minutes=1)
NEXT = timedelta(days=1)


@pytest.fixture
def mine(engine: AsyncEngine) -> SyncCursor:
    return SyncCursor(engine, "me")


@pytest.fixture
def theirs(engine: AsyncEngine) -> SyncCursor:
    return SyncCursor(engine, "you")


async def test_night_begins_at_first_page_and_resumes_noted(mine: SyncCursor) -> None:
    assert await mine.claim(CAMPAIGN, NIGHT, NOW, UNTIL) == ""
    await mine.note(CAMPAIGN, NIGHT, "page two", UNTIL)
    assert await mine.claim(CAMPAIGN, NIGHT, NOW, UNTIL) == "page two"


async def test_finished_night_has_no_page_until_next(mine: SyncCursor, theirs: SyncCursor) -> None:
    await mine.claim(CAMPAIGN, NIGHT, NOW, UNTIL)
    await mine.note(CAMPAIGN, NIGHT, None, UNTIL)
    for nights in (mine, theirs):
        assert await nights.claim(CAMPAIGN, NIGHT, UNTIL, UNTIL) is None
    assert await theirs.claim(CAMPAIGN, NIGHT + NEXT, NOW + NEXT, UNTIL + NEXT) == ""
    assert await mine.claim(CAMPAIGN, NIGHT + NEXT, NOW + NEXT, UNTIL + NEXT) is None


async def test_unfinished_night_is_not_resumed_in_next(mine: SyncCursor) -> None:
    await mine.claim(CAMPAIGN, NIGHT, NOW, UNTIL)
    await mine.note(CAMPAIGN, NIGHT, "page two", UNTIL)
    assert await mine.claim(CAMPAIGN, NIGHT + NEXT, NOW + NEXT, UNTIL + NEXT) == ""
    assert await mine.claim(CAMPAIGN, NIGHT, NOW + NEXT, UNTIL + NEXT) is None


async def test_another_process_takes_over_only_after_lease_ends(mine: SyncCursor, theirs: SyncCursor) -> None:
    await mine.claim(CAMPAIGN, NIGHT, NOW, UNTIL)
    await mine.note(CAMPAIGN, NIGHT, "page two", UNTIL)
    assert await theirs.claim(CAMPAIGN, NIGHT, UNTIL - timedelta(seconds=1), UNTIL) is None
    assert await theirs.claim(CAMPAIGN, NIGHT, UNTIL, UNTIL + timedelta(minutes=1)) == "page two"
    await mine.note(CAMPAIGN, NIGHT, "page three", UNTIL)
    assert await mine.claim(CAMPAIGN, NIGHT, UNTIL, UNTIL) is None
    assert await theirs.claim(CAMPAIGN, NIGHT, UNTIL, UNTIL) == "page two"


async def test_of_many_at_once_one_begins(engine: AsyncEngine) -> None:
    several = [SyncCursor(engine, f"process {number}") for number in range(10)]
    claims = await asyncio.gather(*(each.claim(CAMPAIGN, NIGHT, NOW, UNTIL) for each in several))
    assert sorted(claims, key=str) == ["", *[None] * 9]


async def test_campaigns_have_nights_of_their_own(mine: SyncCursor, theirs: SyncCursor) -> None:
    assert await mine.claim(CAMPAIGN, NIGHT, NOW, UNTIL) == ""
    assert await theirs.claim("another", NIGHT, NOW, UNTIL) == ""

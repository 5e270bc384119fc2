"""The nights of the directory, on a real database: one process at a time, and each page noted."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.database.database import Database
from bot.store.sync_cursor import SyncCursor

CAMPAIGN = "a-week"
NIGHT = date(2027, 3, 16)
NOW = datetime(2027, 3, 16, 2, tzinfo=UTC)
UNTIL = NOW + timedelta(minutes=1)
NEXT = timedelta(days=1)


@pytest.fixture
def mine() -> SyncCursor:
    return SyncCursor("me")


@pytest.fixture
def theirs() -> SyncCursor:
    return SyncCursor("you")


async def test_night_begins_at_first_page_and_resumes_noted(database: Database, mine: SyncCursor) -> None:
    assert await database.write(mine.claim, CAMPAIGN, NIGHT, NOW, UNTIL) == ""
    await database.write(mine.note, CAMPAIGN, NIGHT, "page two", UNTIL)
    assert await database.write(mine.claim, CAMPAIGN, NIGHT, NOW, UNTIL) == "page two"


async def test_finished_night_has_no_page_until_next(database: Database, mine: SyncCursor, theirs: SyncCursor) -> None:
    await database.write(mine.claim, CAMPAIGN, NIGHT, NOW, UNTIL)
    await database.write(mine.note, CAMPAIGN, NIGHT, None, UNTIL)
    for nights in (mine, theirs):
        assert await database.write(nights.claim, CAMPAIGN, NIGHT, UNTIL, UNTIL) is None
    assert await database.write(theirs.claim, CAMPAIGN, NIGHT + NEXT, NOW + NEXT, UNTIL + NEXT) == ""
    assert await database.write(mine.claim, CAMPAIGN, NIGHT + NEXT, NOW + NEXT, UNTIL + NEXT) is None


async def test_unfinished_night_is_not_resumed_in_next(database: Database, mine: SyncCursor) -> None:
    await database.write(mine.claim, CAMPAIGN, NIGHT, NOW, UNTIL)
    await database.write(mine.note, CAMPAIGN, NIGHT, "page two", UNTIL)
    assert await database.write(mine.claim, CAMPAIGN, NIGHT + NEXT, NOW + NEXT, UNTIL + NEXT) == ""
    assert await database.write(mine.claim, CAMPAIGN, NIGHT, NOW + NEXT, UNTIL + NEXT) is None


async def test_another_process_takes_over_only_after_lease_ends(
    database: Database, mine: SyncCursor, theirs: SyncCursor
) -> None:
    await database.write(mine.claim, CAMPAIGN, NIGHT, NOW, UNTIL)
    await database.write(mine.note, CAMPAIGN, NIGHT, "page two", UNTIL)
    assert await database.write(theirs.claim, CAMPAIGN, NIGHT, UNTIL - timedelta(seconds=1), UNTIL) is None
    assert await database.write(theirs.claim, CAMPAIGN, NIGHT, UNTIL, UNTIL + timedelta(minutes=1)) == "page two"
    await database.write(mine.note, CAMPAIGN, NIGHT, "page three", UNTIL)
    assert await database.write(mine.claim, CAMPAIGN, NIGHT, UNTIL, UNTIL) is None
    assert await database.write(theirs.claim, CAMPAIGN, NIGHT, UNTIL, UNTIL) == "page two"


async def test_of_many_at_once_one_begins(database: Database) -> None:
    several = [SyncCursor(f"process {number}") for number in range(10)]
    claims = await asyncio.gather(*(database.write(each.claim, CAMPAIGN, NIGHT, NOW, UNTIL) for each in several))
    assert sorted(claims, key=str) == ["", *[None] * 9]


async def test_campaigns_have_nights_of_their_own(database: Database, mine: SyncCursor, theirs: SyncCursor) -> None:
    assert await database.write(mine.claim, CAMPAIGN, NIGHT, NOW, UNTIL) == ""
    assert await database.write(theirs.claim, "another", NIGHT, NOW, UNTIL) == ""

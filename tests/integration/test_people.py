"""The people who asked to take part, on a real database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.people import People, Person

JOINED = datetime(2027, 3, 14, 9, 30, tzinfo=UTC)
ANN = Person("T0TEAM", "U0ANN", "Europe/Stockholm", JOINED, "SE", "said", "sv", direct_messages=True)
BO = Person("T0TEAM", "U0BO", "Asia/Kolkata", JOINED, earth_hour_reminder=True, paused_until=date(2027, 3, 17))
CAI = Person("T0TEAM", "U0CAI", "UTC", JOINED)


@pytest.fixture
def people(engine: AsyncEngine) -> People:
    return People(engine)


async def test_a_person_is_kept_as_they_are(people: People) -> None:
    await people.keep([ANN, BO])
    assert await people.get("U0ANN") == ANN
    assert await people.get("U0BO") == BO


async def test_nobody_is_known_before_they_join(people: People) -> None:
    assert await people.get("U0ANN") is None
    assert await people.reachable() == []


async def test_keeping_a_person_again_replaces_what_was_known(people: People) -> None:
    await people.keep([ANN, BO])
    changed = replace(ANN, zone="Europe/Oslo", direct_messages=False, paused_until=date(2027, 3, 18))
    await people.keep([changed])
    await people.keep([changed])
    assert await people.get("U0ANN") == changed
    assert await people.get("U0BO") == BO


async def test_only_those_who_asked_for_messages_are_reachable_in_order(people: People) -> None:
    await people.keep([CAI, BO, ANN])
    assert await people.reachable() == [ANN, BO]


async def test_keeping_nobody_is_allowed(people: People) -> None:
    await people.keep([])
    assert await people.reachable() == []


async def test_the_instant_of_joining_comes_back_in_utc(people: People) -> None:
    await people.keep([replace(ANN, joined_at=JOINED.astimezone(ZoneInfo("America/New_York")))])
    found = await people.get("U0ANN")
    assert found is not None
    assert (found.joined_at, found.joined_at.tzinfo) == (JOINED, UTC)


async def test_people_are_kept_all_or_none(people: People) -> None:
    await people.keep([ANN])
    broken = replace(BO, joined_at=JOINED.replace(tzinfo=None))
    with pytest.raises(Exception, match="an instant needs a zone"):
        await people.keep([replace(ANN, zone="Europe/Oslo"), broken])
    assert await people.reachable() == [ANN]

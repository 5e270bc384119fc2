"""What organisers did, and who stands in for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.campaign.organiser_decisions import StandIn
from bot.database.database import Database
from bot.store.organiser_acts import Act, Acted, Actor, NotAllowedError
from bot.store.store import Store

from .decided import NOW, decide
from .lines import CAMPAIGN, LEASE

BOSS = Actor(CAMPAIGN, "U0BOSS", NOW)
LAST = date(2027, 3, 19)


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database, "me", LEASE)


async def test_every_act_is_shown_newest_first(store: Store) -> None:
    await store.write(store.pauses.pause, BOSS, "NO")
    later = replace(BOSS, user="U0SEA", at=NOW + timedelta(minutes=1))
    await store.write(store.approvals.approve, later, "tip", "sv", "f00d")
    await store.write(store.pauses.pause, replace(BOSS, campaign="another"))
    assert await store.read(store.organisers.acts, CAMPAIGN, 5) == [
        Acted("U0SEA", Act.APPROVED, "tip", "sv", None, later.at),
        Acted("U0BOSS", Act.PAUSED, "", None, "NO", NOW),
    ]
    assert len(await store.read(store.organisers.acts, CAMPAIGN, 1)) == 1


async def test_each_change_is_recorded_as_an_act(store: Store) -> None:
    await decide(store, "U0SEA")
    found = {each.act for each in await store.read(store.organisers.acts, CAMPAIGN, 50)}
    elsewhere = {Act.ASKED_ABOUT_IDEA, Act.DECIDED_IDEA, Act.SHARED_IDEA, Act.SHARED_POST}
    assert set(Act) - found - elsewhere == {Act.DISCARDED, Act.ENDED_STAND_IN, Act.TRIED_AGAIN, Act.CORRECTED}


async def test_what_changes_nothing_is_no_act(store: Store) -> None:
    for _ in range(2):
        await store.write(store.pauses.pause, BOSS)
        await store.write(store.pauses.leave_out, BOSS, "tip", "SE")
        await store.write(store.approvals.approve, BOSS, "tip", "sv", "f00d")
    assert not await store.write(store.pauses.bring_back, BOSS, "tip", "NO")
    assert not await store.write(store.organisers.end_stand_in, BOSS, "SE", "U0CAI")
    assert not await store.write(store.revisions.discard, BOSS, "n0ne")
    assert not await store.write(store.revisions.withdraw_post, BOSS, "own-n0ne")
    assert len(await store.read(store.organisers.acts, CAMPAIGN, 50)) == 3


async def test_a_stand_in_is_named_once_with_last_day(store: Store) -> None:
    before = [
        await store.write(store.organisers.name_stand_in, BOSS, "SE", "U0CAI", last)
        for last in (LAST - timedelta(days=2), LAST, LAST)
    ]
    assert [each and each.until for each in before] == [None, LAST - timedelta(days=2), LAST]
    assert len(await store.read(store.organisers.acts, CAMPAIGN, 5)) == 2
    await store.write(store.organisers.name_stand_in, BOSS, "NO", "U0CAI", LAST)
    both = (StandIn("NO", "U0CAI", LAST, "U0BOSS", NOW), StandIn("SE", "U0CAI", LAST, "U0BOSS", NOW))
    assert await store.read(store.organisers.stand_ins, CAMPAIGN) == both
    assert await store.write(store.organisers.end_stand_in, BOSS, "SE", "U0CAI")
    assert await store.read(store.organisers.stand_ins, CAMPAIGN) == both[:1]


async def test_each_change_of_a_stand_in_has_its_name(store: Store) -> None:
    seen, later = [], replace(BOSS, at=NOW + timedelta(hours=1))
    named, ended = store.organisers.name_stand_in, store.organisers.end_stand_in
    steps: list[tuple[Callable[..., Any], Actor, list[date]]] = [
        (named, BOSS, [LAST]),
        (named, later, [LAST]),
        (named, later, [NOW.date()]),
        (ended, later, []),
    ]
    for change, actor, last in steps:
        await store.write(change, actor, "SE", "U0CAI", *last)
        seen += await store.read(store.organisers.stand_in_changes, CAMPAIGN)
    first, same, other, last_one = seen
    assert first == same, "named once more for the same day"
    assert len({each.id for each in seen}) == 3
    assert [(each.at, each.ended_at) for each in (first, other, last_one)] == [
        (NOW, None),
        (later.at, None),
        (later.at, later.at),
    ]
    assert not await store.write(store.organisers.end_stand_in, BOSS, "SE", "U0CAI")
    await store.write(store.organisers.name_stand_in, BOSS, "SE", "U0CAI", LAST)
    assert len(await store.read(store.organisers.stand_ins, CAMPAIGN)) == 1, "named once more"


async def test_acts_name_nobody_but_the_one_acting(store: Store) -> None:
    await store.write(store.organisers.name_stand_in, BOSS, "SE", "U0CAI", LAST)
    await store.write(store.organisers.end_stand_in, BOSS, "SE", "U0CAI")
    assert "U0CAI" not in repr(await store.read(store.organisers.acts, CAMPAIGN, 5))


async def test_a_change_is_made_for_its_organisers_alone(store: Store) -> None:
    await store.write(store.organisers.name_stand_in, BOSS, "SE", "U0CAI", LAST)
    seen: list[str] = []

    def stands_in(them: tuple[StandIn, ...]) -> bool:
        seen.extend(each.user for each in them)
        return len(seen) > 1

    carry_out, pause = store.organisers.carry_out, store.pauses.pause
    with pytest.raises(NotAllowedError):
        await store.write(carry_out, BOSS, stands_in, pause, "SE")
    assert await store.read(store.pauses.in_force, CAMPAIGN) == ()
    await store.write(carry_out, BOSS, stands_in, pause, "SE")
    assert [each.country for each in await store.read(store.pauses.in_force, CAMPAIGN)] == ["SE"]
    assert seen == ["U0CAI", "U0CAI"]

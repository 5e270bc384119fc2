"""Pauses, and posts that a country leaves out."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.campaign.organiser_decisions import Omission, Pause
from bot.database.database import Database
from bot.store.organiser_acts import Actor
from bot.store.pauses import Missed
from bot.store.store import Store

from .decided import NOW
from .lines import CAMPAIGN, LEASE

BOSS, NORA = Actor(CAMPAIGN, "U0BOSS", NOW), Actor(CAMPAIGN, "U0NORA", NOW + timedelta(minutes=1))


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database, "me", LEASE)


async def test_a_pause_holds_until_resumed_once(store: Store) -> None:
    made = await store.write(store.pauses.pause, BOSS)
    assert await store.read(store.pauses.in_force, CAMPAIGN) == (made,)
    assert await store.read(store.pauses.in_force, "another") == ()
    assert [await store.write(store.pauses.resume, NORA, made, Missed.SEND) for _ in range(2)] == [True, False]
    assert await store.read(store.pauses.in_force, CAMPAIGN) == ()
    assert (await store.write(store.pauses.pause, NORA)).id != made.id


async def test_who_pauses_second_is_told_who_did(store: Store) -> None:
    both = await asyncio.gather(*(store.write(store.pauses.pause, who, "NO") for who in (BOSS, NORA)))
    assert both[0] == both[1]
    assert await store.read(store.pauses.in_force, CAMPAIGN) == (both[0],)


async def test_all_and_a_country_pause_apart(store: Store) -> None:
    made = [await store.write(store.pauses.pause, BOSS, country) for country in ("", "NO")]
    await store.write(store.pauses.resume, BOSS, made[0], Missed.LEAVE_OUT)
    assert await store.read(store.pauses.in_force, CAMPAIGN) == (made[1],)


@pytest.mark.parametrize(("paused", "held"), [("", {"NO", "SE", None}), ("NO", {"NO"})])
def test_a_pause_holds_for_whom_it_says(paused: str, held: set[str | None]) -> None:
    pause = Pause("1", paused, "U0BOSS", NOW)
    assert {country for country in ("NO", "SE", None) if pause.holds_for(country)} == held


async def test_a_post_is_left_out_and_brought_back(store: Store) -> None:
    made = [await store.write(store.pauses.leave_out, who, "tip", "NO") for who in (NORA, BOSS)]
    assert made == [Omission("tip", "NO", "U0NORA", NORA.at)] * 2
    assert await store.read(store.pauses.omissions, CAMPAIGN) == (made[0],)
    assert [await store.write(store.pauses.bring_back, BOSS, "tip", "NO") for _ in range(2)] == [True, False]
    assert await store.read(store.pauses.omissions, CAMPAIGN) == ()
    again = await store.write(store.pauses.leave_out, replace(BOSS, at=NOW + timedelta(days=1)), "tip", "NO")
    assert await store.read(store.pauses.omissions, CAMPAIGN) == (again,)
    assert again.by == "U0BOSS"

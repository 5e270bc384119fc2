"""Who wants no digest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.database.database import Database
from bot.store.organiser_acts import Actor
from bot.store.store import Store

from .decided import NOW
from .lines import CAMPAIGN, LEASE

SEA = Actor(CAMPAIGN, "U0SEA", NOW)


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database, "me", LEASE)


async def test_switch_is_each_persons_own_and_lasts(store: Store) -> None:
    for _ in range(2):
        await store.write(store.digests.switch_off, SEA)
    await store.write(store.digests.switch_off, replace(SEA, user="U0SEB"))
    await store.write(store.digests.switch_off, replace(SEA, campaign="another"))
    assert await store.read(store.digests.off, CAMPAIGN) == {"U0SEA", "U0SEB"}
    for _ in range(2):
        await store.write(store.digests.switch_on, SEA)
    assert await store.read(store.digests.off, CAMPAIGN) == {"U0SEB"}
    assert await store.read(store.digests.off, "another") == {"U0SEA"}


async def test_switch_is_no_act_for_others(store: Store) -> None:
    await store.write(store.digests.switch_off, SEA)
    assert await store.read(store.organisers.acts, CAMPAIGN, 5) == []
    shown = await store.read(store.overview, CAMPAIGN, ("SE",), 5, "U0SEA")
    assert not shown.has_digest
    assert (await store.read(store.overview, CAMPAIGN, ("SE",), 5, "U0SEB")).has_digest

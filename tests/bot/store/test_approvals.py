"""Approvals, each once and by hash."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.campaign.text_hash import text_hash
from bot.database.database import Database
from bot.store.organiser_acts import Actor
from bot.store.store import Store

from .decided import FILE, NEW, NOW
from .lines import CAMPAIGN, LEASE

ANN = Actor(CAMPAIGN, "U0ANN", NOW)


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database, "me", LEASE)


async def test_words_are_approved_once_by_the_first(store: Store) -> None:
    hash_ = text_hash(NEW)
    made = await asyncio.gather(
        *(store.write(store.approvals.approve, replace(ANN, user=user), "tip", "sv", hash_) for user in ("U0A", "U0B"))
    )
    assert made[0] == made[1]
    assert (made[0].post, made[0].language, made[0].hash) == ("tip", "sv", hash_)
    assert len(await store.read(store.organisers.acts, CAMPAIGN, 5)) == 1


async def test_an_approval_is_of_these_words_alone(store: Store) -> None:
    made = await store.write(store.approvals.approve, ANN, "tip", "sv", text_hash(NEW))
    decisions = await store.read(store.decisions, CAMPAIGN)
    assert decisions.approval("tip", "sv", NEW) == made
    for post, language, text in (("tip", "sv", FILE), ("tip", "nb", NEW), ("notice", "sv", NEW)):
        assert decisions.approval(post, language, text) is None
    assert (await store.read(store.decisions, "another")).approvals == {}

"""What organisers share, on a real database: once, and with its message."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.database.database import Database
from bot.store.organiser_acts import Act, Actor
from bot.store.outbox import Changes
from bot.store.shared_ideas_and_posts import SHARE, Share, copy_name, news_name, subject_of
from bot.store.store import Store

from .decided import NEW
from .lines import CAMPAIGN, DUE, LEASE, line

IDEA = "1dea" * 8
FIRST, SECOND = Actor(CAMPAIGN, "U0SEA", DUE), Actor(CAMPAIGN, "U0SEB", DUE + timedelta(hours=1))


async def test_what_is_shared_twice_is_shared_once(database: Database) -> None:
    store = Store(database, "me", LEASE)
    held = [await store.write(store.shares.share, actor, IDEA) for actor in (FIRST, SECOND)]
    assert held == [Share(IDEA, "U0SEA", DUE)] * 2
    assert await store.read(store.shares.of_campaign, CAMPAIGN) == {IDEA: held[0]}
    assert await store.read(store.shares.get, CAMPAIGN, IDEA) == held[0]
    assert await store.read(store.shares.get, "another", IDEA) is None
    acts = await store.read(store.organisers.acts, CAMPAIGN, 9)
    assert [(each.act, each.user, each.subject) for each in acts] == [(Act.SHARED_IDEA, "U0SEA", "")]


async def test_of_two_at_once_one_shares(database: Database) -> None:
    store = Store(database, "me", LEASE)
    held = await asyncio.gather(*(store.write(store.shares.share, actor, IDEA) for actor in (FIRST, SECOND)))
    assert held[0] == held[1]
    assert len(await store.read(store.organisers.acts, CAMPAIGN, 9)) == 1


async def test_message_of_a_share_is_the_one_sent(database: Database) -> None:
    store = Store(database, "me", LEASE)
    assert await store.read(store.shares.message, CAMPAIGN, IDEA) is None
    slots = [line(IDEA, "organisers", audience=SHARE), replace(line(IDEA, "organisers", audience=SHARE), recipient="x")]
    await store.write(store.outbox.apply, Changes(add=slots), DUE)
    *_, last = await store.read(store.outbox.entries, CAMPAIGN)
    await store.write(store.outbox.mark_sent, last.id, "C0ROOM", "1.000100", DUE)
    found = await store.read(store.shares.message, CAMPAIGN, IDEA)
    assert found is not None
    assert (found.id, found.ts) == (last.id, "1.000100")


async def test_post_made_from_a_share_keeps_its_origin(database: Database) -> None:
    store = Store(database, "me", LEASE)
    when = ("SE", DUE.date(), DUE.time())
    unknown = await store.write(store.revisions.add_post, FIRST, *when, {"sv": NEW}, IDEA)
    await store.write(store.revisions.withdraw_post, FIRST, unknown.id)
    await store.write(store.shares.share, FIRST, IDEA)
    made = await store.write(store.revisions.add_post, FIRST, *when, {"sv": NEW}, IDEA)
    assert (unknown.origin, made.origin) == (None, IDEA)
    assert await store.read(store.revisions.own_posts, CAMPAIGN) == (made,)
    assert await store.read(store.revisions.own_post, CAMPAIGN, unknown.id) is None
    assert subject_of(copy_name(made)) == IDEA
    shared = await store.write(store.shares.share_post, FIRST, made.id, "SE")
    assert await store.write(store.shares.share_post, SECOND, made.id, "SE") == shared
    from_post = replace(made, origin=made.id)
    assert len(copy_name(from_post)) <= 60


def test_name_of_news_leads_to_its_subject() -> None:
    assert subject_of(news_name(IDEA, "planned")) == IDEA == subject_of(IDEA)
    assert len(news_name(IDEA, "declined")) <= 60

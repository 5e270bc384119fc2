"""Posts that are in Slack are drawn again with the words that they were sent with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.campaign.model import Campaign, Text
from bot.campaign.schedule import Slot
from bot.campaign.text_hash import text_hash
from bot.delivery.sent_post_rendering import SentPost, changeable
from bot.locales.catalogues import words
from bot.messages.message import Message
from bot.store.hold_conditions import Leaving
from bot.store.organiser_acts import Actor
from bot.store.outbox import Changes
from bot.store.store import Store

DUE = datetime(2027, 3, 15, 8, tzinfo=UTC)
TIP = "monday-tip"


def slot(campaign: Campaign, recipient: str = "SE", language: str = "sv", **more: Any) -> Slot:
    """The tip of Monday at nine in Stockholm."""
    known: dict[str, Any] = {
        "post": TIP,
        "audience": "countries",
        "local_date": date(2027, 3, 15),
        "kind": "tip",
        "country": recipient,
        "zone": "Europe/Stockholm",
        "local": datetime(2027, 3, 15, 9),  # noqa: DTZ001 - a wall time
        "due_at": DUE,
        "expires_at": DUE + timedelta(hours=12),
    }
    return Slot(campaign=campaign.id, recipient=recipient, language=language, **known | more)


async def send(store: Store, text: Text | None, *slots: Slot) -> None:
    """Send a post with these words, one message a slot."""
    await store.write(store.outbox.apply, Changes(add=slots), DUE)
    for number, entry in enumerate(await store.write(store.outbox.claim, DUE, 9), 1):
        leaving = Leaving(entry.slot.post, text) if text else None
        assert await store.write(store.leave, entry, "C0WEEK", leaving, DUE)
        await store.write(store.arrived, entry, "C0WEEK", f"{number}.000100", DUE)


async def found(store: Store, campaign: Campaign, since: datetime = DUE, kind: str = "tip") -> list[SentPost]:
    return await changeable(store, campaign, kind, since)


def with_text(campaign: Campaign, language: str = "sv", **changed: str) -> Campaign:
    """The campaign after somebody edited the tip."""
    key = (TIP, language)
    return replace(
        campaign, texts={**campaign.texts, key: campaign.text(*key).model_copy(update={"title": "Ändrat", **changed})}
    )


def drawn(post: SentPost, **more: Any) -> Message:
    return post.draw(words(post.entry.slot.language), **more)


async def test_before_anything_is_sent_nothing_can_change(store: Store, campaign: Campaign) -> None:
    assert await found(store, campaign) == []


async def test_post_keeps_the_words_it_was_sent_with(store: Store, campaign: Campaign) -> None:
    before = campaign.text(TIP, "sv")
    await send(store, before, slot(campaign))
    [as_sent] = await found(store, campaign)
    [as_edited] = await found(store, with_text(campaign))
    assert as_sent.text == as_edited.text == before
    assert as_edited.entry.text_hash == text_hash(before)
    assert drawn(as_sent) == drawn(as_edited)
    assert before.title in str(drawn(as_edited).blocks)


async def test_each_language_has_its_own_words(store: Store, campaign: Campaign) -> None:
    old = with_text(campaign).text(TIP, "sv")
    await send(store, old, slot(campaign))
    await send(store, campaign.text(TIP, "nb"), slot(campaign, "NO", "nb"))
    titles = {post.entry.slot.recipient: post.text.title for post in await found(store, campaign)}
    assert titles == {"SE": "Ändrat", "NO": campaign.text(TIP, "nb").title}
    assert campaign.text(TIP, "sv").title != "Ändrat"


async def test_unknown_words_are_those_of_the_file(store: Store, campaign: Campaign) -> None:
    await send(store, None, slot(campaign))
    edited = with_text(campaign)
    [post] = await found(store, edited)
    assert (post.text.title, post.campaign) == ("Ändrat", edited)


@pytest.mark.parametrize(("kind", "after", "count"), [("tip", 0, 1), ("tip", 1, 0), ("note", 0, 0)])
async def test_kind_and_instant_choose(store: Store, campaign: Campaign, kind: str, after: int, count: int) -> None:
    await send(store, campaign.text(TIP, "sv"), slot(campaign))
    assert len(await found(store, campaign, DUE + timedelta(seconds=after), kind)) == count


async def test_post_that_is_in_no_file_is_left(store: Store, campaign: Campaign) -> None:
    await send(store, campaign.text(TIP, "sv"), slot(campaign))
    without = replace(campaign, posts=tuple(post for post in campaign.posts if post.post != TIP))
    assert await found(store, without) == []
    assert await found(store, replace(campaign, id="another")) == []


async def test_corrected_post_says_when(store: Store, campaign: Campaign) -> None:
    old, new = campaign.text(TIP, "sv"), with_text(campaign).text(TIP, "sv")
    await send(store, old, slot(campaign))
    [before] = await found(store, campaign)
    at = DUE + timedelta(minutes=90)
    await store.write(store.corrections.correct, Actor(campaign.id, "U0SEA", at), TIP, {"sv": new})
    [correction] = await store.write(store.outbox.claim, at, 9)
    await store.write(store.leave, correction, "C0WEEK", Leaving(TIP, new), at)
    await store.write(store.arrived, correction, "C0WEEK", "1.000100", at)
    [after] = await found(store, campaign)
    assert (before.corrected_at, after.corrected_at) == (None, at)
    assert after.text == new
    *_, last = drawn(after).blocks
    assert last["block_id"] == "corrected"
    assert "10:30" in str(last), "in Stockholm"
    assert "corrected" not in [block["block_id"] for block in drawn(before).blocks]


async def test_figure_is_drawn_and_the_rest_stays(store: Store, campaign: Campaign) -> None:
    await send(store, campaign.text(TIP, "sv"), slot(campaign))
    [post] = await found(store, campaign)
    plain, counted = drawn(post), drawn(post, count=15)
    assert [block for block in counted.blocks if block["block_id"] != "count"] == list(plain.blocks)
    assert len(counted.blocks) == len(plain.blocks) + 1


async def test_buttons_are_those_of_the_instant(store: Store, campaign: Campaign) -> None:
    await send(store, campaign.text(TIP, "sv"), slot(campaign, expires_at=DUE + timedelta(days=365)))
    [post] = await found(store, campaign)
    assert drawn(post) == drawn(post, at=DUE)
    over = drawn(post, at=DUE + timedelta(days=365))
    assert "did_this" in str(drawn(post).blocks)
    assert "did_this" not in str(over.blocks)

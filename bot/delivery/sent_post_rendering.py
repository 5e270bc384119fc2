"""Posts that are in Slack and are drawn again: with the words they were sent with, and what is known by now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.campaign.campaign_moment import Moment
from bot.campaign.localtime import local
from bot.campaign.model import Campaign, Post, Text
from bot.campaign.schedule import post_of
from bot.messages.message import Message
from bot.messages.post_context import PostContext
from bot.messages.post_rendering import compose, corrected
from bot.messages.words import Words
from bot.standings.published_figures import Figure, Standings
from bot.store.outbox import Entry
from bot.store.store import Store


@dataclass(frozen=True)
class SentPost:
    """A post as it was sent, or last corrected: drawing it again corrects nothing silently."""

    campaign: Campaign
    entry: Entry
    post: Post
    corrected_at: datetime | None

    @property
    def text(self) -> Text:
        """The words that it was sent with."""
        return self.campaign.text(self.post.post, self.entry.slot.language)

    def draw(
        self,
        words: Words,
        at: datetime | None = None,
        *,
        count: Figure = None,
        standings: Standings | None = None,
        picture: str | None = None,
    ) -> Message:
        """Draw it as it was when it was sent, or as it is at an instant, with the figures and the picture of now."""
        slot = self.entry.slot
        moment = Moment(self.campaign, at or slot.due_at, slot.zone)
        context = PostContext(self.campaign, self.post, words, standings=standings, country=slot.country, at=moment)
        message = compose(replace(context, count=count, picture=picture))
        if self.corrected_at is None:
            return message
        return corrected(message, words, local(self.corrected_at, slot.zone).time())


async def changeable(store: Store, campaign: Campaign, kind: str, since: datetime) -> list[SentPost]:
    """List the posts of a kind that may still be edited, and are in the campaign's files."""
    entries = await store.read(store.outbox.changeable, campaign.id, kind, since)
    if not entries:
        return []
    sent = await store.read(store.revisions.sent, campaign.id)
    corrections = await store.read(store.corrections.times, campaign.id)
    return [
        SentPost(_as_sent(campaign, entry, sent), entry, post, corrections.get(entry.id))
        for entry in entries
        if (post := post_of(campaign, entry.slot))
    ]


def _as_sent(campaign: Campaign, entry: Entry, sent: Mapping[str, Text]) -> Campaign:
    """Return the campaign with the words that a message was sent with."""
    text = sent.get(entry.text_hash or "")
    texts = {(entry.slot.post, entry.slot.language): text} if text else {}
    return replace(campaign, texts={**campaign.texts, **texts}) if texts else campaign

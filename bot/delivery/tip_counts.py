"""Updates the counts under tips: how many colleagues did what a tip proposes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.campaign.campaign_phase import Moment
from bot.campaign.localtime import local
from bot.campaign.model import Campaign, Post, Text
from bot.campaign.schedule import day_of
from bot.delivery.sender import Sender
from bot.messages.message import Message
from bot.messages.post_context import PostContext
from bot.messages.post_rendering import compose, corrected
from bot.messages.words import Words
from bot.slack.results import Posted, Rejected
from bot.standings.figures import Band, Figure, Standings
from bot.standings.measures import headcount, readers, tip_cell
from bot.store.outbox import Entry
from bot.store.store import Store

EVERY = timedelta(minutes=1)
_FOR = timedelta(days=7)
"""The age up to which a post is updated. Nobody scrolls up to older ones."""

log = structlog.get_logger()


@dataclass(frozen=True)
class _Tip:
    """A tip as it was sent, or last corrected: a count changes nothing else."""

    campaign: Campaign
    entry: Entry
    post: Post
    corrected_at: datetime | None

    def draw(self, words: Words, figure: Figure) -> Message:
        slot = self.entry.slot
        sent = Moment(self.campaign, slot.due_at, slot.zone)
        message = compose(PostContext(self.campaign, self.post, words, country=slot.country, count=figure, at=sent))
        at = self.corrected_at
        return corrected(message, words, local(at, slot.zone).time()) if at else message


@dataclass(frozen=True)
class TipCounts:
    """Keeps the count under every recent tip at the last published figure, with at most one edit a minute for each."""

    store: Store
    sender: Sender
    words: Callable[[str], Words]

    async def refresh(self, campaign: Campaign, standings: Standings | None, now: datetime) -> None:
        """Update the posts whose count has changed."""
        if standings is None:
            return
        tips = await self.store.read(self.store.outbox.changeable, campaign.id, "tip", now - _FOR)
        sent = await self.store.read(self.store.revisions.sent, campaign.id) if tips else {}
        corrections = await self.store.read(self.store.corrections.times, campaign.id) if tips else {}
        for entry in tips:
            post = _post_of(campaign, entry)
            figure = standings.tips.get(tip_cell(campaign, post)) if post else None
            if post is None or figure is None or figure is Band.FEW:
                continue
            tip = _Tip(_as_sent(campaign, entry, sent), entry, post, corrections.get(entry.id))
            if not await self._keep_up(tip, figure, now):
                return

    async def _keep_up(self, tip: _Tip, figure: Figure, now: datetime) -> bool:
        """Update one post. Returns False if Slack should be left alone until the next round, a minute later."""
        entry = tip.entry
        # The column is a number, so "nearly all" is stored as the headcount.
        count = figure if isinstance(figure, int) else headcount(readers(tip.campaign, tip.post))
        if count is None or count == entry.shown or entry.channel is None or entry.ts is None:
            return True
        if not await self.store.write(self.store.outbox.claim_update, entry.id, now, EVERY):
            return True
        match await self.sender.change(entry.channel, entry.ts, tip.draw(self.words(entry.slot.language), figure)):
            case Posted():
                await self.store.write(self.store.outbox.record_shown, entry.id, count)
                return True
            case Rejected(word, reason):
                await self.store.write(self.store.outbox.freeze, entry.id, f"its count is left as it is: {reason}")
                log.warning("a count is left as it is", action="tip_counts.frozen", post=entry.slot.post, reason=word)
                return True
            case other:
                log.debug("counts were not refreshed", action="tip_counts.delayed", reason=type(other).__name__)
                return False


def _as_sent(campaign: Campaign, entry: Entry, sent: Mapping[str, Text]) -> Campaign:
    """Return the campaign with the words that a message was sent with: a count corrects nothing silently."""
    text = sent.get(entry.text_hash or "")
    texts = {(entry.slot.post, entry.slot.language): text} if text else {}
    return replace(campaign, texts={**campaign.texts, **texts}) if texts else campaign


def _post_of(campaign: Campaign, entry: Entry) -> Post | None:
    """Find the post of an entry. A post for several audiences or days is listed once for each."""
    slot = entry.slot
    posts = [each for each in campaign.posts if each.post == slot.post and each.audience == slot.audience]
    return next((each for each in posts if day_of(each, slot.country) == slot.local_date), None)

"""Updates the counts under tips: how many colleagues did what a tip proposes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.campaign.model import Campaign
from bot.delivery.pictures import Pictures
from bot.delivery.sender import Sender
from bot.delivery.sent_post_rendering import SentPost, changeable
from bot.messages.words import Words
from bot.slack.send_results import Posted, Rejected
from bot.standings.indicators import headcount, readers, tip_cell
from bot.standings.published_figures import Band, Figure, Standings
from bot.store.store import Store

EVERY = timedelta(minutes=1)
_FOR = timedelta(days=7)
"""The age up to which a post is updated. Nobody scrolls up to older ones."""

log = structlog.get_logger()


@dataclass(frozen=True)
class TipCounts:
    """Keeps the count under every recent tip at the last published figure, with at most one edit a minute for each."""

    store: Store
    sender: Sender
    words: Callable[[str], Words]
    pictures: Pictures

    async def refresh(self, campaign: Campaign, standings: Standings | None, now: datetime) -> None:
        """Update the posts whose count has changed."""
        if standings is None:
            return
        for tip in await changeable(self.store, campaign, "tip", now - _FOR):
            figure = standings.tips.get(tip_cell(campaign, tip.post))
            if figure is None or figure is Band.FEW:
                continue
            if not await self._keep_up(tip, figure, now):
                return

    async def _keep_up(self, tip: SentPost, figure: Figure, now: datetime) -> bool:
        """Update one post. Returns False if Slack should be left alone until the next round, a minute later."""
        entry = tip.entry
        # The column is a number, so "nearly all" is stored as the headcount.
        count = figure if isinstance(figure, int) else headcount(readers(tip.campaign, tip.post))
        if count is None or count == entry.shown or entry.channel is None or entry.ts is None:
            return True
        if not await self.store.write(self.store.outbox.claim_update, entry.id, now, EVERY):
            return True
        picture = await self.pictures.file_of(tip.campaign, tip.text)
        message = tip.draw(self.words(entry.slot.language), count=figure, picture=picture)
        match await self.sender.change(entry.channel, entry.ts, message):
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

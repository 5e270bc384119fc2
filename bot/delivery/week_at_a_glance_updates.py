"""Keeps the week at a glance up: pinned in its channel, and changed in place once an hour at most."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zlib import crc32

import structlog

from bot.campaign.campaign_moment import Moment
from bot.campaign.localtime import end_of_day
from bot.campaign.model import Campaign
from bot.delivery.sender import Sender
from bot.delivery.sent_post_rendering import SentPost, changeable
from bot.messages.message import Message
from bot.messages.week_at_a_glance import KIND
from bot.messages.words import Words
from bot.slack.send_results import Posted, Rejected
from bot.standings.published_figures import Standings
from bot.store.outbox import Entry
from bot.store.store import Store

EVERY = timedelta(hours=1)
"""The least time between two changes of one message: nobody wants a channel that moves all day."""

OVER = "the campaign is over"

_POSITIVE = 0x7FFFFFFF

log = structlog.get_logger()


@dataclass(frozen=True)
class Glances:
    """Pins each message once, draws it anew when something has changed, and unpins it when the campaign is over."""

    store: Store
    sender: Sender
    words: Callable[[str], Words]

    async def refresh(self, campaign: Campaign, standings: Standings | None, now: datetime) -> None:
        """Look at every message once."""
        since = end_of_day(campaign.opens, campaign.zone) - timedelta(days=2)
        for sent in await changeable(self.store, campaign, KIND, since):
            if not await self._keep_up(sent, standings, now):
                return

    async def _keep_up(self, sent: SentPost, standings: Standings | None, now: datetime) -> bool:
        """Bring one message up to date. Returns False if Slack should be left alone until the next round."""
        entry = sent.entry
        if entry.channel is None or entry.ts is None:
            return True
        if not Moment(sent.campaign, now, entry.slot.zone).is_open:
            return await self._end(entry, entry.channel, entry.ts)
        message = sent.draw(self.words(entry.slot.language), now, standings=standings)
        shown = _number(message)
        if shown == entry.shown or not await self.store.write(self.store.outbox.claim_update, entry.id, now, EVERY):
            return True
        # Only once, so that whoever takes the pin away is not answered with another one.
        if entry.shown is None and not await self._pin(entry.channel, entry.ts):
            return False
        return await self._change(entry, message, shown)

    async def _change(self, entry: Entry, message: Message, shown: int) -> bool:
        match await self.sender.change(entry.channel or "", entry.ts or "", message):
            case Posted():
                await self.store.write(self.store.outbox.record_shown, entry.id, shown)
                return True
            case Rejected(word, reason):
                await self.store.write(self.store.outbox.freeze, entry.id, f"it is left as it is: {reason}")
                log.warning("the week at a glance is left as it is", action="glances.frozen", reason=word)
                return True
            case other:
                log.debug("the week at a glance was not changed", action="glances.delayed", reason=type(other).__name__)
                return False

    async def _pin(self, channel: str, ts: str) -> bool:
        """Pin a message. Returns False if that is to be tried again: without the permission it is only not pinned."""
        match await self.sender.pin(channel, ts):
            case Posted():
                return True
            case Rejected(word, _):
                log.warning("the week at a glance is not pinned", action="glances.not_pinned", reason=word)
                return True
            case other:
                log.debug("the week at a glance was not pinned", action="glances.delayed", reason=type(other).__name__)
                return False

    async def _end(self, entry: Entry, channel: str, ts: str) -> bool:
        match await self.sender.unpin(channel, ts):
            case Posted() | Rejected():
                await self.store.write(self.store.outbox.freeze, entry.id, OVER)
                return True
            case _:
                return False


def _number(message: Message) -> int:
    """Return a number that differs where what people see differs, and fits into a column."""
    return crc32(json.dumps([message.text, message.blocks], sort_keys=True).encode()) & _POSITIVE

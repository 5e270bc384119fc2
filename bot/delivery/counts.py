"""How many colleagues did what a tip proposes, shown under the tip."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.campaign.calendar import day_of
from bot.campaign.model import Campaign, Post
from bot.campaign.moment import Moment
from bot.delivery.poster import Posted, Poster, Refused
from bot.messages.compose import compose
from bot.messages.occasion import Figures
from bot.messages.words import Words
from bot.standings.tips import shown
from bot.store.deeds import Kind
from bot.store.outbox import Outbox, Row
from bot.store.participation import Participation

EVERY = timedelta(minutes=1)
_FOR = timedelta(days=7)
"""Older posts are left as they are; nobody scrolls up to them."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Counts:
    """Keeps the count under every recent tip up to date, at most once a minute each."""

    outbox: Outbox
    participation: Participation
    poster: Poster
    words: Callable[[str], Words]

    async def refresh(self, campaign: Campaign, now: datetime) -> None:
        """Change the posts whose count is no longer what they show."""
        rows = await self.outbox.changeable(campaign.id, "tip", now - _FOR)
        counts = {name: await self._count(campaign, name) for name in {row.line.post for row in rows}}
        for row in rows:
            count = counts[row.line.post]
            wanted = count and count != row.shown and await self.outbox.may_show(row.id, now, EVERY)
            if count and wanted and not await self._show(campaign, row, count):
                return

    async def _count(self, campaign: Campaign, post: str) -> int | None:
        people = await self.participation.did(campaign.id, Kind.TIP, post)
        return shown(people, campaign.smallest_group, campaign.headcount)

    async def _show(self, campaign: Campaign, row: Row, count: int) -> bool:
        """Whether Slack may be asked for more of this; the next round comes in a minute."""
        post = _entry(campaign, row)
        if post is None or row.channel is None or row.ts is None:
            return True
        sent = Moment(campaign, row.line.due_at, row.line.zone)
        figures = Figures(country=row.line.country, count=count, at=sent)
        message = compose(campaign, post, self.words(row.line.language), figures)
        match await self.poster.change(row.channel, row.ts, message):
            case Posted():
                await self.outbox.shows(row.id, count)
                return True
            case Refused(word, reason):
                await self.outbox.leave_as_it_is(row.id, f"its count is left as it is: {reason}")
                log.warning("a count is left as it is", action="counts.left", post=row.line.post, reason=word)
                return True
            case other:
                log.debug("counts were not refreshed", action="counts.not_shown", reason=type(other).__name__)
                return False


def _entry(campaign: Campaign, row: Row) -> Post | None:
    """The entry a row came from: a post for several audiences or days has one for each."""
    line = row.line
    entries = [each for each in campaign.posts if each.post == line.post and each.audience == line.audience]
    return next((each for each in entries if day_of(each, line.country) == line.local_date), None)

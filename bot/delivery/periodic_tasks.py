"""Maintenance: publish figures, upload pictures, update messages in their place, end waves, erase old data."""

from __future__ import annotations

from datetime import date, datetime

import structlog

from bot.campaign.awareness import ended_waves
from bot.campaign.localtime import local
from bot.campaign.model import Campaign
from bot.delivery.idea_message_updates import IdeaReviews
from bot.delivery.pictures import Pictures
from bot.delivery.tip_counts import TipCounts
from bot.delivery.week_at_a_glance_updates import Glances
from bot.standings.publisher import Publisher
from bot.store.privacy import Privacy

log = structlog.get_logger()


class Maintenance:
    """Does what is due according to the store, so that running it twice does nothing twice."""

    def __init__(
        self,
        publisher: Publisher,
        pictures: Pictures,
        counts: TipCounts,
        glances: Glances,
        reviews: IdeaReviews,
        privacy: Privacy,
    ) -> None:
        self._publisher = publisher
        self.pictures = pictures
        self._counts = counts
        self._glances = glances
        self._reviews = reviews
        self._privacy = privacy
        self._purged_on: date | None = None

    async def run(self, campaign: Campaign, now: datetime) -> None:
        """Do what is due at an instant."""
        newest = await self._publisher.keep_up(campaign, now)
        await self.pictures.upload(campaign)
        await self._counts.refresh(campaign, newest, now)
        await self._glances.refresh(campaign, newest, now)
        await self._reviews.refresh(campaign, now)
        await self._end_waves(campaign, now)
        # The first round of a day is soon after midnight, when hardly anybody waits for the VACUUM of a large file.
        today = local(now, campaign.zone).date()
        if today != self._purged_on:
            await self._purge(campaign, today)
            await self._privacy.clean_up(at_night=True)
            # Set last, so that a failure is tried again in the next round.
            self._purged_on = today
        await self._privacy.clean_up()

    async def _end_waves(self, campaign: Campaign, now: datetime) -> None:
        for post in ended_waves(campaign, now):
            if await self._privacy.end_wave(campaign.id, str(post.wave)):
                # Not how many: that is a figure which nothing has blurred.
                log.info("who has answered is no longer known", action="maintenance.wave_ended", post=post.post)

    async def _purge(self, campaign: Campaign, today: date) -> None:
        # Stored each day, since the campaign's closing date may be edited.
        await self._privacy.keep_until(campaign.id, campaign.kept_until)
        for ended in await self._privacy.purge(today):
            log.info("what people did was removed", action="maintenance.purged", campaign=ended)
        if left := await self._privacy.sweep():
            log.info("what was left of people was removed", action="maintenance.swept", rows=left)

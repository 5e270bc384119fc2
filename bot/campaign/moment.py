"""An instant of a campaign where somebody is, and what can be done at it.

What refuses and what offers ask here, so that nothing is offered that would be refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.campaign.localtime import instant, local
from bot.campaign.model import Audience, Campaign, Post


@dataclass(frozen=True)
class Moment:
    """`now` on the clock of `zone`."""

    campaign: Campaign
    now: datetime
    zone: str

    @property
    def today(self) -> date:
        """The local date."""
        return local(self.now, self.zone).date()

    @property
    def is_open(self) -> bool:
        """Whether what is done is still counted."""
        return self.today <= self.campaign.closes

    @property
    def is_open_tomorrow(self) -> bool:
        """Whether it will be on the next day, on which many read what is posted today."""
        return self.today < self.campaign.closes

    @property
    def is_counting(self) -> bool:
        """Whether what is done is counted already, and still."""
        return self.campaign.opens <= self.today and self.is_open

    @property
    def is_in_time(self) -> bool:
        """Whether the week is still to come or not over yet."""
        return self.today <= self.campaign.last_day

    @property
    def hour_opens_on(self) -> date:
        """The local date from which one can say "I'll join" to Earth Hour: the working day before."""
        return self.campaign.earth_hour.day - timedelta(days=1)

    @property
    def hour_is_near(self) -> bool:
        """Whether that day has come."""
        return self.today >= self.hour_opens_on

    @property
    def hour_has_begun(self) -> bool:
        """Whether Earth Hour has begun here."""
        return self.now >= self.campaign.earth_hour.begins(self.zone)

    @property
    def hour_is_over(self) -> bool:
        """Whether Earth Hour is over here."""
        return self.now >= self.campaign.earth_hour.ends(self.zone)

    @property
    def reminder(self) -> Post | None:
        """The reminder of Earth Hour that can still be asked for."""
        reminders = [post for post in self.campaign.posts if post.audience == Audience.EARTH_HOUR_REMINDER]
        return next((post for post in reminders if self._at(post) > self.now), None)

    def _at(self, post: Post) -> datetime:
        return instant(datetime.combine(post.day, post.time), self.zone)


def scheduled(campaign: Campaign, post: Post, zone: str | None = None) -> Moment:
    """The moment at which a post is due in a zone, or on the company's clock."""
    at = zone or campaign.zone
    return Moment(campaign, instant(datetime.combine(post.day, post.time), at), at)

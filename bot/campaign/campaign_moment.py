"""An instant of a campaign in a person's zone, and what can be done at it.

Code that offers an action and code that accepts it both ask here, so that nothing is offered and then refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.campaign.localtime import instant, local
from bot.campaign.model import Audience, Campaign, Post


@dataclass(frozen=True)
class Moment:
    """The instant `now` on the clocks of `zone`."""

    campaign: Campaign
    now: datetime
    zone: str

    @property
    def today(self) -> date:
        """The local date."""
        return local(self.now, self.zone).date()

    @property
    def is_open(self) -> bool:
        """True while actions still count."""
        return self.today <= self.campaign.closes

    @property
    def is_open_tomorrow(self) -> bool:
        """True if actions will still count tomorrow, when many read what is posted today."""
        return self.today < self.campaign.closes

    @property
    def is_counting(self) -> bool:
        """True while actions count: from the day on which the campaign opens until the day on which it closes."""
        return self.campaign.opens <= self.today and self.is_open

    @property
    def is_in_time(self) -> bool:
        """True until the end of the week, also before it has begun."""
        return self.today <= self.campaign.last_day

    @property
    def hour_opens_on(self) -> date:
        """The local date from which one can join Earth Hour: the Monday of its week, or the day before."""
        day = self.campaign.earth_hour.day
        return day - timedelta(days=max(day.weekday(), 1))

    @property
    def hour_is_near(self) -> bool:
        """True from the day on which one can join Earth Hour."""
        return self.today >= self.hour_opens_on

    @property
    def hour_has_begun(self) -> bool:
        """True once Earth Hour has begun in this zone."""
        return self.now >= self.campaign.earth_hour.begins(self.zone)

    @property
    def hour_is_over(self) -> bool:
        """True once Earth Hour is over in this zone."""
        return self.now >= self.campaign.earth_hour.ends(self.zone)

    @property
    def reminder(self) -> Post | None:
        """The next reminder of Earth Hour, or None when it is too late to ask for one."""
        reminders = [post for post in self.campaign.posts if post.audience == Audience.EARTH_HOUR_REMINDER]
        return next((post for post in reminders if self._at(post) > self.now), None)

    def _at(self, post: Post) -> datetime:
        return instant(datetime.combine(post.day, post.time), self.zone)


def scheduled(campaign: Campaign, post: Post, zone: str | None = None) -> Moment:
    """Return the moment at which a post is due in a zone, or in the company's."""
    at = zone or campaign.zone
    return Moment(campaign, instant(datetime.combine(post.day, post.time), at), at)

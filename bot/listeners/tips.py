"""Tips: what is proposed today, and "I did this"."""

from __future__ import annotations

from datetime import date

from bot.campaign.calendar import day_of
from bot.campaign.model import Campaign, Post
from bot.listeners.visit import Visit
from bot.messages.compose import compose
from bot.store.deeds import Deed, Kind


async def did_this(visit: Visit, value: str) -> None:
    """One deed for each person and tip."""
    post = visit.post(value, "tip")
    new = await visit.desk.store.deeds.record(
        Deed(visit.campaign.id, visit.user, Kind.TIP, post.post, visit.country, visit.now)
    )
    await visit.tell(visit.words("tip.noted" if new else "tip.known"))


async def tip(visit: Visit, _value: str) -> None:
    """Show the tip of the day, or the latest one."""
    post = latest(visit.campaign, visit.country, visit.today)
    if post:
        await visit.say(compose(visit.campaign, post, visit.words))
    else:
        await visit.tell(visit.words("tip.none_yet", day=visit.words.day(visit.campaign.first_day)))


def latest(campaign: Campaign, country: str | None, today: date) -> Post | None:
    """The newest tip that a country has had by a local date."""
    tips = [post for post in campaign.posts if post.kind == "tip" and post.reaches(country)]
    had = [post for post in tips if day_of(post, country) <= today]
    return max(had, key=lambda post: (post.day, post.time), default=None)

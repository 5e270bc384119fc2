"""Tips: what is proposed today, and "I did this"."""

from __future__ import annotations

from datetime import date

from bot.campaign.model import Campaign, Post
from bot.campaign.schedule import day_of
from bot.listeners.interaction import Visit
from bot.messages.compose import compose
from bot.messages.post_context import Figures
from bot.store.actions import Deed, Kind


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
        await visit.say(compose(visit.campaign, post, visit.words, Figures(country=visit.country, at=visit.moment)))
    elif coming := _coming(visit):
        await visit.tell(visit.words("tip.none_yet", day=visit.words.day(min(coming))))
    else:
        await visit.tell(visit.words("tip.none"))


def _coming(visit: Visit) -> list[date]:
    """The days of the tips that are still to come where the person is."""
    days = (day_of(post, visit.country) for post in _tips(visit.campaign, visit.country))
    return [day for day in days if day > visit.today]


def latest(campaign: Campaign, country: str | None, today: date) -> Post | None:
    """The newest tip that a country has had by a local date."""
    had = [post for post in _tips(campaign, country) if day_of(post, country) <= today]
    return max(had, key=lambda post: (post.day, post.time), default=None)


def _tips(campaign: Campaign, country: str | None) -> list[Post]:
    return [post for post in campaign.posts if post.kind == "tip" and post.reaches(country)]

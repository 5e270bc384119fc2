"""Awareness: the same two questions in a wave before the week and in one after it, answered without a name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from bot.campaign.figure_publication_times import set_times
from bot.campaign.localtime import instant
from bot.campaign.model import Audience, Campaign, Post
from bot.campaign.parsed_campaign import ParsedCampaign
from bot.campaign.schedule import day_of
from bot.campaign.toml import Location

AWARENESS = "awareness"
"""The kind of a post that asks the questions."""

BEFORE, AFTER = "before", "after"
WAVES = (BEFORE, AFTER)
"""The waves, in their order."""

QUESTIONS = ("company", "work")
"""What is asked: whether one knows what the company does, and what one can do at work."""

ANSWERS = ("yes", "partly", "no")

_DAY = timedelta(days=1)
_OPEN_FOR = 7 * _DAY
"""Days for which a wave is open, unless the week begins before they are over."""


def wave_post(campaign: Campaign, wave: str) -> Post | None:
    """Return the post that asks a wave's questions, or None where the campaign has none."""
    return next((post for post in campaign.posts if post.kind == AWARENESS and post.wave == wave), None)


def last_day(campaign: Campaign, post: Post, country: str | None) -> date:
    """Return the last local day on which people of a country can answer."""
    last = day_of(post, country) + _OPEN_FOR - _DAY
    # What is asked before the week must not be answered with what the week has told.
    return min(last, campaign.first_day - _DAY) if post.wave == BEFORE else last


def opens_at(campaign: Campaign, post: Post, country: str | None) -> datetime:
    """Return the instant from which people of a country can answer, on the day on which they are asked."""
    return instant(datetime.combine(day_of(post, country), time()), _zone(campaign, post, country))


def closes_at(campaign: Campaign, post: Post, country: str | None) -> datetime:
    """Return the instant at which a wave closes for people of a country; those of no country follow the company."""
    return instant(datetime.combine(last_day(campaign, post, country) + _DAY, time()), _zone(campaign, post, country))


def _zone(campaign: Campaign, post: Post, country: str | None) -> str:
    home = campaign.country(country)
    return campaign.zone if post.audience is Audience.COMPANY or home is None else home.zone


def ends_at(campaign: Campaign, post: Post) -> datetime:
    """Return the instant from which nobody anywhere can answer any more."""
    codes = [None, *(country.code for country in campaign.countries if post.reaches(country.code))]
    return max(closes_at(campaign, post, code) for code in codes)


def ended_waves(campaign: Campaign, now: datetime) -> Iterator[Post]:
    """Yield the posts of the waves that have ended, in the order of the waves."""
    posts = (wave_post(campaign, wave) for wave in WAVES)
    return (post for post in posts if post and ends_at(campaign, post) <= now)


def check_awareness(draft: ParsedCampaign, campaign: Campaign) -> None:
    """Check that each wave is asked once and on its side of the week, and warn where nobody will see its figures."""
    for index, post in enumerate(campaign.posts):
        at: Location = ("posts", index)
        faults = list(_faults(campaign, post))
        for what, todo in faults:
            draft.document.error(at, what, todo)
        if post.kind == AWARENESS and not faults and not any(ends_at(campaign, post) <= x for x in set_times(campaign)):
            what = "no figures are taken after this wave ends, so nobody sees what colleagues answered"
            draft.document.warn((*at, "day"), what, "move it to an earlier day, or the results to a later one")


def _faults(campaign: Campaign, post: Post) -> Iterator[tuple[str, str]]:
    if post.kind != AWARENESS:
        if post.wave is not None:
            yield f"`wave` is for posts of kind {AWARENESS}", f'take it away, or write `kind = "{AWARENESS}"`'
        return
    if any(each is not post and each.kind == AWARENESS and each.wave == post.wave for each in campaign.posts):
        yield f"the wave {post.wave!r} is asked twice, and colleagues answer once", "keep one of the two posts"
    if post.wave == BEFORE and post.day >= campaign.first_day:
        yield "the wave before the week is asked when it has begun", "move it to a day before `first_day`"
    if post.wave == AFTER and post.day <= campaign.last_day:
        yield "the wave after the week is asked before it is over", "move it to a day after `last_day`"

"""Everything a kind needs to draw one post in one language."""

from __future__ import annotations

from dataclasses import dataclass

from bot.campaign.earth_hour import EarthHour
from bot.campaign.model import Campaign, Post, Text
from bot.campaign.moment import Moment, scheduled
from bot.messages.words import Words
from bot.standings.figures import Figure, Standings


@dataclass(frozen=True)
class Figures:
    """What a post shows beside its words, all of it safe to show.

    `country` is the code of the country whose channel it is for; `count` is how many colleagues have done what a tip
    proposes. `at` is when it is sent; without it, that is when it is due on the company's clock.
    """

    standings: Standings | None = None
    country: str | None = None
    count: Figure = None
    at: Moment | None = None


NO_FIGURES = Figures()


@dataclass(frozen=True)
class Occasion:
    """One post of a campaign, in one language."""

    campaign: Campaign
    post: Post
    text: Text
    theme: str | None
    earth_hour: EarthHour
    words: Words
    at: Moment
    standings: Standings | None = None
    country: str | None = None
    count: Figure = None


def occasion(campaign: Campaign, post: Post, words: Words, figures: Figures = NO_FIGURES) -> Occasion:
    """The post as it is said in the language of `words`, which is one of the campaign's."""
    return Occasion(
        campaign=campaign,
        post=post,
        text=campaign.text(post.post, words.language),
        theme=campaign.themes[post.theme][words.language] if post.theme else None,
        earth_hour=campaign.earth_hour,
        words=words,
        at=figures.at or scheduled(campaign, post),
        standings=figures.standings,
        country=figures.country,
        count=figures.count,
    )

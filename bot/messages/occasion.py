"""Everything a kind needs to draw one post in one language."""

from __future__ import annotations

from dataclasses import dataclass

from bot.campaign.earth_hour import EarthHour
from bot.campaign.model import Campaign, Post, Text
from bot.messages.words import Words


@dataclass(frozen=True)
class Occasion:
    """One post of a campaign, in one language."""

    post: Post
    text: Text
    theme: str | None
    earth_hour: EarthHour
    words: Words


def occasion(campaign: Campaign, post: Post, words: Words) -> Occasion:
    """The post as it is said in the language of `words`, which is one of the campaign's."""
    theme = campaign.themes[post.theme][words.language] if post.theme else None
    return Occasion(post, campaign.text(post.post, words.language), theme, campaign.earth_hour, words)

"""What a kind of post needs to draw one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.campaign.campaign_moment import Moment
from bot.campaign.model import Campaign
from bot.locales.catalogues import words
from bot.messages.post_context import PostContext

from .reply_samples import LANGUAGES


def context(campaign: Campaign, post: str = "monday-tip", language: str = "sv", country: str = "SE") -> PostContext:
    found = next(each for each in campaign.posts if each.post == post)
    return PostContext(campaign, found, words(language), country=country)


def test_moment_is_the_scheduled_one_unless_told(shipped: Campaign) -> None:
    post = context(shipped)
    assert post.moment == Moment(shipped, datetime(2027, 3, 15, 8, tzinfo=UTC), "Europe/Stockholm")
    later = Moment(shipped, datetime(2027, 3, 15, 12, tzinfo=UTC), "Europe/Oslo")
    assert replace(post, at=later).moment == later


def test_only_shown_words_are_filled_in(shipped: Campaign) -> None:
    post = context(shipped)
    text = post.text.model_copy(
        update={"body": "Vi börjar {first_day}.\n\n{local}", "local": {"SE": "Här.", "NO": "Her."}}
    )
    campaign = replace(shipped, texts={**shipped.texts, ("monday-tip", "sv"): text})
    for country, line in {"SE": "\n\nHär.", "NO": "\n\nHer.", "DE": ""}.items():
        post = context(campaign, country=country)
        assert post.text == text, "an approval names the words as they are written"
        assert post.shown.body == f"Vi börjar {words('sv').short_day(campaign.first_day)}.{line}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_theme_is_named_in_the_language(shipped: Campaign, language: str) -> None:
    assert context(shipped, language=language).theme == shipped.themes["energy"][language]
    assert context(shipped, "invitation", language).theme is None


def test_shown_words_are_filled_in_once(shipped: Campaign) -> None:
    post = context(shipped)
    assert post.shown is post.shown

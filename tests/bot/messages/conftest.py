from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time

import pytest

from bot.campaign import earth_hour
from bot.campaign.model import Campaign, Post, Text
from bot.locales.catalogues import words
from bot.messages.message import Message
from bot.messages.post_context import PostContext
from bot.messages.post_kinds import KINDS
from bot.messages.post_rendering import compose
from tests.campaigns import shipped_campaign

LONGEST = Text(title="t" * 120, summary="s" * 249 + ".", body="Words, words. " * 214 + "end.")


@pytest.fixture(scope="session")
def shipped() -> Campaign:
    return shipped_campaign()


@pytest.fixture(scope="session")
def largest(shipped: Campaign) -> Campaign:
    """Every kind for every audience it may have, with all keys, texts as long as they may be, and a date in doubt."""
    posts = tuple(
        Post(
            post=f"{kind.name.replace('_', '-')}-{audience.replace('_', '-')}",
            kind=kind.name,
            audience=audience,
            day=date(2027, 3, 15),
            time=time(9),
            theme="long",
            sdgs=tuple(range(1, 18)),
            source="&" * 300,
            source_url="https://example.org/" + "x" * 200,
        )
        for kind in KINDS.values()
        for audience in sorted(kind.audiences)
    )
    return replace(
        shipped,
        posts=posts,
        texts={(post.post, language): LONGEST for post in posts for language in shipped.languages},
        themes={"long": dict.fromkeys(shipped.languages, "<" * 75)},
        earth_hour=earth_hour.settle(2027),
    )


def messages_of(campaign: Campaign) -> Iterator[tuple[Post, str, Message]]:
    """Every post of a campaign in every language."""
    for post in campaign.posts:
        for language in campaign.languages:
            yield post, language, compose(PostContext(campaign, post, words(language)))


@pytest.fixture(scope="session", params=["shipped", "largest"])
def messages(request: pytest.FixtureRequest, shipped: Campaign, largest: Campaign) -> list[tuple[Post, str, Message]]:
    return list(messages_of(shipped if request.param == "shipped" else largest))

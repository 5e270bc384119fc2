"""The week's tips as readers outside Slack get them: without buttons, and without questions for a thread."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from bot.campaign.guesses import GUESS, answer_of
from bot.campaign.model import Campaign, Post
from bot.campaign.pictures import Picture
from bot.messages.campaign_texts import post_text
from bot.messages.words import Words
from bot.reports.html import markdown

_TIP = "tip"


@dataclass(frozen=True)
class Tip:
    """A tip in the reader's language. `written` is its text in Markdown, and `post` the post that it stands in."""

    post: str
    day: date
    theme: str
    title: str
    written: str
    picture: Picture | None
    alt: str
    sdgs: tuple[int, ...]
    source: str
    source_url: str

    @property
    def text(self) -> Markup:
        """The text as HTML."""
        return markdown(self.written)


def tips(campaign: Campaign, words: Words) -> tuple[Tip, ...]:
    """Return the tips that readers of a language get, by day."""
    home = home_of(campaign, words.language)
    posts = sorted(_posts(campaign, home), key=lambda post: (post.day, post.time))
    return tuple(_tip(campaign, words, post, home) for post in posts)


def home_of(campaign: Campaign, language: str) -> str | None:
    """Return the country whose first language it is; None where that is true of none or of several.

    A text has a line for each country, and readers outside have not said where they live.
    """
    homes = [country.code for country in campaign.countries if country.language == language]
    return homes[0] if len(homes) == 1 else None


def _posts(campaign: Campaign, home: str | None) -> Iterator[Post]:
    for post in campaign.posts:
        if post.kind in {_TIP, GUESS} and (post.reaches(home) if home else not (post.countries or post.left_out)):
            yield post


def _tip(campaign: Campaign, words: Words, post: Post, home: str | None) -> Tip:
    """Make a tip of a post. Nobody can press a guess here, so that its answer follows at once."""
    answer = answer_of(campaign.posts, post.post) if post.kind == GUESS else None
    told = answer or post
    shown = post_text(campaign, post.post, words, home)
    themes = campaign.themes.get(post.theme or "", {})
    return Tip(
        post=told.post,
        day=post.day,
        theme=themes.get(words.language, ""),
        title=shown.title,
        written=post_text(campaign, told.post, words, home).body,
        picture=campaign.pictures.get(shown.picture),
        alt=shown.alt,
        sdgs=post.sdgs,
        source=told.source or "",
        source_url=told.source_url or "",
    )

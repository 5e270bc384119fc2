"""Everything that a kind needs to draw a post in one language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from bot.campaign.campaign_moment import Moment, scheduled
from bot.campaign.model import Campaign, Post, Text
from bot.messages.campaign_texts import filled_text
from bot.messages.words import Words
from bot.standings.published_figures import Figure, Standings


@dataclass(frozen=True)
class PostContext:
    """A post, with what is shown beside its words.

    - `words` are those of one of the campaign's languages.
    - `standings` and `count` (the colleagues who have done what a tip proposes) are blurred already.
    - `country` is the code of the country whose channel the post is for.
    - `picture` is the ID of its picture in Slack, if it has one that Slack can show by now.
    - `at` is the moment of sending; by default, the scheduled one on the company's clock.
    """

    campaign: Campaign
    post: Post
    words: Words
    standings: Standings | None = None
    country: str | None = None
    count: Figure = None
    picture: str | None = None
    at: Moment | None = None

    @property
    def moment(self) -> Moment:
        """The moment of sending."""
        return self.at or scheduled(self.campaign, self.post)

    @property
    def text(self) -> Text:
        """The post's words as they are written, by which an approval and a message that was sent name them."""
        return self.campaign.text(self.post.post, self.words.language)

    @cached_property
    def shown(self) -> Text:
        """The post's words as the reader sees them."""
        return filled_text(self.text, self.campaign, self.words, self.country)

    @property
    def theme(self) -> str | None:
        """The name of the post's theme."""
        return self.campaign.themes[self.post.theme][self.words.language] if self.post.theme else None

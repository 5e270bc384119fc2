"""Direct messages to organisers, except the digest: what has changed for them and what waits for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.campaign.model import Campaign
from bot.campaign.organiser_decisions import Revision, StandIn
from bot.messages.blocks import action_id_for, button
from bot.messages.campaign_texts import title_of_post
from bot.messages.message import Block, Message
from bot.messages.organise.overview import (
    NotReady,
    cut,
    instant_words,
    missing_sentences,
    name_of,
    post_title,
    scope_name,
    unapproved_sentences,
)
from bot.messages.post_kinds import on_duty
from bot.messages.replies import standings as figures
from bot.messages.replies.phrases import capitalized
from bot.messages.replies.reply_blocks import action_button, button_row, line, lines, quote_lines
from bot.messages.unicode_text import truncate
from bot.messages.words import Words
from bot.standings.published_figures import Standings

_MOST_BUTTONS = 5
"""Buttons to posts, in a row that still fits a phone."""

_LABEL = 70


def words_superseded(words: Words, campaign: Campaign, mine: Revision, zone: str, page: str | None) -> Message:
    """Tell whoever wrote them that their words no longer hold, and quote them, so that nothing is lost."""
    spoken = words.language_name(mine.language)
    intro = words("organise.superseded", post=post_title(words, campaign, mine.post), language=spoken)
    own = words("organise.superseded_yours", **instant_words(words, mine.at, zone))
    said = mine.text
    local = (f"{country}: {text}" for country, text in sorted(said.local.items()))
    text = "\n\n".join(each for each in (said.title, said.summary, said.body, *local, said.ask) if each)
    opening = [button_row("open", button("organise_post", words("button.organise_post"), page))] if page else []
    return Message(
        _plain(intro),
        (
            line(intro, "words_superseded"),
            line(own, "yours"),
            *lines(quote_lines(text), "quoted"),
            *opening,
            on_duty(words),
        ),
    )


def stand_in(words: Words, named: StandIn, *, is_themselves: bool, has_ended: bool) -> Message:
    """Tell somebody that they stand in or no longer do, or the representatives that somebody does."""
    sentence = f"organise.stand_in_{'you' if is_themselves else 'other'}_{'ended' if has_ended else 'named'}"
    values = {"user": name_of(words, named.user), "who": name_of(words, named.by), "day": words.short_day(named.until)}
    intro = capitalized(words(sentence, country=scope_name(words, named.country), **values))
    opens = is_themselves and not has_ended
    row = [button_row("open", action_button(words, "organise", named.country, primary=True))] if opens else []
    return Message(intro, (line(intro, "stand_in"), *row))


def approval_waiting(
    words: Words, campaign: Campaign, pairs: Sequence[tuple[str, str]], due: datetime, pages: Mapping[str, str | None]
) -> Message:
    """Name the posts that are due at a local time and wait to be approved, with buttons to their pages."""
    intro = words("organise.approval_waiting", day=words.short_day(due.date()), time=words.time(due.time()))
    named = cut(words, list(unapproved_sentences(words, campaign, sorted(pairs))))
    row = [_opening(words, campaign, post, page) for post, page in pages.items() if page][:_MOST_BUTTONS]
    rows = [button_row("open", *row)] if row else []
    return Message(intro, (line(intro, "approval_waiting"), *lines(named, "posts"), *rows, on_duty(words)))


def _opening(words: Words, campaign: Campaign, post: str, page: str) -> Block:
    title = title_of_post(campaign, post, words) or post
    return button(action_id_for("organise_post", post), truncate(title, _LABEL), page)


def countdown(words: Words, campaign: Campaign, left: int, missing: NotReady) -> Message:
    """Say how many working days are left before the week, and what is not ready."""
    intro = words.plural("organise.countdown", left, day=words.day(campaign.first_day))
    asked = f"*{words('organise.not_ready')}*"
    said = missing_sentences(words, campaign, missing)
    row = button_row("open", action_button(words, "organise", "countdown", primary=True))
    return Message(intro, (line(intro, "countdown"), *lines([asked, *said], "not_ready"), row, on_duty(words)))


@dataclass(frozen=True)
class Reach:
    """The number of posts that arrived in each country's channel, of how many, and the figures as published.

    `country` is the reader's own. How many people read a message, and who, nobody knows.
    """

    posts: Mapping[str | None, tuple[int, int]]
    standings: Standings | None
    country: str | None


def reach(words: Words, campaign: Campaign, reached: Reach) -> Message:
    """Say what has arrived of the week, and how many take part, as published."""
    intro = words("organise.reach")
    title = f"*{words('organise.reach_arrived')}*"
    counted = [_arrived(words, country, *numbers) for country, numbers in reached.posts.items()]
    shown = figures.brief(words, campaign, reached.standings, reached.country) if reached.standings else []
    return Message(
        intro, (line(intro, "reach"), *lines([title, *cut(words, counted)], "arrived"), *shown, on_duty(words))
    )


def _arrived(words: Words, country: str | None, arrived: int, planned: int) -> str:
    where = scope_name(words, country) if country else words("organise.reach_company")
    number = words.number(arrived)
    return words.plural("organise.reach_posts", planned, where=capitalized(where), arrived=number)


def _plain(text: str) -> str:
    """Take the bold marks out of a sentence that notifications show."""
    return text.replace("*", "")

"""The digest: what organisers are told at the end of each working day of the week."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.campaign.model import Campaign
from bot.campaign.organiser_decisions import Pause
from bot.messages.message import Block, Message
from bot.messages.organise.overview import cut, digest_switch, pause_sentence, post_title, scope_name
from bot.messages.post_kinds import on_duty
from bot.messages.replies import standings as figures
from bot.messages.replies.phrases import capitalized, join_names, people_phrase
from bot.messages.replies.reply_blocks import action_button, button_row, line, lines
from bot.messages.words import Words
from bot.standings.published_figures import Standings


@dataclass(frozen=True)
class FailedPost:
    """A post that did not arrive in a country's channel, or in the company's, and the state of its message."""

    post: str
    country: str | None
    state: str


@dataclass(frozen=True)
class ComingPost:
    """A post with its local time, the countries that have it, and the languages in which nobody has approved it.

    None among the countries is the company's channel.
    """

    post: str
    local: datetime
    countries: frozenset[str | None] = frozenset()
    unapproved: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Digest:
    """Everything that the digest of a day says. Figures are as published; `chosen` are tips with their numbers.

    `country` is the reader's own, and `homes` are all countries of theirs. `coming` are posts up to the day `until`.
    """

    day: date
    zone: str
    country: str | None
    homes: frozenset[str]
    standings: Standings | None
    next_at: datetime | None
    chosen: Sequence[tuple[str, int]]
    ideas: int
    failed: Sequence[FailedPost]
    pauses: Sequence[Pause]
    until: date
    coming: Sequence[ComingPost]


def draw(words: Words, campaign: Campaign, read: Digest) -> Message:
    """Draw the digest."""
    intro = words("organise.digest", day=words.short_day(read.day))
    blocks = [
        line(f"*{intro}*", "digest"),
        *_figures(words, campaign, read),
        *_section("chosen", words("organise.digest_chosen"), _chosen(words, campaign, read)),
        *lines([_ideas(words, read.ideas)], "ideas"),
        *_section("failed", words("organise.digest_failed"), _failed(words, campaign, read)),
        *_pauses(words, read),
        *_section(
            "coming", words("organise.digest_coming", day=words.short_day(read.until)), _coming(words, campaign, read)
        ),
        button_row(
            "switch", action_button(words, "organise", "digest", primary=True), digest_switch(words, is_off=False)
        ),
        on_duty(words),
    ]
    return Message(intro, tuple(blocks))


def _section(name: str, title: str, said: list[str]) -> list[Block]:
    return lines([f"*{title}*", *said], name) if said else []


def _figures(words: Words, campaign: Campaign, read: Digest) -> list[Block]:
    if known := read.standings:
        own = next((each for each in known.places if each.place == read.country), None)
        return [*figures.brief(words, campaign, known, read.country), *figures.obstacles(words, known, own)]
    return figures.blocks(words, campaign, None, country=read.country, chart=False, next_at=read.next_at)


def _chosen(words: Words, campaign: Campaign, read: Digest) -> list[str]:
    smallest = campaign.smallest_group
    return [
        f"{post_title(words, campaign, post)}: {people_phrase(words, number, smallest)}" for post, number in read.chosen
    ]


def _pauses(words: Words, read: Digest) -> list[Block]:
    said = [pause_sentence(words, each, read.zone) for each in read.pauses]
    return lines(cut(words, said), "pauses") if said else []


def _ideas(words: Words, number: int) -> str:
    return words.plural("organise.digest_ideas", number) if number else words("organise.digest_no_ideas")


def _failed(words: Words, campaign: Campaign, read: Digest) -> list[str]:
    return cut(words, [_failed_line(words, campaign, each) for each in read.failed])


def _failed_line(words: Words, campaign: Campaign, each: FailedPost) -> str:
    where = scope_name(words, each.country) if each.country else words("organise.to.company")
    return f"{post_title(words, campaign, each.post)} ({where}): {words(f'organise.state.{each.state}')}"


def _coming(words: Words, campaign: Campaign, read: Digest) -> list[str]:
    said = [" · ".join(_coming_parts(words, campaign, each, read.homes)) for each in read.coming]
    return cut(words, said) or [words("organise.digest_nothing_coming")]


def _coming_parts(words: Words, campaign: Campaign, each: ComingPost, homes: frozenset[str]) -> Iterator[str]:
    when = f"{capitalized(words.short_day(each.local.date()))}, {words.time(each.local.time())}"
    yield f"{when}  {post_title(words, campaign, each.post)}"
    if each.countries == {None}:
        yield words("organise.to.company")
    elif not homes <= each.countries:
        yield join_names(words, sorted(scope_name(words, code) for code in each.countries if code))
    if each.unapproved:
        spoken = sorted(words.language_name(language) for language in each.unapproved)
        yield words("organise.digest_unapproved", languages=join_names(words, spoken))

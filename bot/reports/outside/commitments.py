"""Measures and goals as the page for outside shows them, in the same phrases as in Slack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bot.campaign.measures import Commitment, Goal, Measure, MeasureStatus
from bot.campaign.model import Campaign
from bot.messages.campaign_texts import measure_words
from bot.messages.measures import (
    arranged,
    began_phrase,
    country_names,
    figure_phrase,
    reach_phrase,
    sdg_names,
    sources,
    status_phrase,
)
from bot.messages.words import Words
from bot.reports.html import source_line
from bot.reports.outside.tips import home_of

_ALL = 100


@dataclass(frozen=True)
class ShownMeasure:
    """A measure in the reader's language: how far it is, its figure, and lines of small print."""

    status: str
    title: str
    about: str
    figure: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class ShownGoal:
    """A goal in the reader's language: where it stands, the part of the way in per cent, and lines of small print."""

    title: str
    about: str
    latest: str
    part: int
    lines: tuple[str, ...]


def measures(campaign: Campaign, words: Words) -> tuple[ShownMeasure, ...]:
    """Return the measures, those of the readers' country first."""
    _, found = arranged(campaign, home_of(campaign, words.language))
    return tuple(_measure(campaign, words, each) for each in found)


def goals(campaign: Campaign, words: Words) -> tuple[ShownGoal, ...]:
    """Return the goals, those of the readers' country first."""
    found, _ = arranged(campaign, home_of(campaign, words.language))
    return tuple(_goal(campaign, words, each) for each in found)


def planned(campaign: Campaign, words: Words) -> Iterator[tuple[date, str]]:
    """Yield the measures that are planned, by title, and the days by which they shall be done."""
    for each in campaign.measures:
        if each.status is MeasureStatus.PLANNED and each.ends:
            yield each.ends, measure_words(campaign, each.id, words).title


def _measure(campaign: Campaign, words: Words, each: Measure) -> ShownMeasure:
    said = measure_words(campaign, each.id, words)
    return ShownMeasure(
        status=status_phrase(words, each),
        title=said.title,
        about=said.about,
        figure=figure_phrase(words, campaign, each),
        lines=tuple(_small_print(campaign, words, each)),
    )


def _goal(campaign: Campaign, words: Words, each: Goal) -> ShownGoal:
    said = measure_words(campaign, each.id, words)
    return ShownGoal(
        title=said.title,
        about=said.about,
        latest=reach_phrase(words, campaign, each),
        # Rounded down, as in Slack: the bar is full only when the goal is reached.
        part=int(each.progress * _ALL),
        lines=(began_phrase(words, campaign, each), *_small_print(campaign, words, each)),
    )


def _small_print(campaign: Campaign, words: Words, each: Commitment) -> Iterator[str]:
    role = words("measures.responsible", role=measure_words(campaign, each.id, words).responsible)
    yield " · ".join(filter(None, (role, country_names(words, each))))
    yield words("line.goals", goals=sdg_names(words, each))
    if found := sources(each):
        yield source_line(words, found)

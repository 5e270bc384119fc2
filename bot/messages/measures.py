"""Measures and goals of the company as sentences and bars, the same wherever they are shown.

A line says what is known and since when. What was not measured is an estimate with its range, or is not measured yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TypeVar

from bot.campaign.measures import Commitment, Goal, GoalValue, Measure, MeasureStatus
from bot.campaign.model import Campaign
from bot.messages.blocks import escape, link
from bot.messages.campaign_texts import measure_words
from bot.messages.message import Block
from bot.messages.replies.phrases import join_names, medium_date
from bot.messages.replies.reply_blocks import lines
from bot.messages.words import Words

_SIGNS = {
    MeasureStatus.DONE: ":white_check_mark:",
    MeasureStatus.UNDER_WAY: ":hourglass:",
    MeasureStatus.PLANNED: ":calendar:",
    MeasureStatus.STOPPED: ":x:",
}
"""The signs before measures. What is done comes first, and what was given up last."""

_GOAL = ":dart:"
_SQUARES, _FULL, _EMPTY = 10, "▰", "▱"
_PERCENT = "%"

Listed = TypeVar("Listed", bound=Commitment)


def amount(words: Words, value: float, unit: str | None) -> str:
    """Return a value with its unit, such as 120 laptops. Per cent are written as the language writes them."""
    number = words.number(value)
    if unit and unit.startswith(_PERCENT):
        return f"{words('measures.percent', value=number)}{unit.removeprefix(_PERCENT)}"
    return f"{number} {unit}" if unit else number


def short_amount(words: Words, value: float, unit: str | None) -> str:
    """Return a value whose unit has been said before."""
    return amount(words, value, _PERCENT if unit and unit.startswith(_PERCENT) else None)


def status_phrase(words: Words, measure: Measure) -> str:
    """Say how far a measure is, and since when or until when."""
    day = measure.begins if measure.status is MeasureStatus.UNDER_WAY else measure.ends
    return words(f"measures.{measure.status.name.lower()}", day=_day(words, day))


def figure_phrase(words: Words, campaign: Campaign, measure: Measure) -> str:
    """Return the figure of a measure with its day, or say that it is not measured yet."""
    figure, unit = measure.figure, measure_words(campaign, measure.id, words).unit
    if figure is None:
        return words("measures.not_measured")
    said, day = amount(words, figure.value, unit), medium_date(words, figure.date)
    if figure.range is None:
        return words("measures.figure", amount=said, day=day)
    low, high = (short_amount(words, each, unit) for each in figure.range)
    return words("measures.estimate", amount=said, low=low, high=high, day=day)


def bar(goal: Goal) -> str:
    """Draw how much of the way is done. The bar is full only when the goal is reached."""
    filled = int(goal.progress * _SQUARES) or int(goal.progress > 0)
    return _FULL * filled + _EMPTY * (_SQUARES - filled)


def reach_phrase(words: Words, campaign: Campaign, goal: Goal) -> str:
    """Say where a goal stands and what it shall be by when."""
    unit = measure_words(campaign, goal.id, words).unit
    latest, target = amount(words, goal.latest.value, unit), short_amount(words, goal.target.value, unit)
    if goal.is_reached:
        return words("measures.reached", latest=latest, target=target)
    return words("measures.now", latest=latest, target=target, day=_day(words, goal.target.date))


def began_phrase(words: Words, campaign: Campaign, goal: Goal) -> str:
    """Say where a goal began, and of which day the latest value is."""
    baseline = short_amount(words, goal.baseline.value, measure_words(campaign, goal.id, words).unit)
    began, day = _day(words, goal.baseline.date), _day(words, goal.latest.date)
    return words("measures.began", baseline=baseline, began=began, day=day)


def sources(commitment: Commitment) -> list[tuple[str, str | None]]:
    """Return the sources of the figures, each once, with their addresses."""
    values: list[GoalValue] = [commitment.baseline, commitment.latest] if isinstance(commitment, Goal) else []
    figure = commitment.figure if isinstance(commitment, Measure) else None
    found = [(each.source, each.source_url) for each in (*values, *([figure] if figure else ())) if each.source]
    return list(dict.fromkeys(found))


def sdg_names(words: Words, commitment: Commitment) -> str:
    """Return the UN goals that a measure or a goal serves, by number and name."""
    return " · ".join(f"{goal} {words(f'sdg.{goal}')}" for goal in commitment.sdgs)


def country_names(words: Words, commitment: Commitment) -> str | None:
    """Return the countries that it is for, or None if it is for all."""
    return join_names(words, map(words.country, commitment.countries)) if commitment.countries else None


def arranged(campaign: Campaign, country: str | None) -> tuple[list[Goal], list[Measure]]:
    """Return goals and measures with those of a reader's country first, and measures by status."""
    order = list(_SIGNS)
    measures = sorted(campaign.measures, key=lambda each: (not each.reaches(country), order.index(each.status)))
    return sorted(campaign.goals, key=lambda each: not each.reaches(country)), measures


def in_reach(found: Iterable[Listed], country: str | None) -> list[Listed]:
    """Return those that are for a country or for all; without a country, all."""
    return [each for each in found if country is None or each.reaches(country)]


def measure_lines(words: Words, campaign: Campaign, measure: Measure, *, titled: bool = True) -> Iterator[str]:
    """Yield the lines of one measure in mrkdwn."""
    said = measure_words(campaign, measure.id, words)
    sign = _SIGNS[measure.status]
    yield f"{sign} *{escape(said.title)}*" if titled else f"{sign} {escape(said.title)}"
    yield escape(said.about)
    yield escape(figure_phrase(words, campaign, measure))
    yield _about(words, campaign, measure, [status_phrase(words, measure)])
    yield from _origin(words, measure)


def goal_lines(words: Words, campaign: Campaign, goal: Goal) -> Iterator[str]:
    """Yield the lines of one goal in mrkdwn."""
    said = measure_words(campaign, goal.id, words)
    yield f"{_GOAL} *{escape(said.title)}*"
    yield f"{bar(goal)}  {escape(reach_phrase(words, campaign, goal))}"
    yield escape(f"{said.about} {began_phrase(words, campaign, goal)}")
    yield _about(words, campaign, goal, [])
    yield from _origin(words, goal)


def brief(words: Words, campaign: Campaign, country: str | None, name: str, most: int = 4) -> list[Block]:
    """Draw goals with their bars, and measures by title, at most so many of each; nothing where there are none."""
    goals, measures = arranged(campaign, country)
    texts = [text for each in in_reach(goals, country)[:most] for text in _brief_goal(words, campaign, each)]
    texts += [brief_measure(words, campaign, each) for each in in_reach(measures, country)[:most]]
    return lines([f"*{escape(words('measures.title'))}*", *texts], name) if texts else []


def brief_measure(words: Words, campaign: Campaign, measure: Measure) -> str:
    """Return a measure in one line: its title and how far it is."""
    title = measure_words(campaign, measure.id, words).title
    return f"{_SIGNS[measure.status]} {escape(title)} ({escape(status_phrase(words, measure))})"


def _brief_goal(words: Words, campaign: Campaign, goal: Goal) -> Sequence[str]:
    title = escape(measure_words(campaign, goal.id, words).title)
    return (f"{_GOAL} {title}", f"{bar(goal)}  {escape(reach_phrase(words, campaign, goal))}")


def _about(words: Words, campaign: Campaign, commitment: Commitment, said: Iterable[str]) -> str:
    role = words("measures.responsible", role=measure_words(campaign, commitment.id, words).responsible)
    countries = country_names(words, commitment)
    return escape(" · ".join([*said, role, *([countries] if countries else [])]))


def _origin(words: Words, commitment: Commitment) -> Iterator[str]:
    yield words("line.goals", goals=escape(sdg_names(words, commitment)))
    found = [link(source, url) if url else escape(source) for source, url in sources(commitment)]
    if found:
        yield words("line.source", source=" · ".join(found))


def _day(words: Words, day: date | None) -> str:
    return medium_date(words, day) if day else ""

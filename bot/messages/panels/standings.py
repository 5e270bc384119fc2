"""Where the week stands: the goal together, then the countries by rate, then what came of it.

Everything comes from one snapshot that is safe to show; what is `None` there is not drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.campaign.model import Campaign
from bot.messages.blocks import heading
from bot.messages.estimates import about, range_of
from bot.messages.message import Block, Message
from bot.messages.panels.rows import line, lines, small
from bot.messages.panels.spoken import dated, listed, moment, percent, place
from bot.messages.words import Words
from bot.standings.figures import ANOTHER, NOT_SET, Kilograms, Standing, Standings

SQUARES = 10
"""Length of the bar; it is full when the goal is reached, and not before."""

_FULL, _EMPTY = "▰", "▱"
_ALL = 100

_MOST_POINTS, _LONGEST_LABEL, _LONGEST_TITLE = 20, 20, 50
"""Limits of Slack's charts."""


def draw(
    words: Words,
    campaign: Campaign,
    standings: Standings | None,
    *,
    country: str | None,
    chart: bool,
    next_at: datetime | None,
) -> Message:
    """The figures as an answer to whoever asked; `country` is theirs."""
    shown = blocks(words, campaign, standings, country=country, chart=chart, next_at=next_at)
    text = _together(words, standings) if standings else _first_figures(words, campaign, next_at)
    return Message(text, (heading(words("standings.title"), "title"), *shown))


def blocks(
    words: Words,
    campaign: Campaign,
    standings: Standings | None,
    *,
    country: str | None,
    chart: bool,
    next_at: datetime | None,
) -> list[Block]:
    """Everything there is to show, or when the first figures come. `next_at` is the instant of the next ones."""
    if standings is None:
        return [line(_first_figures(words, campaign, next_at), "goal")]
    charts = _chart(words, standings) if chart else []
    known = [*_goal(words, standings), *charts, *_countries(words, campaign, standings, country)]
    return [*known, *_amounts(words, standings, country), _small_print(words, campaign, standings, next_at)]


def full(words: Words, campaign: Campaign, standings: Standings, country: str | None) -> list[Block]:
    """Everything, for the results; `country` is the one whose channel it is."""
    return blocks(words, campaign, standings, country=country, chart=True, next_at=None)


def brief(words: Words, campaign: Campaign, standings: Standings, country: str | None) -> list[Block]:
    """The goal and the countries, for a message on the way."""
    known = [*_goal(words, standings), *_chart(words, standings), *_countries(words, campaign, standings, country)]
    return [*known, _small_print(words, campaign, standings, None)]


def bar(rate: int, goal: int) -> str:
    """How far `rate` is on the way to `goal`, both in per cent: more than nothing is always seen."""
    filled = min(SQUARES, rate * SQUARES // goal) or int(rate > 0)
    return _FULL * filled + _EMPTY * (SQUARES - filled)


def _first_figures(words: Words, campaign: Campaign, next_at: datetime | None) -> str:
    if next_at is None:
        return words("standings.none")
    return words("standings.first", **moment(words, campaign, next_at))


def _goal(words: Words, standings: Standings) -> list[Block]:
    told = [_together(words, standings)]
    if standings.whole.participants is not None and standings.whole.rate is not None:
        told.append(_bar(words, standings.whole.rate, standings.goal_percent))
    return [line("\n".join(told), "goal")]


def _bar(words: Words, rate: int, goal: int | None) -> str:
    if not goal:
        return words("standings.bar", bar=bar(rate, _ALL), rate=percent(words, rate))
    return words("standings.bar_to_goal", bar=bar(rate, goal), rate=percent(words, rate), goal=percent(words, goal))


def _together(words: Words, standings: Standings) -> str:
    """How many take part and what was hoped for, in whole sentences."""
    whole = standings.whole
    if whole.participants is None:
        return words("standings.too_small")
    said = [_take_part(words, whole, whole.participants)]
    if standings.goal_percent:
        reached = whole.rate is not None and whole.rate >= standings.goal_percent
        name = "standings.goal_reached" if reached else "standings.goal"
        said.append(words(name, goal=percent(words, standings.goal_percent)))
    return " ".join(said)


def _take_part(words: Words, whole: Standing, participants: int) -> str:
    if whole.rate is None or whole.headcount is None:
        return words.many("standings.take_part", participants)
    headcount, rate = words.number(whole.headcount), percent(words, whole.rate)
    return words.many("standings.take_part_of", participants, headcount=headcount, rate=rate)


def _chart(words: Words, standings: Standings) -> list[Block]:
    """Slack's own bar chart, where there is anything to compare."""
    rated = [(each, each.rate) for each in standings.places if each.rate is not None and each.participants is not None]
    if len(rated) < 2:  # noqa: PLR2004 - one bar compares nothing
        return []
    best = sorted(rated, key=lambda pair: -pair[1])[:_MOST_POINTS]
    labels = _labels([words.country(each.place) for each, _ in best], [each.place for each, _ in best])
    points = [{"label": label, "value": rate} for label, (_, rate) in zip(labels, best, strict=True)]
    series = {"name": words("standings.series")[:_LONGEST_LABEL], "data": points}
    plot = {"type": "bar", "series": [series], "axis_config": {"categories": labels}}
    title = words("standings.chart")[:_LONGEST_TITLE]
    return [{"type": "data_visualization", "block_id": "chart", "title": title, "chart": plot}]


def _labels(names: list[str], codes: list[str]) -> list[str]:
    """Names short enough for a chart; those that would look the same get their code."""
    short = [name if len(name) <= _LONGEST_LABEL else f"{name[: _LONGEST_LABEL - 1]}…" for name in names]
    return [label if short.count(label) == 1 else code for label, code in zip(short, codes, strict=True)]


def _countries(words: Words, campaign: Campaign, standings: Standings, country: str | None) -> list[Block]:
    """Each place that is shown by itself, best rate first; then all others together."""
    if standings.whole.participants is None:
        return []
    ranked = sorted(standings.places, key=lambda each: _rank(words, each))
    alone = [(each, each.participants) for each in ranked if each.participants is not None]
    told = [_place(words, each, people, yours=each.place == country) for each, people in alone]
    return lines([*told, *_rest(words, campaign, standings), *_over(words, standings)], "countries")


def _rank(words: Words, standing: Standing) -> tuple[bool, bool, int, str]:
    elsewhere = standing.place in {ANOTHER, NOT_SET}
    return elsewhere, standing.rate is None, -(standing.rate or 0), place(words, standing.place)


def _place(words: Words, standing: Standing, participants: int, *, yours: bool) -> str:
    name = "standings.your_place" if yours and standing.place not in {ANOTHER, NOT_SET} else "standings.place"
    where = place(words, standing.place)
    return words(name, place=where[:1].upper() + where[1:], figures=_share(words, standing, participants))


def _share(words: Words, standing: Standing, participants: int) -> str:
    if standing.rate is None or standing.headcount is None:
        return words.many("standings.people", participants)
    people = words.many("standings.people_of", participants, headcount=words.number(standing.headcount))
    rate = percent(words, standing.rate)
    if standing.headcount_date is None:
        return words("standings.rated", rate=rate, people=people)
    return words("standings.rated_on", rate=rate, people=people, date=dated(words, standing.headcount_date))


def _rest(words: Words, campaign: Campaign, standings: Standings) -> Iterator[str]:
    """The places that are not shown by themselves, and those whose board is off, as one figure."""
    names = [place(words, each.place) for each in standings.places if each.participants is None]
    if any(not each.board for each in campaign.countries):
        names.append(words("standings.total_only"))
    if not names:
        return
    if standings.rest.participants is None:
        yield words("standings.not_shown", places=listed(words, names))
    else:
        yield words.many("standings.rest", standings.rest.participants, places=listed(words, names))


def _over(words: Words, standings: Standings) -> Iterator[str]:
    """A warning wherever more take part than work there."""
    shown = [each for each in standings.places if each.participants is not None]
    names = [place(words, each.place) for each in shown if (each.rate or 0) > _ALL]
    if (standings.whole.rate or 0) > _ALL:
        names.append(words("standings.whole"))
    if names:
        yield words("standings.over", places=listed(words, names))


def _amounts(words: Words, standings: Standings, country: str | None) -> list[Block]:
    """What was pledged and done: all together, then in the reader's own country."""
    own = next((each for each in standings.places if country and each.place == country), None)
    together = _figures(words, standings.whole)
    shown = [line("\n".join([words("standings.all"), *together]), "together")] if together else []
    mine = _figures(words, own) if own else []
    if own and mine:
        shown.append(line("\n".join([words("standings.yours", place=place(words, own.place)), *mine]), "yours"))
    return shown


def _figures(words: Words, standing: Standing) -> list[str]:
    """Pledged and confirmed stand apart and are never added."""
    told = [
        *_counted(words, "standings.pledges", standing.pledges),
        *_weighed(words, "standings.pledged", standing.pledged),
        *_counted(words, "standings.confirmed_pledges", standing.confirmed_pledges),
        *_weighed(words, "standings.confirmed", standing.confirmed),
        *_answered(words, standing.response_rate),
        *_counted(words, "standings.continuing", standing.continuing),
        *_counted(words, "standings.earth_hour_people", standing.earth_hour_people),
        *_counted(words, "standings.earth_hour_minutes", standing.earth_hour_minutes),
    ]
    return [words("standings.item", figure=each) for each in told]


def _counted(words: Words, name: str, count: int | None) -> list[str]:
    return [] if count is None else [words.many(name, count)]


def _weighed(words: Words, name: str, kilograms: Kilograms | None) -> list[str]:
    if kilograms is None:
        return []
    span = range_of(words, kilograms.low, kilograms.high)
    return [words(name, about=about(words, kilograms.about), range=span)]


def _answered(words: Words, rate: int | None) -> list[str]:
    return [] if rate is None else [words("standings.response_rate", rate=percent(words, rate))]


def _small_print(words: Words, campaign: Campaign, standings: Standings, next_at: datetime | None) -> Block:
    told = [words("standings.taken", **moment(words, campaign, standings.taken_at))]
    if next_at:
        told.append(words("standings.next", **moment(words, campaign, next_at)))
    told += [words("standings.estimates"), words.many("standings.smallest", standings.smallest_group)]
    return small(told, "figures")

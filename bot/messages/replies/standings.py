"""The figures: the goal together, the countries by rate, and what was pledged and done.

Everything comes from one snapshot, whose figures are safe to show; those that are `None` are left out. The snapshot is
never compared with the one before: the difference would tell about few people. It is compared with the last one of the
campaign before, which is about other acts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from operator import itemgetter

from bot.campaign.localtime import local
from bot.campaign.model import Campaign
from bot.campaign.pledges import OBSTACLE, OBSTACLES
from bot.messages.blocks import heading
from bot.messages.co2_estimates import kilograms_about, kilograms_range
from bot.messages.message import Block, Message
from bot.messages.replies import awareness_figures
from bot.messages.replies.phrases import (
    capitalized,
    join_names,
    medium_date,
    moment_fields,
    people_phrase,
    percent,
    place_name,
    sort_key,
)
from bot.messages.replies.reply_blocks import line, lines, small_print
from bot.messages.words import Words
from bot.standings.published_figures import Band, Figure, Kilograms, Standing, Standings
from bot.standings.year_on_year import Direction, Former, Value, change

SQUARES = 10
"""Length of the bar, which is full only when the goal is reached."""

_FULL, _EMPTY = "▰", "▱"
_ALL = 100

_MINUTES_OF_HOUR = 60
_MANY_MINUTES = 120

_MOST_POINTS, _LONGEST_LABEL, _LONGEST_TITLE = 20, 20, 50
"""The limits of Slack's charts."""


def draw(
    words: Words,
    campaign: Campaign,
    standings: Standings | None,
    *,
    country: str | None,
    chart: bool,
    next_at: datetime | None,
) -> Message:
    """Answer with the figures; `country` is the reader's."""
    shown = blocks(words, campaign, standings, country=country, chart=chart, next_at=next_at)
    text = _together(words, standings) if standings else _first_figures(words, campaign, next_at)
    return Message(text, (heading(words("standings.title"), "title"), *shown))


def beside(words: Words, campaign: Campaign, message: Message, standings: Standings, former: Former) -> Message:
    """Add to an answer with the figures how many took part in the campaign before, below the goal."""
    added = [line(text, "before") for text in _before(words, campaign, standings, former)]
    # The title and the goal stand first.
    return replace(message, blocks=(*message.blocks[:2], *added, *message.blocks[2:]))


def blocks(
    words: Words,
    campaign: Campaign,
    standings: Standings | None,
    *,
    country: str | None,
    chart: bool,
    next_at: datetime | None,
) -> list[Block]:
    """Draw all figures, or say when the first ones come. `next_at` is the instant of the next publication."""
    if standings is None:
        return [line(_first_figures(words, campaign, next_at), "goal")]
    charts = _chart(words, standings) if chart else []
    known = [*_goal(words, standings), *_felt_together(words, standings)]
    known += [*charts, *_countries(words, campaign, standings, country), *_amounts(words, standings, country)]
    known += awareness_figures.blocks(words, standings, country)
    return [*known, _small_print(words, campaign, standings, next_at)]


def full(words: Words, campaign: Campaign, standings: Standings, country: str | None) -> list[Block]:
    """Draw all figures for a post with the results in the channel of `country`."""
    return blocks(words, campaign, standings, country=country, chart=True, next_at=None)


def brief(words: Words, campaign: Campaign, standings: Standings, country: str | None) -> list[Block]:
    """Draw the goal and the countries for a post during the week."""
    known = [*_goal(words, standings), *_chart(words, standings), *_countries(words, campaign, standings, country)]
    return [*known, _small_print(words, campaign, standings, None)]


def goal(words: Words, campaign: Campaign, standings: Standings | None, next_at: datetime | None) -> list[Block]:
    """Draw the goal alone, or say when the first figures come."""
    return _goal(words, standings) if standings else [line(_first_figures(words, campaign, next_at), "goal")]


def headline(words: Words, campaign: Campaign, standings: Standings | None, next_at: datetime | None) -> list[Block]:
    """Draw the goal as one sentence and one bar, or say when the first figures come."""
    whole = standings.whole if standings else None
    if standings is None or whole is None or whole.participants is None:
        return goal(words, campaign, standings, next_at)
    texts = [_take_part(words, standings, whole, whole.participants)]
    if whole.rate is not None:
        texts.append(_bar(words, standings, whole.rate))
    return [line("\n".join(texts), "goal")]


def about(words: Words, campaign: Campaign, standings: Standings | None, next_at: datetime | None) -> list[str]:
    """Say how the figures come about and how to read them, or when the first ones come."""
    if standings is None:
        return [_first_figures(words, campaign, next_at)]
    return _reading(words, campaign, standings, next_at)


def bar(rate: int, goal: int, *, full: bool = False) -> str:
    """Draw `rate` as a share of `goal`, both in per cent. More than nothing always fills a square."""
    # The square for more than nothing: an empty bar would say that nobody takes part.
    filled = SQUARES if full else min(SQUARES, rate * SQUARES // goal) or int(rate > 0)
    return _FULL * filled + _EMPTY * (SQUARES - filled)


def _first_figures(words: Words, campaign: Campaign, next_at: datetime | None) -> str:
    if next_at is None:
        return words("standings.none")
    return words("standings.first", **moment_fields(words, campaign, next_at))


def _goal(words: Words, standings: Standings) -> list[Block]:
    texts = [_together(words, standings)]
    if standings.whole.rate is not None:
        texts.append(_bar(words, standings, standings.whole.rate))
    return [line("\n".join(texts), "goal")]


def _bar(words: Words, standings: Standings, rate: int) -> str:
    goal = standings.goal_percent
    if not goal:
        return words("standings.bar", bar=bar(rate, _ALL), rate=percent(words, rate))
    filled = bar(rate, goal, full=standings.goal_reached)
    return words("standings.bar_to_goal", bar=filled, rate=percent(words, rate), goal=percent(words, goal))


def _together(words: Words, standings: Standings) -> str:
    """Return the number of people who take part, and the goal, in sentences."""
    whole = standings.whole
    if whole.participants is None:
        return words("standings.too_small")
    sentences = [_take_part(words, standings, whole, whole.participants)]
    if standings.goal_percent:
        name = "standings.goal_reached" if standings.goal_reached else "standings.goal"
        sentences.append(words(name, goal=percent(words, standings.goal_percent)))
    return " ".join(sentences)


def _take_part(words: Words, standings: Standings, whole: Standing, participants: int | Band) -> str:
    taking_part = capitalized(people_phrase(words, participants, standings.smallest_group, whole.headcount))
    if whole.rate is None:
        return words("standings.take_part", people=taking_part)
    return words("standings.take_part_of", people=taking_part, rate=percent(words, whole.rate))


def _before(words: Words, campaign: Campaign, standings: Standings, former: Former) -> Iterator[str]:
    """Yield how many took part in the campaign before, and whether that is more or fewer than now."""
    known = [(name, found) for name in ("rate", "participants") if (found := change(former, standings, name))]
    if not known:
        return
    # By the rate where there are two: the company may have grown.
    name, changed = known[0]
    day = medium_date(words, local(former.taken_at, campaign.zone).date())
    said = [words("standings.before", day=day, figures=_value(words, former, name, changed.before))]
    if changed.direction is not Direction.UNSURE:
        said.append(words(f"standings.change.{changed.direction}"))
    yield " ".join(said)


def _value(words: Words, former: Former, name: str, value: Value) -> str:
    if name == "rate" and isinstance(value, int):
        return percent(words, value)
    return people_phrase(words, value, former.smallest_group) if isinstance(value, int | Band) else ""


def _chart(words: Words, standings: Standings) -> list[Block]:
    """Slack's bar chart, if there are two countries to compare."""
    rated = [(each.place, each.rate) for each in _ordered(words, standings) if each.rate is not None]
    if len(rated) < 2:  # noqa: PLR2004 - one bar compares nothing
        return []
    best = rated[:_MOST_POINTS]
    labels = _labels([words.country(code) for code, _ in best], [code for code, _ in best])
    points = [{"label": label, "value": rate} for label, (_, rate) in zip(labels, best, strict=True)]
    series = {"name": words("standings.series")[:_LONGEST_LABEL], "data": points}
    plot = {"type": "bar", "series": [series], "axis_config": {"categories": labels}}
    title = words("standings.chart")[:_LONGEST_TITLE]
    return [{"type": "data_visualization", "block_id": "chart", "title": title, "chart": plot}]


def _labels(names: list[str], codes: list[str]) -> list[str]:
    """Names short enough for a chart. Names that would look alike are replaced by the country's code."""
    short = [name if len(name) <= _LONGEST_LABEL else f"{name[: _LONGEST_LABEL - 1]}…" for name in names]
    return [label if short.count(label) == 1 else code for label, code in zip(short, codes, strict=True)]


def _ordered(words: Words, standings: Standings) -> list[Standing]:
    """Return the countries by rank; those of the same rank by name."""
    return sorted(standings.places, key=lambda each: (each.rank or 0, sort_key(words, words.country(each.place))))


def _countries(words: Words, campaign: Campaign, standings: Standings, country: str | None) -> list[Block]:
    """Build a line for each country with figures of its own, and one for the others."""
    if standings.whole.participants is None:
        return []
    alone = [(each, each.participants) for each in _ordered(words, standings) if each.participants is not None]
    texts = [_place(words, standings, each, count, yours=each.place == country) for each, count in alone]
    rest = [*_total_only(words, campaign, standings), *_elsewhere(words, standings)]
    return lines([*texts, *rest, *_over(words, standings)], "countries")


def _place(words: Words, standings: Standings, standing: Standing, participants: int | Band, *, yours: bool) -> str:
    name = "standings.your_place" if yours else "standings.place"
    figures = _share(words, standings, standing, participants)
    return words(name, place=place_name(words, standing.place), figures=figures)


def _share(words: Words, standings: Standings, standing: Standing, participants: int | Band) -> str:
    phrase = people_phrase(words, participants, standings.smallest_group, standing.headcount)
    if standing.rate is not None:
        phrase = words("standings.rated", rate=percent(words, standing.rate), people=phrase)
    if standing.headcount_date is None:
        return phrase
    return words("standings.counted_on", people=phrase, date=medium_date(words, standing.headcount_date))


def _total_only(words: Words, campaign: Campaign, standings: Standings) -> Iterator[str]:
    """Yield a line about countries without figures of their own. Those that switched their board off stay unnamed."""
    alone = {each.place for each in standings.places}
    several = len(campaign.countries) > 1
    names = [
        place_name(words, each.code) for each in campaign.countries if several and each.board and each.code not in alone
    ]
    # Without their names: a board that was switched off is not announced elsewhere.
    if several and not all(each.board for each in campaign.countries):
        names.append(words("standings.board_off"))
    if names:
        yield words("standings.total_only", places=join_names(words, names))


def _elsewhere(words: Words, standings: Standings) -> Iterator[str]:
    participants = standings.elsewhere.participants
    # A band says too little about people in no country to take up a line.
    if isinstance(participants, int):
        yield words("standings.elsewhere", people=people_phrase(words, participants, standings.smallest_group))


def _over(words: Words, standings: Standings) -> Iterator[str]:
    """Yield a warning about countries in which more people take part than work there."""
    names = [place_name(words, each.place) for each in standings.places if (each.rate or 0) > _ALL]
    if (standings.whole.rate or 0) > _ALL:
        names.append(words("standings.whole"))
    if names:
        yield words("standings.over", places=join_names(words, names))


def _felt_together(words: Words, standings: Standings) -> list[Block]:
    """Return what people feel of the week, before anything that is calculated."""
    texts = _felt(words, standings, standings.whole)
    return [line("\n".join(texts), "felt")] if texts else []


def _amounts(words: Words, standings: Standings, country: str | None) -> list[Block]:
    """Return the amounts that were pledged and done: all together, then in the reader's country."""
    own = next((each for each in standings.places if country and each.place == country), None)
    together = _figures(words, standings.whole)
    shown = [line("\n".join([words("standings.all"), *together]), "together")] if together else []
    own_figures = [*_felt(words, standings, own), *_figures(words, own)] if own else []
    if own and own_figures:
        shown.append(
            line("\n".join([words("standings.yours", place=place_name(words, own.place)), *own_figures]), "yours")
        )
    return [*shown, *obstacles(words, standings, own)]


def obstacles(words: Words, standings: Standings, own: Standing | None) -> list[Block]:
    """Build what would have made it easier: for all together, and below it for the reader's country."""
    together = named_obstacles(words, standings.whole, standings.smallest_group)
    if not together:
        return []
    texts = [words("standings.obstacles"), *together]
    alone = named_obstacles(words, own, standings.smallest_group) if own else []
    if own and alone:
        texts += [words("standings.yours", place=place_name(words, own.place)), *alone]
    return [line("\n".join(texts), "obstacles")]


def named_obstacles(words: Words, standing: Standing, smallest: int) -> list[str]:
    """Lines with what would have made it easier in a place, most named first, where a number is shown."""
    shown = [(figure, each) for each in OBSTACLES if isinstance(figure := getattr(standing, OBSTACLE + each), int)]
    # By the figure that is shown alone; those of one figure stay in the order in which they are asked for.
    ordered = sorted(shown, key=itemgetter(0), reverse=True)
    texts = [
        words("standings.obstacle", obstacle=words(f"obstacle.{each}"), people=people_phrase(words, figure, smallest))
        for figure, each in ordered
    ]
    return [words("standings.item", figure=each) for each in texts]


def _felt(words: Words, standings: Standings, standing: Standing) -> list[str]:
    """Lines with people and minutes of dark, and with who goes on."""
    texts = [
        *_peopled(words, "standings.earth_hour_people", standing.earth_hour_people, standings.smallest_group),
        *_dark(words, standing.earth_hour_minutes),
        *_peopled(words, "standings.continuing", standing.continuing, standings.smallest_group),
    ]
    return [words("standings.item", figure=capitalized(each)) for each in texts]


def _dark(words: Words, minutes: Figure) -> list[str]:
    if not isinstance(minutes, int):
        return []
    # Fewer minutes are imagined more easily than hours.
    if minutes < _MANY_MINUTES:
        return _counted(words, "standings.earth_hour_minutes", minutes)
    hours = words.number(round(minutes / _MINUTES_OF_HOUR))
    return [words("standings.earth_hour_hours", count=words.number(minutes), hours=hours)]


def _figures(words: Words, standing: Standing) -> list[str]:
    """Lines with what was pledged and done. What was pledged and what was done are never added up."""
    texts = [
        *_counted(words, "standings.pledges", standing.pledges),
        *_weighed(words, "standings.pledged", standing.pledged),
        *_counted(words, "standings.confirmed_pledges", standing.confirmed_pledges),
        *_weighed(words, "standings.confirmed", standing.confirmed),
        *_answered(words, standing.response_rate),
    ]
    return [words("standings.item", figure=capitalized(each)) for each in texts]


def _counted(words: Words, name: str, count: Figure) -> list[str]:
    return [words(name, count=words.number(count))] if isinstance(count, int) else []


def _peopled(words: Words, name: str, figure: Figure, smallest: int) -> list[str]:
    return [] if figure is None else [words(name, people=people_phrase(words, figure, smallest))]


def _weighed(words: Words, name: str, kilograms: Kilograms | None) -> list[str]:
    if kilograms is None:
        return []
    span = kilograms_range(words, kilograms.low, kilograms.high)
    return [words(name, about=kilograms_about(words, kilograms.about), range=span)]


def _answered(words: Words, rate: int | None) -> list[str]:
    return [] if rate is None else [words("standings.response_rate", rate=percent(words, rate))]


def _small_print(words: Words, campaign: Campaign, standings: Standings, next_at: datetime | None) -> Block:
    return small_print(_reading(words, campaign, standings, next_at), "figures")


def _reading(words: Words, campaign: Campaign, standings: Standings, next_at: datetime | None) -> list[str]:
    texts = [words("standings.taken", **moment_fields(words, campaign, standings.taken_at))]
    if next_at:
        texts.append(words("standings.next", **moment_fields(words, campaign, next_at)))
    texts.append(words("standings.blurred"))
    if len({each.rank for each in standings.places}) < len(standings.places):
        texts.append(words("standings.level"))
    texts.append(words("standings.estimates"))
    if standings.max_kg and any(each.pledged or each.confirmed for each in standings.rows()):
        texts.append(words("standings.max_kg", kilograms=words.number(standings.max_kg)))
    return texts

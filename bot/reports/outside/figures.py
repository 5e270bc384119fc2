"""The published figures of a campaign as the page for outside says and draws them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from bot.campaign.awareness import QUESTIONS
from bot.campaign.model import Campaign
from bot.messages.co2_estimates import kilograms_about, kilograms_range
from bot.messages.replies.phrases import capitalized, moment_fields, people_phrase, percent
from bot.messages.words import Words
from bot.reports.published_participation import place_label
from bot.reports.results import Results
from bot.standings.published_figures import ELSEWHERE, WHOLE, Band, Kilograms

_ALL, _TEN = 100, 10
_TILES = ("pledges", "confirmed_pledges", "earth_hour_people", "earth_hour_minutes")
_COLUMNS = ("participants", "rate", "confirmed_pledges", "earth_hour_people")


@dataclass(frozen=True)
class Bar:
    """The rate of a place, as a text and as a length in per cent of the drawing."""

    place: str
    rate: str
    length: float
    is_whole: bool


@dataclass(frozen=True)
class Cell:
    """A figure as a text; quiet ones have no number."""

    text: str
    is_quiet: bool = False


@dataclass(frozen=True)
class Row:
    """The figures of a place."""

    place: str
    cells: tuple[Cell, ...]
    is_whole: bool


@dataclass(frozen=True)
class Figures:
    """Everything about figures on the page. `goal` is the position of its line in per cent of the drawing."""

    sentences: tuple[str, ...]
    tiles: tuple[tuple[str, str], ...] = ()
    caption: str = ""
    bars: tuple[Bar, ...] = ()
    goal: float | None = None
    heads: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    aware_title: str = ""
    aware: tuple[str, ...] = ()
    counted: str = ""


def figures(campaign: Campaign, words: Words, results: Results) -> Figures:
    """Say what was published, in one language. What is not shown in the bot is not shown here."""
    counted = words("standings.taken", **moment_fields(words, campaign, results.published_at))
    sentences = tuple(_sentences(words, results))
    if results.value("participants") is None:
        return Figures(sentences, counted=counted)
    scale = _scale(results)
    return Figures(
        sentences,
        tiles=tuple(_tiles(words, results)),
        caption=_caption(words, results),
        bars=tuple(_bars(words, results, scale)),
        goal=round(results.goal_percent * scale, 2) if results.goal_percent else None,
        heads=tuple(words(f"report.head.{name}") for name in _COLUMNS),
        # People elsewhere are counted beside the total, and nobody outside asks about them.
        rows=tuple(_row(words, results, place) for place in results.places if place != ELSEWHERE),
        # Slack's mark for bold.
        aware_title=words("awareness.title").replace("*", ""),
        aware=tuple(_aware(words, results)),
        counted=counted,
    )


def _sentences(words: Words, results: Results) -> Iterator[str]:
    yield from _together(words, results)
    for name in ("pledged", "confirmed"):
        kilograms = results.value(name)
        if isinstance(kilograms, Kilograms):
            about = kilograms_about(words, kilograms.about)
            yield words(
                f"report.short.{name}", about=about, range=kilograms_range(words, kilograms.low, kilograms.high)
            )


def _together(words: Words, results: Results) -> Iterator[str]:
    people, headcount = results.value("participants"), _number(results, "headcount", WHOLE)
    if people is None or isinstance(people, Kilograms):
        yield words("standings.too_small")
        return
    phrase = capitalized(people_phrase(words, people, results.smallest_group, headcount))
    rate = _number(results, "rate", WHOLE)
    if rate is None:
        yield words("standings.take_part", people=phrase)
    else:
        yield words("standings.take_part_of", people=phrase, rate=percent(words, rate))
    if results.goal_percent:
        name = "standings.goal_reached" if results.goal_reached else "standings.goal"
        yield words(name, goal=percent(words, results.goal_percent))


def _tiles(words: Words, results: Results) -> Iterator[tuple[str, str]]:
    """Yield the figures of all countries together that there are, each with its name."""
    for name in _TILES:
        cell = _cell(words, results, name, WHOLE)
        if not cell.is_quiet:
            yield capitalized(cell.text), words(f"report.head.{name}")


def _aware(words: Words, results: Results) -> Iterator[str]:
    """Yield what colleagues say they know, of all countries together, in one of the waves or both."""
    whole = [each for each in results.awareness if each.place == WHOLE and each.share is not None]
    for question in QUESTIONS:
        known = {each.wave: percent(words, each.share or 0) for each in whole if each.question == question}
        if known:
            name = "both" if len(known) > 1 else next(iter(known))
            yield words(f"awareness.shares_{name}", question=words(f"awareness.{question}"), **known)


def _caption(words: Words, results: Results) -> str:
    goal = results.goal_percent
    more = [words("report.chart_rates_goal", goal=percent(words, goal))] if goal else []
    return " ".join([words("report.chart_rates"), *more])


def _rates(results: Results) -> dict[str, int]:
    return {place: rate for place in results.places if (rate := _number(results, "rate", place)) is not None}


def _scale(results: Results) -> float:
    # It never ends below 10 %, so that low rates do not look high.
    return _ALL / (ceil(max(_TEN, results.goal_percent or 0, *_rates(results).values()) / _TEN) * _TEN)


def _bars(words: Words, results: Results, scale: float) -> Iterator[Bar]:
    """Yield the rates in the order of the figures, without ranks: outside nobody needs to win."""
    for place, rate in _rates(results).items():
        yield Bar(place_label(words, place), percent(words, rate), round(rate * scale, 2), place == WHOLE)


def _row(words: Words, results: Results, place: str) -> Row:
    cells = tuple(_cell(words, results, name, place) for name in _COLUMNS)
    return Row(place_label(words, place), cells, place == WHOLE)


def _cell(words: Words, results: Results, name: str, place: str) -> Cell:
    match results.value(name, place):
        case Band.FEW:
            return Cell(words("report.few", count=words.number(results.smallest_group)))
        case Band.NEARLY_ALL:
            return Cell(words("report.nearly_all"))
        case int() as number:
            said = percent(words, number) if name == "rate" else words.number(number)
            return Cell(words("report.about", count=said))
        case _:
            is_hidden = any(each.name == name and place in each.hidden for each in results.figures)
            return Cell(words("report.hidden" if is_hidden else "report.none"), is_quiet=True)


def _number(results: Results, name: str, place: str) -> int | None:
    value = results.value(name, place)
    return value if isinstance(value, int) else None

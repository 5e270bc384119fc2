"""The report as one HTML file, for screens of any width and for paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from bot.campaign.model import Evidence, Pledge
from bot.messages.campaign_texts import campaign_title, pledge_words
from bot.messages.co2_estimates import kilograms_about, kilograms_range
from bot.messages.replies.phrases import capitalized, join_names, medium_date, moment_fields, people_phrase, percent
from bot.messages.words import Words
from bot.reports.chart_geometry import Bars, Line, bars, line
from bot.reports.figure_text import Cell, figure_cell, span
from bot.reports.html import render
from bot.reports.management_review import awareness_parts, closing_tables, review
from bot.reports.published_participation import (
    FIGURES,
    GROUPS,
    Report,
    definitions,
    hidden_figures,
    notes,
    obstacle_label,
    place_label,
)
from bot.standings.published_figures import ELSEWHERE, WHOLE, Kilograms, Standing, Standings

_ALL = 100
_EVIDENCE = {
    Evidence.PUBLISHED: "report.evidence.published",
    Evidence.PARTLY_JUDGEMENT: "report.evidence.partly_judgement",
    Evidence.PHYSICS: "report.evidence.physics",
    Evidence.SYMBOLIC: "report.evidence.symbolic",
}
_SUMS = {WHOLE: "whole", ELSEWHERE: "elsewhere"}

_BY_DAY = tuple(name for name in FIGURES if name not in GROUPS["obstacles"])
"""Without what would have made it easier, which few answer before the end, and which would make wide tables."""


@dataclass(frozen=True)
class Row:
    """A row for a place or a day; `of` says whether it is a sum of places."""

    name: str
    cells: tuple[Cell, ...]
    of: str = ""


@dataclass(frozen=True)
class Table:
    """A table of figures, by place or by day."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Factor:
    """A pledge with the amount that it is estimated to save, by country where the countries differ."""

    title: str
    unit: str
    figures: tuple[tuple[str, str], ...]
    range: str
    evidence: str
    pledge: Pledge
    sources: tuple[tuple[str, str], ...]
    """The sources of countries that have one of their own, by the countries' names."""


def page(report: Report) -> str:
    """Render the page in the report's language."""
    return render("participation.html", **_values(report))


def _values(report: Report) -> dict[str, object]:
    words, language = report.words, report.words.language
    return {
        "say": words,
        # For the `lang` attribute: without words of its own, most of the page is in English, and is read out as
        # English.
        "language": words.locale.language,
        "own_language": language,
        "annex": words("report.title", campaign=campaign_title(report.campaign, words)),
        "review": review(report),
        "awareness": awareness_parts(report),
        "closing": closing_tables(report),
        "counted": words("standings.taken", **moment_fields(words, report.campaign, report.newest.taken_at)),
        "result": " ".join(_together(report)),
        "summary": list(_summary(report)),
        "rates": _rates(report),
        "people": _people(report),
        "groups": [_group(report, group) for group in GROUPS],
        "days": [_history(report, code) for code in _places(report)],
        "definitions": [(_head(words, name), text) for name, text in definitions(words).items()],
        "notes": notes(report),
        "factors": [_factor(report, pledge) for pledge in report.campaign.pledges],
        "factors_version": report.campaign.factors_version,
    }


# In short


def _summary(report: Report) -> Iterator[str]:
    """Sentences about what the whole company did, as far as its figures are shown."""
    words, whole = report.words, report.newest.whole
    yield from _together(report)
    if whole.pledged:
        yield words("report.short.pledged", **_estimate(words, whole.pledged))
    if whole.confirmed:
        yield words("report.short.confirmed", **_estimate(words, whole.confirmed))
    if whole.earth_hour_people is not None:
        joined = people_phrase(words, whole.earth_hour_people, report.newest.smallest_group)
        yield words("report.short.earth_hour", people=joined)
    if over := [place_label(words, each.place) for each in report.newest.rows() if (each.rate or 0) > _ALL]:
        yield words("standings.over", places=join_names(words, over))


def _together(report: Report) -> Iterator[str]:
    words, whole, goal = report.words, report.newest.whole, report.newest.goal_percent
    if whole.participants is None:
        yield words("standings.too_small")
        return
    phrase = capitalized(people_phrase(words, whole.participants, report.newest.smallest_group, whole.headcount))
    if whole.rate is None:
        yield words("standings.take_part", people=phrase)
    else:
        yield words("standings.take_part_of", people=phrase, rate=percent(words, whole.rate))
    if goal:
        name = "standings.goal_reached" if report.newest.goal_reached else "standings.goal"
        yield words(name, goal=percent(words, goal))


def _estimate(words: Words, kilograms: Kilograms) -> dict[str, str]:
    return {
        "about": kilograms_about(words, kilograms.about),
        "range": kilograms_range(words, kilograms.low, kilograms.high),
    }


# Charts


def _rates(report: Report) -> dict[str, object]:
    words, drawn, goal = report.words, bars(report.newest), report.newest.goal_percent
    captions = [words("report.chart_rates")]
    if goal:
        captions.append(words("report.chart_rates_goal", goal=percent(words, goal)))
    return {
        "caption": " ".join(captions),
        "bars": [(bar, place_label(words, bar.place), percent(words, bar.rate)) for bar in drawn.bars],
        "goal": drawn.goal,
        "missing": _missing(words, drawn),
    }


def _missing(words: Words, drawn: Bars) -> str:
    names = join_names(words, (place_label(words, code) for code in drawn.missing))
    return words("report.chart_rates_missing", places=names) if names else ""


def _people(report: Report) -> dict[str, object]:
    words, drawn = report.words, line(report)
    captions = [words("report.chart_days")]
    if drawn.goal:
        captions.append(words("report.chart_days_goal", goal=words.number(drawn.goal[0])))
    return {
        "caption": " ".join(captions),
        "line": drawn,
        "alternative": _alternative(words, drawn),
        "grid": [(words.number(count), height) for count, height in drawn.grid],
        "ends": [(point, words.short_day(point.day), words.number(point.people)) for point in drawn.ends],
    }


def _alternative(words: Words, drawn: Line) -> str:
    if not drawn.points:
        return ""
    (begin, end) = (drawn.points[0], drawn.points[-1])
    return words(
        "report.line",
        **{"from": words.day(begin.day), "to": words.day(end.day)},
        first=words.number(begin.people),
        last=words.number(end.people),
    )


# Tables


def _group(report: Report, group: str) -> Table:
    """Build a table of one group of figures, for every place on the last day."""
    words, names = report.words, GROUPS[group]
    found = [
        Row(place_label(words, each.place), _cells(words, report.newest, each, names), _SUMS.get(each.place, ""))
        for each in report.newest.rows()
    ]
    return Table(words(f"report.group.{group}"), _heads(words, names), tuple(found))


def _history(report: Report, code: str) -> Table:
    """Build a table of the figures of a place, day by day."""
    words = report.words
    found = [
        Row(words.short_day(report.day(day)), _cells(words, day, each, _BY_DAY))
        for day in report.days
        for each in day.rows()
        if each.place == code
    ]
    return Table(place_label(words, code), _heads(words, _BY_DAY), tuple(found))


def _places(report: Report) -> Iterable[str]:
    """Return the places of all days, first those of the last day in its order."""
    return dict.fromkeys(each.place for day in reversed(report.days) for each in day.rows())


def _heads(words: Words, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(_head(words, name) for name in names)


def _head(words: Words, name: str) -> str:
    return obstacle_label(words, name) if name in GROUPS["obstacles"] else words(f"report.head.{name}")


def _cells(words: Words, day: Standings, standing: Standing, names: Iterable[str]) -> tuple[Cell, ...]:
    kept = hidden_figures(standing)
    return tuple(
        Cell(words("report.hidden"), quiet=True) if name in kept else _cell(words, day, standing, name)
        for name in names
    )


def _cell(words: Words, day: Standings, standing: Standing, name: str) -> Cell:
    cell = figure_cell(words, name, getattr(standing, name), day.smallest_group)
    if name == "headcount" and standing.headcount_date:
        return replace(cell, small=medium_date(words, standing.headcount_date))
    return cell


# Factors


def _factor(report: Report, pledge: Pledge) -> Factor:
    words = report.words
    said = pledge_words(report.campaign, pledge.id, words)
    return Factor(
        title=said.title,
        unit=said.unit,
        figures=tuple(_figures(report, pledge)),
        range=span(words, pledge.low, pledge.high) if pledge.high else "",
        evidence=words(_EVIDENCE[pledge.evidence]),
        pledge=pledge,
        sources=tuple((place_label(words, code), source) for code, source in pledge.source_by_country.items()),
    )


def _figures(report: Report, pledge: Pledge) -> Iterator[tuple[str, str]]:
    """Yield the factor by country, or without a name if it is the same everywhere; nothing for a symbolic pledge."""
    codes = [each.code for each in report.campaign.countries if pledge.is_offered(each.code)]
    found = {code: pledge.kilograms(code) for code in codes}
    if not pledge.high:
        return
    # One figure for all countries is shown once, without a table that repeats it.
    if pledge.kg is not None and set(found.values()) == {pledge.kg}:
        yield "", report.words.number(pledge.kg)
        return
    for code, kilograms in found.items():
        if kilograms is not None:
            yield place_label(report.words, code), report.words.number(kilograms)

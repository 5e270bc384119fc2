"""The report as a page: complete in itself, on a screen of any width and on paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.campaign.model import Evidence, Pledge
from bot.locales.catalogues import FALLBACK, speaks
from bot.messages.estimates import kilograms_about, kilograms_range
from bot.messages.replies.phrases import capitalized, join_names, medium_date, moment_fields, people_phrase, percent
from bot.messages.words import Words
from bot.reports.charts import Bars, Line, bars, line
from bot.reports.participation import FIGURES, GROUPS, Report, definitions, hidden_figures, notes, place_label
from bot.standings.figures import ELSEWHERE, WHOLE, Band, Kilograms, Standing, Standings

_ALL = 100
_EVIDENCE = {
    Evidence.PUBLISHED: "report.evidence.published",
    Evidence.PARTLY_JUDGEMENT: "report.evidence.partly_judgement",
    Evidence.PHYSICS: "report.evidence.physics",
    Evidence.SYMBOLIC: "report.evidence.symbolic",
}
_SUMS = {WHOLE: "whole", ELSEWHERE: "elsewhere"}


@dataclass(frozen=True)
class Cell:
    """A figure as it is read, with what is small below it; `quiet` where there is none to read."""

    text: str
    small: str = ""
    quiet: bool = False


@dataclass(frozen=True)
class Row:
    """A place or a day; `of` says whether it is a sum of places."""

    name: str
    cells: tuple[Cell, ...]
    of: str = ""


@dataclass(frozen=True)
class Table:
    """Figures of places, or of one place day by day."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Factor:
    """A pledge with what it is taken to save, by country where the countries differ."""

    title: str
    unit: str
    figures: tuple[tuple[str, str], ...]
    range: str
    evidence: str
    pledge: Pledge


def page(report: Report) -> str:
    """The page as HTML, in the language of the company."""
    return _templates().get_template("participation.html").render(_values(report))


def _values(report: Report) -> dict[str, object]:
    spoken, language = report.words, report.words.language
    title = report.campaign.title[language]
    return {
        "say": spoken,
        "language": language if speaks(language) else FALLBACK,
        "own_language": language,
        "title": spoken("report.title", campaign=title),
        "counted": spoken("standings.taken", **moment_fields(spoken, report.campaign, report.newest.taken_at)),
        "summary": list(_summary(report)),
        "rates": _rates(report),
        "people": _people(report),
        "groups": [_group(report, group) for group in GROUPS],
        "days": [_history(report, code) for code in _places(report)],
        "definitions": [(_head(spoken, name), text) for name, text in definitions(spoken).items()],
        "notes": notes(report),
        "factors": [_factor(report, pledge) for pledge in report.campaign.pledges],
        "factors_version": report.campaign.factors_version,
    }


def _templates() -> Environment:
    loader = PackageLoader("bot.reports", "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


# In short


def _summary(report: Report) -> Iterator[str]:
    """What the whole company did, in sentences; what is not shown is left out."""
    spoken, whole = report.words, report.newest.whole
    yield from _together(report)
    if whole.pledged:
        yield spoken("report.short.pledged", **_estimate(spoken, whole.pledged))
    if whole.confirmed:
        yield spoken("report.short.confirmed", **_estimate(spoken, whole.confirmed))
    if whole.earth_hour_people is not None:
        joined = people_phrase(spoken, whole.earth_hour_people, report.newest.smallest_group)
        yield spoken("report.short.earth_hour", people=joined)
    if over := [place_label(spoken, each.place) for each in report.newest.rows() if (each.rate or 0) > _ALL]:
        yield spoken("standings.over", places=join_names(spoken, over))


def _together(report: Report) -> Iterator[str]:
    spoken, whole, goal = report.words, report.newest.whole, report.newest.goal_percent
    if whole.participants is None:
        yield spoken("standings.too_small")
        return
    told = capitalized(people_phrase(spoken, whole.participants, report.newest.smallest_group, whole.headcount))
    if whole.rate is None:
        yield spoken("standings.take_part", people=told)
    else:
        yield spoken("standings.take_part_of", people=told, rate=percent(spoken, whole.rate))
    if goal:
        name = "standings.goal_reached" if report.newest.goal_reached else "standings.goal"
        yield spoken(name, goal=percent(spoken, goal))


def _estimate(spoken: Words, kilograms: Kilograms) -> dict[str, str]:
    return {
        "about": kilograms_about(spoken, kilograms.about),
        "range": kilograms_range(spoken, kilograms.low, kilograms.high),
    }


# Charts


def _rates(report: Report) -> dict[str, object]:
    spoken, drawn, goal = report.words, bars(report.newest), report.newest.goal_percent
    said = [spoken("report.chart_rates")]
    if goal:
        said.append(spoken("report.chart_rates_goal", goal=percent(spoken, goal)))
    return {
        "caption": " ".join(said),
        "bars": [(bar, place_label(spoken, bar.place), percent(spoken, bar.rate)) for bar in drawn.bars],
        "goal": drawn.goal,
        "missing": _missing(spoken, drawn),
    }


def _missing(spoken: Words, drawn: Bars) -> str:
    names = join_names(spoken, (place_label(spoken, code) for code in drawn.missing))
    return spoken("report.chart_rates_missing", places=names) if names else ""


def _people(report: Report) -> dict[str, object]:
    spoken, drawn = report.words, line(report)
    said = [spoken("report.chart_days")]
    if drawn.goal:
        said.append(spoken("report.chart_days_goal", goal=spoken.number(drawn.goal[0])))
    return {
        "caption": " ".join(said),
        "line": drawn,
        "alternative": _told(spoken, drawn),
        "grid": [(spoken.number(people_phrase), height) for people_phrase, height in drawn.grid],
        "ends": [(point, spoken.short_day(point.day), spoken.number(point.people)) for point in drawn.ends],
    }


def _told(spoken: Words, drawn: Line) -> str:
    if not drawn.points:
        return ""
    (begin, end) = (drawn.points[0], drawn.points[-1])
    return spoken(
        "report.line",
        **{"from": spoken.day(begin.day), "to": spoken.day(end.day)},
        first=spoken.number(begin.people),
        last=spoken.number(end.people),
    )


# Tables


def _group(report: Report, group: str) -> Table:
    """Figures that belong together, for every place on the last day."""
    spoken, names = report.words, GROUPS[group]
    found = [
        Row(place_label(spoken, each.place), _cells(spoken, report.newest, each, names), _SUMS.get(each.place, ""))
        for each in report.newest.rows()
    ]
    return Table(spoken(f"report.group.{group}"), _heads(spoken, names), tuple(found))


def _history(report: Report, code: str) -> Table:
    """Every figure of a place, day by day."""
    spoken = report.words
    found = [
        Row(spoken.short_day(report.day(day)), _cells(spoken, day, each, FIGURES))
        for day in report.days
        for each in day.rows()
        if each.place == code
    ]
    return Table(place_label(spoken, code), _heads(spoken, FIGURES), tuple(found))


def _places(report: Report) -> Iterable[str]:
    """Every place of any day, as the last day has them in order."""
    return dict.fromkeys(each.place for day in reversed(report.days) for each in day.rows())


def _heads(spoken: Words, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(_head(spoken, name) for name in names)


def _head(spoken: Words, name: str) -> str:
    return spoken(f"report.head.{name}")


def _cells(spoken: Words, day: Standings, standing: Standing, names: Iterable[str]) -> tuple[Cell, ...]:
    kept = hidden_figures(standing)
    return tuple(
        Cell(spoken("report.hidden"), quiet=True) if name in kept else _cell(spoken, day, standing, name)
        for name in names
    )


def _cell(spoken: Words, day: Standings, standing: Standing, name: str) -> Cell:
    match name, getattr(standing, name):
        case _, None:
            return Cell(spoken("report.none"), quiet=True)
        case _, Band.FEW:
            return Cell(spoken("report.few", count=spoken.number(day.smallest_group)))
        case _, Band.NEARLY_ALL:
            return Cell(spoken("report.nearly_all"))
        case "headcount", count:
            return Cell(
                spoken.number(count), medium_date(spoken, standing.headcount_date) if standing.headcount_date else ""
            )
        case (("rate" | "response_rate"), share):
            return Cell(spoken("report.about", count=percent(spoken, share)))
        case _, Kilograms() as kilograms:
            about_kg = spoken("report.about", count=spoken.number(kilograms.about))
            return Cell(about_kg, _span(spoken, kilograms.low, kilograms.high))
        case _, count:
            return Cell(spoken("report.about", count=spoken.number(count)))


def _span(spoken: Words, low: float, high: float) -> str:
    return f"{spoken.number(low)}\N{EN DASH}{spoken.number(high)}"


# Factors


def _factor(report: Report, pledge: Pledge) -> Factor:
    spoken = report.words
    said = report.campaign.pledge_words[pledge.id, spoken.language]
    return Factor(
        title=said.title,
        unit=said.unit,
        figures=tuple(_figures(report, pledge)),
        range=_span(spoken, pledge.low, pledge.high) if pledge.high else "",
        evidence=spoken(_EVIDENCE[pledge.evidence]),
        pledge=pledge,
    )


def _figures(report: Report, pledge: Pledge) -> Iterator[tuple[str, str]]:
    """The factor, without a name where it is the same in every country; none for what is symbolic."""
    found = {each.code: pledge.kilograms(each.code) for each in report.campaign.countries}
    if not pledge.high:
        return
    if pledge.kg is not None and set(found.values()) == {pledge.kg}:
        yield "", report.words.number(pledge.kg)
        return
    for code, kilograms in found.items():
        if kilograms is not None:
            yield place_label(report.words, code), report.words.number(kilograms)

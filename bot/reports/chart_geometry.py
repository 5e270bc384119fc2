"""The charts of the report as numbers. Lengths and positions are in per cent of the drawing, so it fits any width."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import ceil

from bot.reports.published_participation import Report
from bot.standings.published_figures import WHOLE, Standing, Standings

_ALL = 100
_TEN = 10
_LEFT, _RIGHT = 12.0, 96.0
_UPPER, _LOWER = 10.0, 86.0
"""The area of the line, with room for numbers and days around it."""


@dataclass(frozen=True)
class Bar:
    """The rate of a place, in per cent, and the length of its bar."""

    place: str
    rate: int
    length: float

    @property
    def is_whole(self) -> bool:
        """True for the bar of all countries together."""
        return self.place == WHOLE


@dataclass(frozen=True)
class Bars:
    """The rates of all together and of the countries by rank.

    `goal` is the position of its line, and `missing` are the countries without a bar.
    """

    bars: tuple[Bar, ...]
    goal: float | None
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Point:
    """The number of people who took part on a day, and its position."""

    day: date
    people: int
    x: float
    y: float


@dataclass(frozen=True)
class Line:
    """People day by day. `segments` join neighbouring days; a day that is not shown leaves a gap.

    `grid` has the heights of a few round numbers, `goal` the height and the number of people of the goal.
    """

    points: tuple[Point, ...]
    segments: tuple[tuple[Point, Point], ...]
    grid: tuple[tuple[int, float], ...]
    goal: tuple[int, float] | None

    @property
    def ends(self) -> tuple[Point, ...]:
        """The first and the last point, which can be the same."""
        return tuple(dict.fromkeys((*self.points[:1], *self.points[-1:])))


def bars(standings: Standings) -> Bars:
    """Compute the bars of a day."""
    ranked = sorted(standings.places, key=lambda each: each.rank or 0)
    rated = [(each.place, each.rate) for each in (standings.whole, *ranked) if each.rate is not None]
    # The scale never ends below 10 %, so that low rates do not look high.
    top = max(_ALL / _TEN, standings.goal_percent or 0, *(rate for _, rate in rated))
    scale = _ALL / (ceil(top / _TEN) * _TEN)
    return Bars(
        bars=tuple(Bar(place, rate, rate * scale) for place, rate in rated),
        goal=standings.goal_percent * scale if standings.goal_percent else None,
        # Named below the chart, so that nobody takes them for countries in which nobody takes part.
        missing=tuple(each.place for each in standings.places if each.headcount and each.rate is None),
    )


def line(report: Report) -> Line:
    """Compute the line of all countries together over all days that were published."""
    goal = _goal(report.newest.whole, report.newest.goal_percent)
    # The goal is on the chart even where it is far above the line; otherwise every line would look like a success.
    top = _round(max([goal or 0, *(_people(day) or 0 for day in report.days)]))
    points = [_point(report, day, top) for day in report.days]
    return Line(
        points=tuple(point for point in points if point),
        # Interpolating over a hidden day would show a figure that was withheld.
        segments=tuple((one, next_) for one, next_ in pairwise(points) if one and next_),
        grid=tuple((people, _height(people, top)) for people in (0, top // 2, top)),
        goal=(goal, _height(goal, top)) if goal else None,
    )


def _goal(whole: Standing, percent: int | None) -> int | None:
    return ceil(whole.headcount * percent / _ALL) if whole.headcount and percent else None


def _round(people: int) -> int:
    """Return the next round number that is even, for a grid line half-way."""
    step: int = max(2, 10 ** (len(str(people)) - 1))
    return max(1, ceil(people / step)) * step


def _height(people: int, top: int) -> float:
    return round(_LOWER - people / top * (_LOWER - _UPPER), 2)


def _people(day: Standings) -> int | None:
    """Return the number of people to draw, or `None` where a band such as "few" leaves a gap."""
    return day.whole.participants if isinstance(day.whole.participants, int) else None


def _point(report: Report, day: Standings, top: int) -> Point | None:
    people = _people(day)
    if people is None:
        return None
    begins, ends = report.days[0].taken_at, report.newest.taken_at
    # A single day has no length, and stands in the middle.
    share = (day.taken_at - begins) / (ends - begins) if ends > begins else 0.5
    return Point(report.day(day), people, round(_LEFT + share * (_RIGHT - _LEFT), 2), _height(people, top))

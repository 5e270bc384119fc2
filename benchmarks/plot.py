"""Draws how cost grows: with how much has been done before, and with how many people press at once."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pygal
from pygal.style import Style

from benchmarks.figure import Figure

FOLDER = Path(__file__).parents[1] / "docs"

_NUMBER = r"(?P<number>[\d,]+)"


@dataclass(frozen=True)
class _Plot:
    """A picture of some figures. A line is a name, and what its figures are called with a number in the middle."""

    file: str
    title: str
    across: str
    lines: Mapping[str, str]


_PLOTS = (
    _Plot(
        "growth-actions.svg",
        "An answer, and taking the figures",
        "what colleagues have done before",
        {
            "standings, until the answer": f"standings, 1 at once, {_NUMBER} actions",
            "my week, until the answer": f"my, 1 at once, {_NUMBER} actions",
            "taking the figures, once a day": f"taking the figures of {_NUMBER} actions",
        },
    ),
    _Plot(
        "growth-people.svg",
        "A pledge, until the reply",
        "people who pledge at once",
        {
            "the bot": f"until the reply, {_NUMBER} at once, median",
            "a plain synchronous Bolt app": f"plain synchronous Bolt app, until the reply, {_NUMBER} at once, median",
        },
    ),
)


def draw(figures: Sequence[Figure], folder: Path = FOLDER) -> list[Path]:
    """Draw what there are figures for, in milliseconds on a scale of tens; the files that were written."""
    drawn = []
    for plot in _PLOTS:
        points = {name: dict(_points(figures, pattern)) for name, pattern in plot.lines.items()}
        if all(points.values()):
            (folder / plot.file).write_bytes(_svg(plot, points))
            drawn.append(folder / plot.file)
    return drawn


def _points(figures: Sequence[Figure], pattern: str) -> Iterator[tuple[int, float]]:
    for figure in figures:
        found = re.fullmatch(pattern, figure.what)
        if found:
            yield int(found["number"].replace(",", "")), figure.median


def _svg(plot: _Plot, points: Mapping[str, Mapping[int, float]]) -> bytes:
    across = sorted({number for line in points.values() for number in line})
    chart = pygal.Line(
        style=Style(background="white", plot_background="white", font_family="sans-serif", stroke_width=2),
        js=(),
        logarithmic=True,
        legend_at_bottom=True,
        legend_at_bottom_columns=1,
        width=720,
        height=420,
        title=f"{plot.title} (median, ms)",
        x_title=plot.across,
    )
    chart.y_labels = _tens([value for line in points.values() for value in line.values()])
    chart.range = (chart.y_labels[0], chart.y_labels[-1])
    chart.x_labels = [f"{number:,}" for number in across]
    for name, line in points.items():
        chart.add(name, [line.get(number) for number in across])
    drawn: bytes = chart.render(disable_xml_declaration=False)
    return drawn


def _tens(values: Sequence[float]) -> list[int]:
    """The powers of ten around all of them."""
    first, last = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return [10**power for power in range(max(0, first), max(first, last) + 1)]

"""The figures as a Markdown table, or as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from benchmarks.figure import Figure
from benchmarks.machine import Machine

_HEAD = ("figure", "what", "median", "min-max", "runs")


def as_markdown(machine: Machine, figures: Sequence[Figure]) -> str:
    """The machine, and a row for each figure."""
    rows = [_HEAD, ("---",) * len(_HEAD), *map(_row, figures)]
    return "\n".join([f"{machine}", "", *map(_line, rows)])


def _row(figure: Figure) -> tuple[str, ...]:
    low, high = figure.spread
    spread = f"{_number(low)}-{_number(high)}"
    return figure.name, figure.what, f"{_number(figure.median)} {figure.unit}", spread, str(len(figure.numbers))


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _number(value: float) -> str:
    """As many digits as mean something."""
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f}"


def as_json(machine: Machine, figures: Sequence[Figure]) -> dict[str, Any]:
    """The same for programs, with the figure of every run."""
    return {"machine": asdict(machine), "figures": [asdict(figure) | {"median": figure.median} for figure in figures]}

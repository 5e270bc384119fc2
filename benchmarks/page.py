"""Puts the table of figures into the document that explains them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks import table
from benchmarks.figure import Figure, NotMeasured
from benchmarks.machine import Machine

FIGURES = Path(__file__).parents[1] / "docs" / "figures.md"

_BEGIN, _END = "<!-- bench -->", "<!-- /bench -->"


def check() -> None:
    """See that the document can be written before anything is measured: half an hour later it would be a pity.

    Raises:
        NotMeasured: It does not have its markers.
    """
    _rewritten("")


def write(machine: Machine, figures: Sequence[Figure]) -> None:
    """Put the figures between the markers. Rows of what was not measured this time stay as they are."""
    FIGURES.write_text(_rewritten(_merged(table.as_markdown(machine, figures))), encoding="utf-8")


def _merged(measured: str) -> str:
    head, rows = _head_and_rows(measured)
    _head, before = _head_and_rows(FIGURES.read_text(encoding="utf-8").partition(_BEGIN)[2].partition(_END)[0])
    names = dict.fromkeys(map(_name, [*before, *rows]))
    # A benchmark's rows stay together, and the benchmarks in the order in which they stood.
    kept = [row for name in names for row in (rows if name in set(map(_name, rows)) else before) if _name(row) == name]
    return "\n".join([*head, *kept])


def _head_and_rows(text: str) -> tuple[list[str], list[str]]:
    lines = text.strip().splitlines()
    first = next((number for number, line in enumerate(lines) if line.startswith("| --- |")), len(lines)) + 1
    return lines[:first], lines[first:]


def _name(row: str) -> str:
    """Return the benchmark's name, which stands in the first cell."""
    return row.split("|")[1].strip()


def _rewritten(text: str) -> str:
    before, begin, rest = FIGURES.read_text(encoding="utf-8").partition(_BEGIN)
    _old, end, after = rest.partition(_END)
    if not begin or not end or _BEGIN in rest or _END in after:
        raise NotMeasured(f"{FIGURES.name} needs the line {_BEGIN} and, below it, the line {_END}, once each")
    return f"{before}{_BEGIN}\n\n{text}\n\n{_END}{after}"

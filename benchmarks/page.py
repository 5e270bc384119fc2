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
    """Put the table between the markers."""
    FIGURES.write_text(_rewritten(table.as_markdown(machine, figures)), encoding="utf-8")


def _rewritten(text: str) -> str:
    before, begin, rest = FIGURES.read_text(encoding="utf-8").partition(_BEGIN)
    _old, end, after = rest.partition(_END)
    if not begin or not end or _BEGIN in rest or _END in after:
        raise NotMeasured(f"{FIGURES.name} needs the line {_BEGIN} and, below it, the line {_END}, once each")
    return f"{before}{_BEGIN}\n\n{text}\n\n{_END}{after}"

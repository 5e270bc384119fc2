"""Puts the figures into the README."""

from __future__ import annotations

from pathlib import Path

from benchmarks.figure import NotMeasured

README = Path(__file__).parents[1] / "README.md"

_BEGIN, _END = "<!-- bench -->", "<!-- /bench -->"


def rewrite(text: str, table: str) -> str:
    """The text with the table between its markers.

    Raises:
        NotMeasured: The markers are not there, once each and in their order.
    """
    before, begin, rest = text.partition(_BEGIN)
    _old, end, after = rest.partition(_END)
    if not begin or not end or _BEGIN in rest or _END in after:
        raise NotMeasured(f"README.md needs the line {_BEGIN} and, below it, the line {_END}, once each")
    return f"{before}{_BEGIN}\n\n{table}\n\n{_END}{after}"

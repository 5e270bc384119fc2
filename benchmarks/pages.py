"""Puts the figures into the pages that show them: all of them into one, and what most ask for into the README."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks import table
from benchmarks.figure import Figure, NotMeasured
from benchmarks.machine import Machine

_TOP = Path(__file__).parents[1]
README, FIGURES = _TOP / "README.md", _TOP / "docs" / "figures.md"

_BEGIN, _END = "<!-- bench -->", "<!-- /bench -->"

_SHOWN: Mapping[str, Sequence[str]] = {
    "lateness": ("post, median", "post, 95th percentile", "peak memory of the bot while posting"),
    "pledge": tuple(
        f"{which}until the reply, {people} at once, median"
        for people in (1, 10, 50, 200)
        for which in ("", "plain synchronous Bolt app, ")
    ),
    "answers": (
        "standings, 1 at once, 1,000 actions",
        "standings, 1 at once, 1,000,000 actions",
        "taking the figures of 1,000,000 actions",
        "longest wait for my meanwhile, 1,000,000 actions",
    ),
    "claims": tuple(
        f"{where}: {what}"
        for where in ("SQLite", "PostgreSQL", "PostgreSQL, 3 replicas")
        for what in ("one row a claim, 5,000 due", "4 rows a claim (the dispatcher's most)")
    ),
    "broadcast": tuple(
        f"2,000 people at 230 a minute: {what}"
        for what in ("delivered", "lost", "doubled", "time, to what the limit allows")
    ),
    "earth hour": tuple(f"10,000 people at {pace} a minute: time, to what the limit allows" for pace in (230, 525)),
    "directory": ("100,000 people: pages", "100,000 people: time"),
    "start": ("bot until it is live", "bot live, to bare Bolt app live", "bot, peak memory at ready"),
    "rehearsal": ("with 40 people", "with 200 people"),
    "room": ("with 200 people, until the page shows something, 95th percentile",),
}


def check() -> None:
    """See that the pages can be written, before anything is measured: half an hour later it would be a pity.

    Raises:
        NotMeasured: A page has not got its markers.
    """
    for page in (README, FIGURES):
        _rewritten(page, "")


def write(machine: Machine, figures: Sequence[Figure]) -> None:
    """Put the tables between the markers of both pages.

    Raises:
        NotMeasured: A figure that the README shows is not among them.
    """
    pages = {README: list(_shown(figures)), FIGURES: figures}
    texts = {page: _rewritten(page, table.as_markdown(machine, found)) for page, found in pages.items()}
    for page, text in texts.items():
        page.write_text(text, encoding="utf-8")


def _shown(figures: Sequence[Figure]) -> Iterator[Figure]:
    known = {(figure.name, figure.what): figure for figure in figures}
    for name, whats in _SHOWN.items():
        for what in whats:
            if (name, what) not in known:
                raise NotMeasured(f"the README shows {name}, {what}, and nobody has measured it")
            yield known[name, what]


def _rewritten(page: Path, text: str) -> str:
    before, begin, rest = page.read_text(encoding="utf-8").partition(_BEGIN)
    _old, end, after = rest.partition(_END)
    if not begin or not end or _BEGIN in rest or _END in after:
        raise NotMeasured(f"{page.name} needs the line {_BEGIN} and, below it, the line {_END}, once each")
    return f"{before}{_BEGIN}\n\n{text}\n\n{_END}{after}"

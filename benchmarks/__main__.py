"""Measures everything and prints one table: `python -m benchmarks`."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence

from benchmarks import page, plot, table
from benchmarks.answers import ANSWERS
from benchmarks.broadcast import BROADCAST
from benchmarks.claims import CLAIMS
from benchmarks.directory import DIRECTORY
from benchmarks.earth_hour import EARTH_HOUR, LARGEST_EARTH_HOUR
from benchmarks.figure import QUICK, Figure, NotMeasured, Scale, repeat
from benchmarks.lateness import LATENESS
from benchmarks.machine import this_machine
from benchmarks.planning import PLANNING
from benchmarks.pledge import PLEDGE, PLEDGE_ON_POSTGRESQL
from benchmarks.rehearsal import REHEARSAL
from benchmarks.results import RESULTS
from benchmarks.room import ROOM
from benchmarks.start import START

_ALL = (
    LATENESS,
    PLEDGE,
    PLEDGE_ON_POSTGRESQL,
    ANSWERS,
    PLANNING,
    CLAIMS,
    BROADCAST,
    START,
    REHEARSAL,
    RESULTS,
    ROOM,
    EARTH_HOUR,
    LARGEST_EARTH_HOUR,
    DIRECTORY,
)
BENCHMARKS = {each.name: each for each in _ALL}
_USUAL = [each.name for each in _ALL if not each.apart]


def main() -> None:
    wanted = _arguments()
    try:
        if wanted.write:
            page.check()
        figures = _measure(wanted.only or _USUAL, QUICK if wanted.quick else Scale())
    except (NotMeasured, TimeoutError, subprocess.TimeoutExpired) as error:
        sys.exit(f"not measured: {error}")
    machine = this_machine()
    print(json.dumps(table.as_json(machine, figures), indent=2) if wanted.json else table.as_markdown(machine, figures))
    if wanted.write:
        page.write(machine, figures)
        plot.draw(figures)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure how fast the bot is.")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a Markdown table")
    parser.add_argument("--quick", action="store_true", help="small sizes and one run: only whether all of it works")
    parser.add_argument("--only", action="append", choices=BENCHMARKS, help="measure this; may be given several times")
    parser.add_argument(
        "--write", action="store_true", help="put the figures into docs/figures.md, with the plots of a whole run"
    )
    wanted = parser.parse_args()
    if wanted.write and wanted.quick:
        parser.error("figures of small sizes say little: they are not written into docs/figures.md")
    return wanted


def _measure(names: Sequence[str], scale: Scale) -> list[Figure]:
    return [figure for name in names for figure in repeat(BENCHMARKS[name], scale, _say)]


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()

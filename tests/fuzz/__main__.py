"""A million spoilt cases on all processors: `make fuzz`, or `python -m tests.fuzz --seed 7 --cases 50000`.

A run is cut into batches, each with a seed of its own. What a batch finds, `--only` shows again.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from . import door, reading
from .findings import Findings

BATCH = 2_500
ARMS: Mapping[str, Callable[[str, int], Findings]] = {
    "door": door.run,
    "forms": reading.run_forms,
    "campaigns": reading.run_campaigns,
}
SHARES: Mapping[str, float] = {"door": 0.2, "forms": 0.74, "campaigns": 0.06}
"""Of all cases. The first are sent through the whole bot and take most of the time."""


@dataclass(frozen=True)
class Batch:
    """Some cases of one arm; its name is what they are made of."""

    arm: str
    name: str
    cases: int = BATCH

    def run(self) -> tuple[str, Findings, float]:
        """Its name, what it found, and the seconds it took."""
        logging.disable(logging.WARNING)
        begun = time.perf_counter()
        return self.name, ARMS[self.arm](self.name, self.cases), time.perf_counter() - begun


def main() -> None:
    """Run, and say what was found."""
    wanted = _arguments()
    batches = [each for each in _batches(wanted.seed, wanted.cases) if wanted.only in {None, each.name}]
    begun, found, seconds = time.perf_counter(), Findings(), dict.fromkeys(ARMS, 0.0)
    with ProcessPoolExecutor(wanted.processes) as pool:
        for batch, (name, some, took) in zip(batches, pool.map(Batch.run, batches), strict=True):
            found.add(some)
            seconds[batch.arm] += took
            for bad in some.bad:
                sys.stderr.write(f"{name}: {bad}\n")
            sys.stderr.write(f"\r{name}: {found.cases:,} cases, {len(found.bad)} bad ")
            sys.stderr.flush()
    _show(found, seconds, time.perf_counter() - begun, wanted.seed)
    sys.exit(bool(found.bad))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Attack the bot with spoilt input.")
    parser.add_argument("--seed", default="1", help="another one makes other cases")
    parser.add_argument("--cases", type=int, default=1_000_000, help="in all")
    parser.add_argument("--only", help="a single batch, by the name it was given")
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    return parser.parse_args()


def _batches(seed: str, cases: int) -> Iterator[Batch]:
    for arm, share in SHARES.items():
        whole, rest = divmod(round(cases * share), BATCH)
        for number in range(whole + bool(rest)):
            yield Batch(arm, f"{seed}-{arm}-{number}", BATCH if number < whole else rest)


def _show(found: Findings, seconds: Mapping[str, float], took: float, seed: str) -> None:
    table = Table("what", "outcome", "cases", title=f"seed {seed}: {found.cases:,} cases in {took:,.0f} s")
    for (kind, outcome), count in sorted(found.counts.items()):
        table.add_row(kind, outcome, f"{count:,}")
    Console().print(table)
    spent = ", ".join(f"{arm} {value:,.0f} s" for arm, value in seconds.items())
    Console().print(f"processor time: {spent}; bad: {len(found.bad)}")


if __name__ == "__main__":
    main()

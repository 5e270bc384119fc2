"""What is measured, how often, and what came of it."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass


class NotMeasured(Exception):  # noqa: N818 - it reads as what happened
    """A benchmark could not be carried out; the message says why."""


@dataclass(frozen=True)
class Scale:
    """How much is measured. What is warmed up is thrown away."""

    runs: int = 5
    warm_ups: int = 1
    posts: int = 20
    people: int = 2_000
    rows: int = 5_000
    colleagues: Sequence[int] = (0, 40, 200)
    actions: Sequence[int] = (1_000, 10_000, 100_000, 1_000_000)
    at_once: Sequence[int] = (1, 10, 50, 200)
    rounds: int = 40
    broadcast: int = 2_000
    evening: int = 10_000
    largest_evening: int = 100_000
    directory: int = 100_000


QUICK = Scale(
    runs=1,
    warm_ups=0,
    posts=5,
    people=200,
    rows=500,
    colleagues=(0,),
    actions=(1_000, 20_000),
    at_once=(1, 20),
    rounds=4,
    broadcast=200,
    evening=500,
    largest_evening=1_000,
    directory=2_000,
)
"""Enough to see that everything still works; its figures say little."""


@dataclass(frozen=True)
class Value:
    """One figure of one run."""

    what: str
    number: float
    unit: str


@dataclass(frozen=True)
class Benchmark:
    """Something to measure: `run` does it once and gives one value for each of its figures.

    What takes minutes is run at most so often, without a warm-up; what takes half an hour, only where it is asked for.
    """

    name: str
    run: Callable[[Scale], Sequence[Value]]
    most: int | None = None
    apart: bool = False


@dataclass(frozen=True)
class Figure:
    """A figure over all runs."""

    name: str
    what: str
    unit: str
    numbers: Sequence[float]

    @property
    def median(self) -> float:
        """The middle of all runs: these machines are shared, and a mean would follow their worst moment."""
        return statistics.median(self.numbers)

    @property
    def spread(self) -> tuple[float, float]:
        """The smallest and the largest."""
        return min(self.numbers), max(self.numbers)


def repeat(benchmark: Benchmark, scale: Scale, say: Callable[[str], None]) -> Iterator[Figure]:
    """Run a benchmark as often as the scale asks for."""
    numbers: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    warm_ups, runs = (0, min(benchmark.most, scale.runs)) if benchmark.most else (scale.warm_ups, scale.runs)
    for number in range(warm_ups + runs):
        warm_up = number < warm_ups
        say(f"{benchmark.name}: {'warming up' if warm_up else f'run {number - warm_ups + 1} of {runs}'}")
        values = benchmark.run(scale)
        if not warm_up:
            for value in values:
                numbers[value.what, value.unit].append(value.number)
    yield from _figures(benchmark.name, numbers)


def _figures(name: str, numbers: Mapping[tuple[str, str], Sequence[float]]) -> Iterator[Figure]:
    for (what, unit), found in numbers.items():
        yield Figure(name, what, unit, found)

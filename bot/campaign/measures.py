"""Measures that the company has taken or will take, and the goals that it has set itself, as in `measures.toml`.

A measure has a figure with its source, or says that it is not measured yet. A goal has a value where it began, one
that it shall reach, and the latest one. Values of a goal may fall, as those of kilometres by car.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from bot.campaign.toml_table import Day, Link, Name, Sdgs, Slug, Strings, Table, as_pair, one_line

NOT_MEASURED = "not measured yet"
"""The value of `figure` in a measure that has none."""

LASTS = timedelta(days=365)
"""The time after which a figure is stale: it is of another year."""

_LARGEST = 1e12
_DECIMALS = 3


def _legible(value: float) -> float:
    if value and abs(value) < 10**-_DECIMALS:
        raise ValueError(f"{value} would be read as 0; write it in a smaller unit")
    return value


Amount = Annotated[float, Field(ge=-_LARGEST, le=_LARGEST, allow_inf_nan=False), AfterValidator(_legible)]
Source = Annotated[str, Field(min_length=1, max_length=300)]


def _figure(value: Any) -> Any:
    if isinstance(value, str):
        if value != NOT_MEASURED:
            raise ValueError(f'a figure is a table, not {value!r}; write [measures.figure], or "{NOT_MEASURED}"')
        return None
    return value


class Commitment(Table):
    """The part that a measure and a goal have in common. One without `countries` is for all of them."""

    id: Slug = Field(examples=['"repaired-laptops"'])
    countries: Strings = Field((), examples=['["SE"]'])
    sdgs: Annotated[Sdgs, Field(min_length=1)] = Field(examples=["[12, 13]"])

    def reaches(self, country: str | None) -> bool:
        """Return whether it is for a country, or for all."""
        return not self.countries or country in self.countries


class MeasureStatus(StrEnum):
    """The status of a measure, from first to last."""

    PLANNED = "planned"
    UNDER_WAY = "under way"
    DONE = "done"
    STOPPED = "stopped"


class MeasureFigure(Table):
    """`[measures.figure]`: a figure that was measured, or an estimate with its range. Its unit is among the words."""

    value: Amount = Field(examples=["140"])
    measured: bool = False
    range: Annotated[tuple[Amount, Amount], BeforeValidator(as_pair)] | None = Field(None, examples=["[120, 160]"])
    date: Day = Field(examples=["2027-01-15"])
    source: Source = Field(examples=['"Our IT inventory, January 2027"'])
    source_url: Link | None = Field(None, examples=['"https://…"'])

    def is_stale(self, day: dt.date) -> bool:
        """Return whether the figure is older than a year on a day."""
        return self.date + LASTS < day


class Measure(Commitment):
    """`[[measures]]`: something that the company does."""

    status: Annotated[MeasureStatus, Field(strict=False)] = Field(examples=['"done"'])
    begins: Day | None = Field(None, examples=["2026-09-01"])
    ends: Day | None = Field(None, examples=["2027-02-28"])
    figure: Annotated[MeasureFigure | None, BeforeValidator(_figure)] = Field(examples=[f'"{NOT_MEASURED}"'])
    """The figure, or None if nobody has measured it yet."""


class GoalValue(Table):
    """`baseline`, `target` or `latest` of a goal: a value on a day. What was reached has a source."""

    value: Amount = Field(examples=["40"])
    date: Day = Field(examples=["2026-12-31"])
    source: Source | None = Field(None, examples=['"Our travel agency, 2026"'])
    source_url: Link | None = Field(None, examples=['"https://…"'])


class Goal(Commitment):
    """`[[goals]]`: a value that the company wants to reach by a day."""

    baseline: GoalValue = Field(examples=['{ value = 40, date = 2025-12-31, source = "…" }'])
    target: GoalValue = Field(examples=["{ value = 70, date = 2028-12-31 }"])
    latest: GoalValue = Field(examples=['{ value = 52, date = 2026-12-31, source = "…" }'])

    @property
    def progress(self) -> float:
        """The part of the way that is done, from 0 to 1. A value on the wrong side of the baseline is none of it."""
        way = self.target.value - self.baseline.value
        return min(1.0, max(0.0, (self.latest.value - self.baseline.value) / way)) if way else 0.0

    @property
    def is_reached(self) -> bool:
        """True if the latest value is the target, or beyond it."""
        return self.progress >= 1

    def is_stale(self, day: dt.date) -> bool:
        """Return whether the latest value is older than a year on a day."""
        return self.latest.date + LASTS < day


class MeasureWords(Table):
    """A measure or a goal in one language. `responsible` is a role, never a name."""

    title: Name = Field(examples=['"Laptops are repaired before they are replaced"'])
    about: Annotated[str, Field(min_length=1, max_length=300), AfterValidator(one_line)] = Field(
        examples=['"One or two plain sentences."']
    )
    responsible: Annotated[str, Field(min_length=1, max_length=60)] = Field(examples=['"IT"'])
    unit: Annotated[str, Field(min_length=1, max_length=40)] | None = Field(None, examples=['"laptops a year"'])


MeasureTexts = Mapping[tuple[str, str], MeasureWords]
"""The words of measures and goals by ID and language."""

"""The change since the campaign before, of which only the published figures are left.

Figures are compared only where they mean the same thing. A difference that the noise can have made is no change.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from bot.standings.cell_key_noise import deviation
from bot.standings.displayed_figures import STEP, SURE
from bot.standings.indicators import GRAMS
from bot.standings.published_figures import WHOLE, Band, Kilograms, Standing, Standings

Value = int | Band | Kilograms | None

_MINUTES = 60
_HUNDRED = 100


class Direction(StrEnum):
    """The direction of a change. `UNSURE` is between words, or shares of a number that is not shown."""

    MORE = "more"
    FEWER = "fewer"
    LEVEL = "level"
    UNSURE = "unsure"
    NOT_COMPARABLE = "not_comparable"


@dataclass(frozen=True)
class Change:
    """A figure of the campaign before, and how it has changed."""

    before: Value
    direction: Direction


@dataclass(frozen=True)
class Former:
    """The last figures of the campaign before, by place and name, with what they were counted by."""

    campaign: str
    taken_at: datetime
    definition: str
    factors: str
    max_kg: int | None
    smallest_group: int
    figures: Mapping[tuple[str, str], Value]

    @classmethod
    def of(cls, standings: Standings) -> Self:
        """Take the figures of a publication."""
        figures = {(row.place, name): getattr(row, name) for row in standings.rows() for name in Standing.model_fields}
        return cls(
            standings.campaign,
            standings.taken_at,
            standings.definition,
            standings.factors,
            standings.max_kg,
            standings.smallest_group,
            {key: value for key, value in figures.items() if isinstance(value, int | Band | Kilograms)},
        )

    def is_comparable(self, now: Standings) -> bool:
        """Return whether figures mean the same then and now."""
        return self.definition == now.definition


def change(former: Former, now: Standings, name: str, place: str = WHOLE) -> Change | None:
    """Compare a figure of a place with the one before, or return None where one of them is not there.

    Only places that are shown now are looked at: of one that is no longer shown, the old figures stay hidden too.
    """
    row = next((each for each in now.rows() if each.place == place), None)
    after, before = getattr(row, name, None), former.figures.get((place, name))
    if row is None or after is None or before is None:
        return None
    return Change(before, _direction(former, now, row, name, before, after))


def _direction(former: Former, now: Standings, row: Standing, name: str, before: Value, after: Value) -> Direction:
    if not former.is_comparable(now):
        return Direction.NOT_COMPARABLE
    if isinstance(before, Kilograms) and isinstance(after, Kilograms):
        # With another factor or another limit, the same deeds weigh something else.
        if (former.factors, former.max_kg) != (now.factors, now.max_kg) or not now.max_kg:
            return Direction.NOT_COMPARABLE
        blur = math.sqrt(2) * deviation(now.max_kg * GRAMS) / GRAMS
        return _beyond(after.about - before.about, blur)
    if not isinstance(before, int) or not isinstance(after, int):
        return Direction.UNSURE
    return _of_numbers(former, row, name, before, after)


def _of_numbers(former: Former, row: Standing, name: str, before: int, after: int) -> Direction:
    match name:
        case "response_rate":
            return Direction.UNSURE
        case "earth_hour_minutes":
            return _beyond(after - before, math.sqrt(2) * deviation(_MINUTES))
        case "rate":
            then = former.figures.get((row.place, "headcount"))
            if not row.headcount or not isinstance(then, int) or not then:
                return Direction.UNSURE
            return _beyond(after - before, _HUNDRED * math.hypot(_count_blur() / row.headcount, _count_blur() / then))
        case "headcount":
            return _beyond(after - before, 0)
        case _:
            return _beyond(after - before, math.sqrt(2) * _count_blur())


def _count_blur() -> float:
    # Rounding to steps adds the deviation of a uniform distribution, which is the step by the root of 12.
    return math.hypot(deviation(), STEP / math.sqrt(12))


def _beyond(difference: float, blur: float) -> Direction:
    if abs(difference) <= SURE * blur:
        return Direction.LEVEL
    return Direction.MORE if difference > 0 else Direction.FEWER

"""Figures as coarse as they are sure: kilograms to two digits, rates to whole per cent or to steps of five."""

from __future__ import annotations

import math
from collections.abc import Callable

from bot.standings.figures import Kilograms
from bot.store.participation import Estimate

FEW = 20
"""Below so many people one of them would move a rate by more than five per cent."""

_STEP = 5
_DIGITS = 2


def kilograms(estimate: Estimate) -> Kilograms:
    """An estimate with two significant digits; its range is rounded outwards."""
    return Kilograms(
        low=_two_digits(estimate.low, math.floor),
        about=_two_digits(estimate.about, round),
        high=_two_digits(estimate.high, math.ceil),
    )


def _two_digits(value: float, whole: Callable[[float], int]) -> float:
    if value <= 0:
        return 0.0
    places = _DIGITS - 1 - math.floor(math.log10(value))
    # A sum of tenths is seldom exact; what is left of that must not count as something above or below.
    return round(whole(round(value * 10.0**places, 6)) / 10.0**places, max(places, 0))


def rate(part: int, base: int) -> int | None:
    """A share in whole per cent, in steps of five where the base is small; above 100 it says what was counted."""
    if base <= 0:
        return None
    step = _STEP if base < FEW else 1
    return (200 * part + step * base) // (2 * step * base) * step

"""Turns blurred numbers into what is shown, which depends on the number, the campaign and the calendar alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from bot.campaign.model import Campaign
from bot.standings.cell_key_noise import deviation
from bot.standings.indicators import GRAMS, Measure
from bot.standings.published_figures import Band, Figure, Kilograms, Standing

FEW = 20
"""The number of people below which one of them would move a rate by more than five per cent."""

STEP = 5
"""Steps in which numbers of people are shown."""

_DIGITS = 2
_CLEAR = 4
"""Standard deviations of its noise from which on an amount is shown."""

SURE = 2
"""Standard deviations of their difference beyond which two figures count as different."""


def figure(campaign: Campaign, measure: Measure, blurred: int, headcount: int | None) -> Figure | Kilograms:
    """Show a measure, as what it is counted in wants it."""
    match measure.unit:
        case "people":
            return count(blurred, campaign.smallest_group, headcount)
        case "grams":
            return kilograms(blurred, campaign)
        case _:
            return amount(blurred, measure.max_per_act)


def count(blurred: int, smallest: int, headcount: int | None) -> Figure:
    """Show a number of people, in steps of five, or the words for it at both ends."""
    if blurred < smallest:
        return Band.FEW
    if headcount is not None and headcount - smallest < blurred <= headcount + SURE * deviation():
        # Far above the headcount the number itself is shown, since then the headcount must be wrong.
        return Band.NEARLY_ALL
    return max(STEP, _in_steps(blurred))


def amount(blurred: int, max_per_act: int = 1) -> int | None:
    """Show pledges in steps of five, or minutes with two digits, where they stand out from their noise."""
    if blurred < _CLEAR * deviation(max_per_act):
        return None
    return _in_steps(blurred) if max_per_act == 1 else round(_two_digits(blurred, round))


def kilograms(blurred: int, campaign: Campaign) -> Kilograms | None:
    """Show grams as kilograms, where they stand out from their noise, with the range that all pledges have.

    The range of those that were made would tell which.
    """
    most = campaign.figures.max_kg
    if blurred < _CLEAR * deviation(most * GRAMS):
        return None
    places = [(pledge, country.code) for country in campaign.countries for pledge in campaign.offered(country.code)]
    known = [(*pledge.span(code), kg) for pledge, code in places if (kg := pledge.kilograms(code))] or [(1, 1, 1)]
    low, high, usual = (sum(min(kg, most) for kg in column) for column in zip(*known, strict=True))
    about = blurred / GRAMS
    return Kilograms(
        low=_two_digits(about * low / usual, math.floor),
        about=_two_digits(about, round),
        high=_two_digits(about * high / usual, math.ceil),
    )


def rate(part: int, base: int) -> int:
    """Show a share in whole per cent, in steps of five where the base is small; above 100 it says what was counted."""
    step = STEP if base < FEW else 1
    return (200 * part + step * base) // (2 * step * base) * step


def share(part: int, base: int, cells: int = 1) -> int | None:
    """Show a share of two blurred numbers, where the base, a sum of so many cells, stands out from its noise."""
    if base < max(1, _CLEAR * deviation() * math.sqrt(cells)):
        return None
    # Noise can take the quotient below 0 or above 100.
    return min(100, max(0, _in_steps(round(100 * part / base))))


def number(figure: Figure, smallest: int, headcount: int) -> float:
    """Return a number to compare by: for words, the middle of the range that they cover."""
    if isinstance(figure, int):
        return figure
    middle = (smallest - 1) / 2
    return headcount - middle if figure is Band.NEARLY_ALL else middle


def ranked(places: Sequence[Standing], smallest: int) -> tuple[Standing, ...]:
    """Rank places by their rates; they keep the order in which they came.

    Those between which the noise can have made the difference share a rank: a place ranks below others only where it
    differs from each of them.
    """
    # Rounding to steps adds the deviation of a uniform distribution, which is the step by the root of 12.
    blur = math.hypot(deviation(), STEP / math.sqrt(12))
    known = [
        (number(each.participants, smallest, each.headcount) / each.headcount, blur / each.headcount, each.place)
        for each in places
        if each.headcount
    ]
    ordered = sorted(known, reverse=True)
    ranks: dict[str, int] = {}
    rank, level = 0, -1
    for index, (best, wide, place) in enumerate(ordered):
        rank += index > level
        close = (i for i, (other, narrow, _) in enumerate(ordered) if best - other <= SURE * math.hypot(wide, narrow))
        level = max(level, *close)
        ranks[place] = rank
    return tuple(each.model_copy(update={"rank": ranks.get(each.place)}) for each in places)


def _in_steps(value: int) -> int:
    return (2 * value + STEP) // (2 * STEP) * STEP


def _two_digits(value: float, whole: Callable[[float], int]) -> float:
    if value <= 0:
        return 0.0
    places = _DIGITS - 1 - math.floor(math.log10(value))
    # A sum of tenths is seldom exact; what is left of that must not count as something above or below.
    return round(whole(round(value * 10.0**places, 6)) / 10.0**places, max(places, 0))

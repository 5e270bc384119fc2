"""What is shown of a blurred number. It depends on that number, the campaign and the calendar, and on nothing else."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from bot.campaign.model import Campaign
from bot.standings.cells import deviation
from bot.standings.figures import Band, Figure, Kilograms, Standing
from bot.standings.measures import GRAMS, Measure, Unit

FEW = 20
"""Below so many people one of them would move a rate by more than five per cent."""

_STEP = 5
_DIGITS = 2
_CLEAR = 4
"""An amount is shown from so many times the deviation of its noise on."""

_SURE = 2
"""Two figures differ where they are further apart than so many times the deviation of that."""


def figure(campaign: Campaign, measure: Measure, blurred: int, headcount: int | None) -> Figure | Kilograms:
    """What is shown of a measure."""
    match measure.unit:
        case Unit.PEOPLE:
            return count(blurred, campaign.smallest_group, headcount)
        case Unit.GRAMS:
            return kilograms(blurred, campaign)
        case _:
            return amount(blurred, measure.most)


def count(blurred: int, smallest: int, headcount: int | None) -> Figure:
    """A number of people, in steps of five, or the words for it at both ends."""
    if blurred < smallest:
        return Band.FEW
    if headcount is not None and headcount - smallest < blurred <= headcount + _SURE * deviation():
        return Band.NEARLY_ALL
    return max(_STEP, _in_steps(blurred))


def amount(blurred: int, most: int = 1) -> int | None:
    """A number of pledges or minutes, where it stands out from its noise; what comes one by one in steps of five."""
    if blurred < _CLEAR * deviation(most):
        return None
    return _in_steps(blurred) if most == 1 else round(_two_digits(blurred, round))


def kilograms(blurred: int, campaign: Campaign) -> Kilograms | None:
    """An amount of grams, where it stands out, with two significant digits and the range that all pledges have."""
    if blurred < _CLEAR * deviation(campaign.figures.max_kg * GRAMS):
        return None
    about = blurred / GRAMS
    low, high = _spread(campaign)
    return Kilograms(
        low=_two_digits(about * low, math.floor),
        about=_two_digits(about, round),
        high=_two_digits(about * high, math.ceil),
    )


def _spread(campaign: Campaign) -> tuple[float, float]:
    """How far the range reaches, by the figures of all pledges: the range of those that were made would tell which."""
    places = [(pledge, country.code) for pledge in campaign.pledges for country in campaign.countries]
    figures = [(*pledge.span(code), kg) for pledge, code in places if (kg := pledge.kilograms(code))]
    most = campaign.figures.max_kg
    low, high, about = (sum(min(kg, most) for kg in column) for column in zip(*(figures or [(1, 1, 1)]), strict=True))
    return low / about, high / about


def rate(part: int, base: int) -> int:
    """A share in whole per cent, in steps of five where the base is small; above 100 it says what was counted."""
    step = _STEP if base < FEW else 1
    return (200 * part + step * base) // (2 * step * base) * step


def share(part: int, base: int) -> int | None:
    """A share of two blurred numbers, where the base stands out from its noise."""
    if base < max(1, _CLEAR * deviation()):
        return None
    return min(100, max(0, _in_steps(round(100 * part / base))))


def number(figure: Figure, smallest: int, headcount: int) -> float:
    """A number for the words, where one is needed to compare: the middle of what they stand for."""
    match figure:
        case Band.NEARLY_ALL:
            return headcount - (smallest - 1) / 2
        case int():
            return figure
        case _:
            return (smallest - 1) / 2


def ranked(places: Sequence[Standing], smallest: int) -> tuple[Standing, ...]:
    """The places with their rank by rate, in the order in which they came.

    Those between which the noise can have made the difference share a rank: a place ranks below others only where it
    differs from each of them.
    """
    blur = math.hypot(deviation(), _STEP / math.sqrt(12))
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
        close = (i for i, (other, narrow, _) in enumerate(ordered) if best - other <= _SURE * math.hypot(wide, narrow))
        level = max(level, *close)
        ranks[place] = rank
    return tuple(each.model_copy(update={"rank": ranks.get(each.place)}) for each in places)


def _in_steps(value: int) -> int:
    return (2 * value + _STEP) // (2 * _STEP) * _STEP


def _two_digits(value: float, whole: Callable[[float], int]) -> float:
    if value <= 0:
        return 0.0
    places = _DIGITS - 1 - math.floor(math.log10(value))
    # A sum of tenths is seldom exact; what is left of that must not count as something above or below.
    return round(whole(round(value * 10.0**places, 6)) / 10.0**places, max(places, 0))

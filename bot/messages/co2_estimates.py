"""Kilograms of CO2e in words: with at most two significant digits, and compared with kilometres by car."""

from __future__ import annotations

from math import floor, log10

from bot.campaign.model import Pledge
from bot.messages.words import Words

_KM_BY_CAR = {"SE": 6.4, "NO": 7.1, "DK": 7.1, "DE": 4.3}
"""Kilometres by a country's average car for one kg CO2e. Kilograms a kilometre, with fuel supply: 0.157 in Sweden
(Klimatsmart Semester, Chalmers, 2017), 0.140 in Norway (Brakar, 2021), 0.141 in Denmark (Aarhus University, 2024), and
0.230 in Germany (UBA / TREMOD 2024)."""

_KM_ELSEWHERE = 5
"""Kilometres by an average British car for one kg CO2e: 0.211 kg a kilometre (UK DESNZ, 2025)."""

_DIGITS = 2


def round_estimate(value: float) -> float:
    """Round to two significant digits: more would promise what the estimates cannot keep."""
    # `log10` of zero is undefined.
    if not value:
        return 0.0
    return round(value, _DIGITS - 1 - floor(log10(abs(value))))


def kilograms_about(words: Words, kilograms: float) -> str:
    """Say an amount, such as "about 2.1 kg CO2e"."""
    return words("estimate.about", kilograms=words.number(round_estimate(kilograms)))


def kilograms_range(words: Words, low: float, high: float) -> str:
    """Say a range, such as "0.1 to 3.4 kg CO2e"."""
    return words("estimate.range", low=words.number(round_estimate(low)), high=words.number(round_estimate(high)))


def kilometres_by_car(words: Words, kilograms: float, country: str | None) -> str:
    """Compare an amount with driving in a country, such as "about as much as 11 km by car"."""
    kilometres = kilograms * _KM_BY_CAR.get(country or "", _KM_ELSEWHERE)
    return words("estimate.by_car", kilometres=words.number(round_estimate(kilometres)))


def pledge_estimate(words: Words, pledge: Pledge, country: str | None, unit: str) -> str:
    """Say what a pledge saves each time, such as "about 2.1 kg CO2e per 10 km", or that it is symbolic.

    Where the figure depends on the country and the country is not known, it is the range over all countries.
    """
    kilograms = pledge.kilograms(country)
    if kilograms:
        return words("estimate.each", about=kilograms_about(words, kilograms), unit=unit)
    if pledge.high:
        return words("estimate.each", about=kilograms_range(words, pledge.low, pledge.high), unit=unit)
    return words("estimate.symbolic")

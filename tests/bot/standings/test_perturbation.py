"""The tables are what they say: two-sided geometric noise, of which only what comes once in a million is cut off."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, localcontext
from itertools import pairwise
from math import exp

import pytest

from bot.standings.cell_key_noise import FACTOR, STEPS, deviation, noise, table

PICKS = 2**31
TABLES = pytest.mark.parametrize(("most", "steps"), [(1, 1), (60, STEPS)], ids=["counts", "amounts"])
"""What one act adds at most, and in how many steps of the table that its noise is picked from."""


def computed(steps: int) -> list[int]:
    """The table for noise of which one act makes a difference of so many steps, in numbers of fifty digits."""
    with localcontext() as context:
        context.prec = 50
        ratio = (-Decimal(FACTOR) / steps).exp()
        largest = next(n for n in range(1000) if 2 * ratio ** (n + 1) / (1 + ratio) < Decimal(10) ** -6)
        weights = [(2 if n else 1) * ratio**n for n in range(largest + 1)]
        shares = (sum(weights[: n + 1], Decimal()) / sum(weights, Decimal()) for n in range(largest + 1))
        return [int((share * PICKS).to_integral_value()) for share in shares]


def picks(most: int) -> dict[int, float]:
    """How many of the keys pick each noise."""
    known = table(most)
    by_magnitude = [known[0], *(above - below for below, above in pairwise(known))]
    both = {sign * n: times / 2 for n, times in enumerate(by_magnitude) for sign in (1, -1) if n}
    return {**both, 0: by_magnitude[0]}


@TABLES
def test_noise_table_matches_a_fresh_computation(most: int, steps: int) -> None:
    assert list(table(most)) == computed(steps)


@TABLES
def test_one_act_changes_noise_odds_within_the_factor(most: int, steps: int) -> None:
    found = picks(most)
    odds = [found[e] / found[e - steps] for e in found if e - steps in found]
    assert max(*odds, *(1 / each for each in odds)) < exp(FACTOR) * 1.02


@TABLES
def test_truncated_noise_is_rarer_than_one_in_million(most: int, steps: int) -> None:
    ratio = exp(-FACTOR / steps)
    assert 2 * ratio ** len(table(most)) / (1 + ratio) < 1e-6


@pytest.mark.parametrize("most", [1, 60], ids=["counts", "amounts"])
def test_noise_has_no_direction(most: int) -> None:
    assert noise(0, most) == noise(1, most) == 0
    assert noise(2**32 - 2, most) == len(table(most)) - 1
    assert noise(2**32 - 1, most) == 1 - len(table(most))
    found = picks(most)
    assert all(found[e] == found[-e] for e in found)


def keys(number: int = 20_000) -> Iterator[int]:
    """Keys all over their range."""
    return iter(range(7, 2**32, 2**32 // number))


@TABLES
def test_the_deviation_is_that_of_what_keys_pick(most: int, steps: int) -> None:
    drawn = [noise(key, most) for key in keys()]
    unit = 1 if steps == 1 else 60 / STEPS
    spread = unit * (sum(e * e for e in drawn) / len(drawn)) ** 0.5
    assert spread == pytest.approx(deviation(most), rel=0.02)


def test_one_person_shows_as_five_once_in_twelve() -> None:
    found = picks(1)
    share = sum(times for e, times in found.items() if 1 + e >= 5) / PICKS
    assert 1 / share == pytest.approx(11.9, abs=0.1)

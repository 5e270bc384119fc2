from __future__ import annotations

import pytest

from bot.locales.catalogues import words
from bot.messages.co2_estimates import kilograms_about, kilograms_range, kilometres_by_car, round_estimate

EN = words("en")


@pytest.mark.parametrize(
    ("value", "rounded"), [(0, 0), (0.0123, 0.012), (2.149, 2.1), (96, 96), (1234, 1200), (-155, -160)]
)
def test_two_digits_are_kept(value: float, rounded: float) -> None:
    assert round_estimate(value) == rounded


@pytest.mark.parametrize(
    ("country", "kilometres"), [("SE", "64"), ("NO", "71"), ("DK", "71"), ("DE", "43"), ("FI", "50"), (None, "50")]
)
def test_driving_is_that_of_the_readers_country(country: str | None, kilometres: str) -> None:
    assert f" {kilometres} km" in kilometres_by_car(EN, 10, country)


def test_amounts_are_said_with_their_comparison() -> None:
    assert "2.1" in kilograms_about(EN, 2.149)
    assert "11" in kilometres_by_car(EN, 2.149, None)
    low, high = kilograms_range(EN, 0.11, 3.42).split("0.1")[-1], "3.4"
    assert high in low

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.standings.figures import Kilograms
from bot.standings.rounding import kilograms, rate
from bot.store.participation import Estimate

ANY = st.just(0.0) | st.floats(1e-3, 1e7)


@pytest.mark.parametrize(
    ("low", "about", "high", "shown"),
    [
        (0, 0, 0, (0, 0, 0)),
        (1.0, 2.1, 3.4, (1.0, 2.1, 3.4)),
        (12.51, 12.51, 12.51, (12, 13, 13)),
        (1234, 1234, 1234, (1200, 1200, 1300)),
        (0.0149, 0.0149, 0.0149, (0.014, 0.015, 0.015)),
        (99.6, 99.6, 99.6, (99, 100, 100)),
    ],
)
def test_kilograms_have_two_digits_and_a_range_that_is_not_too_narrow(
    low: float, about: float, high: float, shown: tuple[float, float, float]
) -> None:
    assert kilograms(Estimate(low, about, high)) == Kilograms(low=shown[0], about=shown[1], high=shown[2])


def test_a_sum_of_tenths_is_not_rounded_up_for_what_a_computer_makes_of_it() -> None:
    tenths = sum([0.1] * 3)
    assert tenths != 0.3
    assert kilograms(Estimate(tenths, tenths, tenths)) == Kilograms(low=0.3, about=0.3, high=0.3)


@given(st.tuples(ANY, ANY, ANY).map(sorted))
def test_the_range_holds_what_was_estimated(parts: list[float]) -> None:
    shown = kilograms(Estimate(*parts))
    assert shown.low <= shown.about <= shown.high
    assert shown.low <= parts[0] * (1 + 1e-5)
    assert shown.high >= parts[2] * (1 - 1e-5)
    assert abs(shown.about - parts[1]) <= 0.05 * parts[1] + 1e-12


@pytest.mark.parametrize(
    ("part", "base", "shown"),
    [(1, 3, 35), (7, 19, 35), (19, 19, 100), (1, 19, 5), (7, 20, 35), (1, 200, 1), (33, 100, 33), (120, 100, 120)],
)
def test_a_rate_is_in_whole_per_cent_and_of_few_people_in_steps_of_five(part: int, base: int, shown: int) -> None:
    assert rate(part, base) == shown


def test_nobody_has_no_rate() -> None:
    assert rate(0, 0) is None


@given(st.integers(0, 500), st.integers(1, 500))
def test_a_rate_is_the_nearest_step(part: int, base: int) -> None:
    shown = rate(part, base)
    assert shown is not None
    step = 5 if base < 20 else 1
    assert shown % step == 0
    assert abs(shown - 100 * part / base) <= step / 2 + 1e-9

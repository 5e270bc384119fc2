"""What is shown of a blurred number: by itself, the headcount and the smallest group alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.model import Figures
from bot.standings.cell_key_noise import deviation
from bot.standings.displayed_figures import amount, count, kilograms, number, ranked, rate, share
from bot.standings.published_figures import Band, Figure, Standing
from tests.campaigns import campaign, pledge

FEW, NEARLY = Band.FEW, Band.NEARLY_ALL


@pytest.mark.parametrize(
    ("blurred", "headcount", "shown"),
    [
        (-8, 100, FEW),
        (4, 100, FEW),
        (5, 100, 5),
        (7, 100, 5),
        (8, 100, 10),
        (52, 100, 50),
        (95, 100, 95),
        (96, 100, NEARLY),
        (105, 100, NEARLY),
        (106, 100, 105),
        (5, 10, 5),
        (6, 10, NEARLY),
        (1237, None, 1235),
    ],
)
def test_people_are_counted_in_fives_between_the_extremes(blurred: int, headcount: int | None, shown: Figure) -> None:
    assert count(blurred, 5, headcount) == shown


@given(st.integers(-50, 2000), st.integers(3, 50), st.none() | st.integers(10, 2000))
def test_shown_people_are_at_least_five_in_fives(blurred: int, smallest: int, headcount: int | None) -> None:
    shown = count(blurred, smallest, headcount)
    assert (shown is FEW) == (blurred < smallest)
    if isinstance(shown, int):
        assert shown >= 5
        assert shown % 5 == 0
        assert abs(shown - blurred) <= 2


@pytest.mark.parametrize("most", [1, 60, 50_000])
def test_an_amount_is_shown_from_four_deviations_on(most: int) -> None:
    least = 4 * deviation(most)
    assert amount(int(least), most) is None
    assert amount(int(least) + 1, most) is not None


def test_minutes_have_two_digits_and_pledges_are_fives() -> None:
    assert amount(1549, 60) == 1500
    assert amount(1549) == 1550


def test_kilograms_use_the_common_range_of_all_pledges() -> None:
    of = replace(campaign(), pledges=(pledge("bike", kg=2), pledge("flight", kg=400)))
    # A flight counts 50 kg, its range from 50 to 50; so does the table of the bike, from 1 to 3.
    found = kilograms(1_000_000, of)
    assert found is not None
    assert (found.low, found.about, found.high) == (980, 1000, 1100)
    assert kilograms(560_000, of) is None


def test_lighter_pledges_have_clearer_sums() -> None:
    of = replace(campaign(), figures=Figures(max_kg=10))
    assert kilograms(200_000, campaign()) is None
    assert kilograms(200_000, of) is not None


def test_without_estimates_there_is_no_range() -> None:
    found = kilograms(1_000_000, replace(campaign(), pledges=()))
    assert found is not None
    assert found.low == found.about == found.high


@pytest.mark.parametrize(("part", "base", "shown"), [(35, 100, 35), (5, 19, 25), (150, 100, 150), (1, 300, 0)])
def test_smaller_base_gives_a_coarser_rate(part: int, base: int, shown: int) -> None:
    assert rate(part, base) == shown


@pytest.mark.parametrize(
    ("part", "base", "shown"), [(8, 11, None), (8, 12, 65), (-3, 20, 0), (20, 20, 100), (33, 100, 35)]
)
def test_a_share_needs_a_base_that_stands_out(part: int, base: int, shown: int | None) -> None:
    assert share(part, base) == shown


def test_few_and_nearly_all_count_as_their_middle() -> None:
    assert (number(FEW, 5, 100), number(NEARLY, 5, 100), number(35, 5, 100)) == (2, 98, 35)


# Ranks


def place(code: str, participants: Figure, headcount: int = 100) -> Standing:
    return Standing(place=code, headcount=headcount, participants=participants)


def ranks(*places: Standing) -> list[int | None]:
    return [each.rank for each in ranked(places, 5)]


def test_countries_within_the_noise_are_level() -> None:
    assert ranks(place("SE", 35), place("NO", 40)) == [1, 1]
    assert ranks(place("SE", 35), place("NO", 45)) == [2, 1]


def test_chain_of_close_countries_shares_one_rank() -> None:
    assert ranks(place("SE", 30), place("NO", 35), place("DK", 40), place("DE", 60)) == [2, 2, 2, 1]


def test_small_country_close_to_all_shares_the_rank() -> None:
    assert ranks(place("SE", 60), place("NO", 45), place("DK", 5, 10)) == [1, 1, 1]


def test_few_rank_below_numbers_and_nearly_all_above() -> None:
    assert ranks(place("SE", FEW), place("NO", 50), place("DK", NEARLY)) == [3, 2, 1]


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(10, 200)), max_size=8))
def test_nobody_ranks_lower_by_chance(places: list[tuple[int, int]]) -> None:
    found = ranked([place(f"P{n}", 5 * fives, size) for n, (fives, size) in enumerate(places)], 5)
    for one in found:
        for other in found:
            if one.rank and other.rank and one.rank < other.rank:
                assert isinstance(one.participants, int)
                assert isinstance(other.participants, int)
                assert one.headcount
                assert other.headcount
                gap = one.participants / one.headcount - other.participants / other.headcount
                assert gap > 2 * ((2.8 / one.headcount) ** 2 + (2.8 / other.headcount) ** 2) ** 0.5

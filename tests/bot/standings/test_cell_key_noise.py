"""Cells: the same people give the same key, and everything else another one."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from bot.standings.cell_key_noise import Cell

from .worlds import SECRET

PEOPLE = st.dictionaries(st.text("ABCDEFG0123", min_size=1, max_size=8), st.integers(1, 50_000), max_size=30)


def filled(
    people: Mapping[str, int], secret: bytes = SECRET, name: str = "participants:SE", max_per_act: int = 1
) -> Cell:
    cell = Cell(secret, name, max_per_act)
    for person, amount in people.items():
        cell.add(person, amount)
    return cell


@given(PEOPLE, st.randoms())
def test_the_order_of_people_makes_no_difference(people: dict[str, int], random: object) -> None:
    shuffled = list(people.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert filled(dict(shuffled)).cell_key == filled(people).cell_key


@given(PEOPLE, st.text("XYZ", min_size=1))
def test_whoever_comes_and_goes_leaves_nothing(people: dict[str, int], participant: str) -> None:
    with_visitor = filled({**people, participant: 1})
    without = filled({name: amount for name, amount in {**people, participant: 1}.items() if name != participant})
    assert without.cell_key == filled(people).cell_key != with_visitor.cell_key


@given(PEOPLE.filter(bool))
def test_another_contribution_cell_or_secret_is_another_key(people: dict[str, int]) -> None:
    changed = {**people, next(iter(people)): 50_001}
    keys = {
        filled(people).cell_key,
        filled(changed).cell_key,
        filled(people, name="participants:NO").cell_key,
        filled(people, secret=bytes(32)).cell_key,
    }
    assert len(keys) == 4


def test_contribution_keys_separate_name_from_amount() -> None:
    assert filled({"ANN": 11}).cell_key != filled({"ANN1": 1}).cell_key


@given(PEOPLE, st.integers(2, 1_000_000))
def test_blurred_amount_differs_by_limited_noise_and_rounding(people: dict[str, int], most: int) -> None:
    cell = filled(people, max_per_act=most)
    # The noise is at most 332 steps of a twelfth of what one act adds.
    assert abs(cell.blurred() - cell.total) <= (332 + 1) * most / 12 + 1

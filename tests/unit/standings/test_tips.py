"""The count under a tip: at least so many, never so few that somebody can be seen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.standings.tips import shown

PEOPLE = st.integers(0, 2000)
SMALLEST = st.integers(3, 50)
HEADCOUNTS = st.none() | st.integers(1, 2000)


@pytest.mark.parametrize(
    ("people", "headcount", "count"),
    [
        (0, None, None),
        (4, None, None),
        (5, None, 5),
        (9, None, 5),
        (10, None, 10),
        (94, 100, 90),
        (96, 100, 95),
        (100, 100, 95),
        (103, 100, 95),
        (9, 12, 5),
        (12, 9, None),
        (10, 10, 5),
        (10, 9, None),
        (3, 2, None),
    ],
)
def test_a_count_is_whole_steps_of_the_smallest_group(people: int, headcount: int | None, count: int | None) -> None:
    assert shown(people, 5, headcount) == count


@given(PEOPLE, SMALLEST, HEADCOUNTS)
def test_what_is_shown_hides_the_smallest_group_on_both_sides(
    people: int, smallest: int, headcount: int | None
) -> None:
    count = shown(people, smallest, headcount)
    if count is not None:
        assert smallest <= count <= people
        assert count % smallest == 0
        assert headcount is None or headcount - count >= smallest


@given(PEOPLE, SMALLEST, HEADCOUNTS)
def test_a_count_never_falls_when_somebody_arrives(people: int, smallest: int, headcount: int | None) -> None:
    before, after = shown(people, smallest, headcount), shown(people + 1, smallest, headcount)
    assert (before or 0) <= (after or 0)


@given(PEOPLE, SMALLEST)
def test_of_one_who_arrives_nothing_is_seen_before_a_step_is_full(people: int, smallest: int) -> None:
    first = people // smallest * smallest
    counts = {shown(each, smallest, None) for each in range(first, first + smallest)}
    assert counts == {first or None}

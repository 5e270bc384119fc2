"""Each rule of who stands alone, with the smallest group of five."""

from __future__ import annotations

import math

from bot.standings.basis import Past
from bot.standings.suppression import Bounds, Cell, Suppression


def asked(
    people: dict[str, int], most: dict[str, float] | None = None, past: Past | None = None, **cells: Cell
) -> Suppression:
    """A measure in which each place has so many people; one nobody says more of could be of any size."""
    known = {place: Cell(number, number) for place, number in people.items()} | cells
    bounds = Bounds({place: (most or {}).get(place, math.inf) for place in known})
    return Suppression(known, bounds, past or Past(), smallest=5)


def hidden(
    people: dict[str, int], most: dict[str, float] | None = None, past: Past | None = None, **cells: Cell
) -> str | None:
    """The places in the pool, in one word; `None` where nothing is published."""
    pool = asked(people, most, past, **cells).pool()
    return None if pool is None else "".join(sorted(pool))


# One day


def test_places_with_enough_people_stand_alone() -> None:
    assert hidden({"A": 5, "B": 7, "C": 30}) == ""


def test_a_place_with_too_few_takes_the_smallest_other_along() -> None:
    assert hidden({"A": 4, "B": 9, "C": 7}) == "AC"


def test_two_places_with_too_few_hide_each_other() -> None:
    assert hidden({"A": 3, "B": 2, "C": 7}) == "AB"


def test_two_places_that_have_too_few_together_take_a_third_along() -> None:
    assert hidden({"A": 2, "B": 2, "C": 7, "D": 8}) == "ABC"


def test_nobody_at_all_is_hidden_like_any_small_number() -> None:
    assert hidden({"A": 0, "B": 7, "C": 8}) == "AB"


def test_a_place_in_which_nearly_all_take_part_is_hidden() -> None:
    assert hidden({"A": 8, "B": 20, "C": 30}, {"A": 12}) == "AB"
    assert hidden({"A": 7, "B": 20, "C": 30}, {"A": 12}) == ""


def test_a_pool_leaves_as_many_who_did_not_as_the_smallest_group() -> None:
    assert hidden({"A": 8, "B": 9, "C": 30}, {"A": 10, "B": 11, "C": 60}) == "ABC"


def test_of_a_pool_with_a_tiny_place_the_other_one_cannot_be_told() -> None:
    # A has two people at most, so B would be 18, 19 or 20.
    assert hidden({"A": 1, "B": 19, "C": 25, "D": 30}, {"A": 2, "B": 100, "C": 100, "D": 100}) == "ABC"


def test_a_place_whose_board_is_off_is_hidden_and_takes_another_along() -> None:
    assert hidden({"A": 8, "B": 9}, C=Cell(40, 40, open=False)) == "AC"


def test_an_empty_place_needs_no_hiding_and_hides_nobody() -> None:
    assert hidden({"A": 8, "B": 9}, C=Cell(0, 0, empty=True)) == ""
    assert hidden({"A": 3, "B": 9, "D": 10}, C=Cell(0, 0, empty=True)) == "AB"


def test_no_place_is_hidden_by_itself_however_many_people_it_has() -> None:
    closed = Cell(40, 400.5, open=False)
    bounds = Bounds({"A": math.inf, "B": math.inf})
    weighed = Suppression({"A": closed, "B": Cell(9, 70.5)}, bounds, Past(), 5, math.inf, two_sided=False, exact=False)
    assert weighed.pool() == frozenset("AB")


def test_nothing_is_published_where_nothing_can_be_hidden() -> None:
    assert hidden({"A": 3}) is None
    assert hidden({"A": 2, "B": 2}) is None
    assert hidden({"A": 9, "B": 9}, {"A": 10, "B": 10}) is None


def test_a_single_place_stands_alone_when_it_is_large_enough() -> None:
    assert hidden({"A": 6}, {"A": 50}) == ""


# A measure that is a part of another


def test_a_place_hidden_in_the_whole_is_hidden_in_the_part() -> None:
    cells = {place: Cell(6, 6) for place in "ABC"}
    bounds = Bounds({"A": 20, "B": 20, "C": 40}, frozenset("AB"), 25)
    assert Suppression(cells, bounds, Past(), 5).pool() == frozenset("AB")


def test_the_rest_of_the_whole_bounds_the_rest_of_the_part() -> None:
    # A and B have 12 together, so all but three did it, though each could be 10.
    cells = {"A": Cell(4, 4), "B": Cell(5, 5), "C": Cell(20, 20)}
    apart = Bounds({"A": 10, "B": 10, "C": 60}, frozenset("AB"), math.inf)
    together = Bounds({"A": 10, "B": 10, "C": 60}, frozenset("AB"), 12)
    assert Suppression(cells, apart, Past(), 5).pool() == frozenset("AB")
    assert Suppression(cells, together, Past(), 5).pool() == frozenset("ABC")


def test_what_is_learned_of_a_measure_bounds_its_parts() -> None:
    measure = asked({"A": 3, "B": 4, "C": 9}, {"A": 5, "B": 50, "C": 50})
    learned = measure.learned(measure.pool())
    assert learned.most == {"A": 5, "B": 7, "C": 9}
    assert learned.of(frozenset("AB")) == 7
    assert learned.of(frozenset("AC")) == 14


def test_of_what_is_not_published_nothing_is_learned() -> None:
    measure = asked({"A": 2, "B": 1}, {"A": 5, "B": 50})
    learned = measure.learned(measure.pool())
    assert (learned.pool, learned.most) == (frozenset("AB"), {"A": 5, "B": 50})


def test_bounds_that_somebody_who_moved_breaks_do_not_count() -> None:
    bounds = Bounds({"A": 5, "B": 0}, frozenset("A"), 5)
    assert bounds.fitting({"A": 5, "B": 1}) == Bounds({"A": 5, "B": math.inf}, frozenset("A"), 5)
    assert bounds.fitting({"A": 6, "B": 0}) == Bounds({"A": math.inf, "B": 0}, frozenset("A"), math.inf)


# Day after day


def test_a_pool_is_split_when_all_its_parts_have_grown_and_enough_together() -> None:
    past = Past(pooled={"A": 3, "B": 4})
    assert hidden({"A": 6, "B": 6}, past=past) == ""
    assert hidden({"A": 5, "B": 5}, past=past) == "AB"


def test_a_place_that_has_not_grown_stays_in_the_pool() -> None:
    past = Past(pooled={"A": 6, "B": 3, "C": 1})
    assert hidden({"A": 6, "B": 9, "C": 2, "D": 40}, past=past) == "AC"


def test_places_that_have_not_grown_keep_one_that_has_beside_them() -> None:
    past = Past(pooled={"A": 2, "B": 3, "C": 6})
    assert hidden({"A": 2, "B": 3, "C": 11, "D": 40}, past=past) == "ABC"


def test_a_place_that_left_is_hidden_again_only_when_something_new_hides_it() -> None:
    past = Past(known={"A": 6, "B": 9})
    assert hidden({"A": 7, "B": 9, "C": 40}, {"A": 11}, past) == "AB"


def test_what_stood_alone_with_the_same_figure_may_stand_alone_again() -> None:
    past = Past(known={"A": 6})
    assert hidden({"A": 6, "B": 9, "C": 40}, {"A": 10}, past) == ""
    assert hidden({"A": 6, "B": 9, "C": 40}, {"A": 10}) == "AB"


def test_what_was_known_of_all_is_not_published_as_a_sum_that_tells_them() -> None:
    closed = Cell(6, 6, open=False)
    assert hidden({"B": 9}, past=Past(known={"A": 6, "B": 9}), A=closed) is None
    assert hidden({"B": 9}, past=Past(known={"A": 6, "B": 8}), A=closed) == "AB"


def test_who_joins_a_pool_that_has_not_grown_cannot_be_told_from_the_sum() -> None:
    past = Past(pooled={"A": 2, "B": 4}, together=6, known={"C": 9})
    tied = Bounds({"A": 3, "B": 30, "C": 30, "D": 90})

    def joining(number: int) -> frozenset[str] | None:
        cells = {"A": Cell(2, 2), "B": Cell(4, 4), "C": Cell(number, number, open=False), "D": Cell(40, 40)}
        return Suppression(cells, tied, past, 5).pool()

    assert joining(9) == frozenset("ABCD")
    assert joining(10) == frozenset("ABC")


def test_somebody_who_leaves_does_not_silence_the_rest() -> None:
    closed = Cell(5, 5, open=False)
    assert hidden({"B": 9, "C": 30}, past=Past(known={"A": 6, "B": 9}), A=closed) == "AB"
    assert hidden({"B": 4, "C": 9}, past=Past(pooled={"A": 6}, together=6, known={"C": 9}), A=closed) == "AB"


def test_the_past_has_the_pool_and_what_stood_alone_last() -> None:
    measure = asked({"A": 3, "B": 4, "C": 9}, past=Past(known={"A": 2, "C": 8}))
    assert measure.remembered(measure.pool()) == Past(pooled={"A": 3, "B": 4}, together=7, known={"A": 2, "C": 9})


def test_what_is_not_published_leaves_the_past_as_it_was() -> None:
    past = Past(pooled={"A": 3, "B": 4}, known={"C": 9})
    measure = asked({"A": 1, "B": 1}, past=past)
    assert measure.remembered(measure.pool()) == past


def test_of_a_full_pool_a_place_has_to_have_grown_by_what_one_can_add() -> None:
    def minutes(place_a: int, past: Past) -> frozenset[str] | None:
        cells = {"A": Cell(8, place_a), "B": Cell(9, 540)}
        return Suppression(cells, Bounds({"A": 3000, "B": 3000}), past, 5, each=60, two_sided=False).pool()

    assert minutes(310, Past(pooled={"A": 5, "B": 6}, full={"A": 300, "B": 360})) == frozenset("AB")
    assert minutes(360, Past(pooled={"A": 5, "B": 6}, full={"A": 300, "B": 360})) == frozenset()
    assert minutes(310, Past(pooled={"A": 5, "B": 6})) == frozenset()


def test_it_is_remembered_when_everybody_in_the_pool_has_added_the_most() -> None:
    def full(place_a: int) -> dict[str, float]:
        cells = {"A": Cell(4, place_a), "B": Cell(3, 180)}
        bounds = Bounds({"A": 420, "B": 420}, frozenset("AB"), 420)
        measure = Suppression(cells, bounds, Past(), 5, each=60, two_sided=False)
        return dict(measure.remembered(measure.pool()).full)

    assert full(240) == {"A": 240, "B": 180}
    assert full(181) == {"A": 181, "B": 180}
    assert full(180) == {}

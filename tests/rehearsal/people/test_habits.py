from __future__ import annotations

from rehearsal.people.habits import ODDS, Habit, draw


def test_every_habit_has_odds_and_occurs() -> None:
    assert ODDS.keys() == set(Habit)
    assert {habit for seed in range(200) for habit in draw(str(seed))} == set(Habit)


def test_one_seed_draws_the_same_habits() -> None:
    assert draw("1/7") == draw("1/7")
    assert len({draw(f"1/{index}") for index in range(20)}) > 1

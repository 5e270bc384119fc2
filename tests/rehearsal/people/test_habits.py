from __future__ import annotations

from rehearsal.people.habits import ODDS, ORGANISING, Habit, draw


def test_every_habit_has_odds_and_occurs() -> None:
    assert {*ODDS, *ORGANISING} == set(Habit)
    drawn = {habit for odds in (ODDS, ORGANISING) for seed in range(200) for habit in draw(str(seed), odds)}
    assert drawn == set(Habit)


def test_one_seed_draws_the_same_habits() -> None:
    assert draw("1/7") == draw("1/7")
    assert len({draw(f"1/{index}") for index in range(20)}) > 1

from __future__ import annotations

from bot.standings.indicators import headcount, is_shown, measures, tip_cell
from tests.campaigns import campaign, country, tip


def test_each_measure_follows_its_whole() -> None:
    names = [each.name for each in measures(campaign())]
    assert all(each.part_of in names[: names.index(each.name)] for each in measures(campaign()) if each.part_of)


def test_few_people_or_a_board_off_show_nothing() -> None:
    small, hidden, large = country("SE", 9), country("NO", 100, board=False), country("DE", 100)
    week = campaign(small, hidden, large)
    assert [is_shown(week, [each]) for each in (small, hidden, large)] == [False, False, True]
    assert is_shown(week, [small, hidden])


def test_headcount_is_known_only_where_all_are() -> None:
    assert headcount([country("SE", 9), country("NO", 100)]) == 109
    assert headcount([country("SE", 9), country("NO", None)]) is None


def test_tip_cell_names_the_tip_and_its_readers() -> None:
    week = campaign(country("SE"), country("NO"))
    assert tip_cell(week, tip("walk")).endswith("walk:SE+NO")

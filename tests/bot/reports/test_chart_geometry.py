from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign.model import Campaign
from bot.reports.chart_geometry import Line, bars, line
from bot.reports.published_participation import Report
from bot.standings.published_figures import WHOLE, Standing, Standings

from .week import day, nothing, standing, standings


def rated(*rates: int | None, goal: int | None = 20) -> Standings:
    places = [standing(f"P{index}", rate, rank=-(rate or 0)) for index, rate in enumerate(rates)]
    return standings(*places, whole=standing(WHOLE, 25, 100), goal_percent=goal)


def drawn(campaign: Campaign, *days: Standings) -> Line:
    return line(Report.of(campaign, list(days)))


def test_total_stands_above_countries_sorted_by_rate() -> None:
    found = bars(rated(10, None, 40))
    assert [(bar.place, bar.rate) for bar in found.bars] == [("all", 25), ("P2", 40), ("P0", 10)]
    assert [bar.is_whole for bar in found.bars] == [True, False, False]
    assert found.missing == ("P1",)


def test_bar_lengths_and_goal_share_one_scale() -> None:
    found = bars(rated(10, 40))
    assert [bar.length for bar in found.bars] == [62.5, 100, 25]
    assert found.goal == 50


def test_without_a_goal_there_is_no_line() -> None:
    assert bars(rated(10, goal=None)).goal is None


def test_place_without_headcount_is_neither_drawn_nor_missing() -> None:
    only = standings(standing("ZZ", 9, None), whole=standing(WHOLE, 9, None))
    assert bars(only).bars == ()
    assert bars(only).missing == ()


@given(st.lists(st.none() | st.integers(0, 300)), st.none() | st.integers(1, 100))
def test_bars_and_goal_fit_the_drawing(rates: list[int | None], goal: int | None) -> None:
    found = bars(rated(*rates, goal=goal))
    assert all(0 <= bar.length <= 100.001 for bar in found.bars)
    assert found.goal is None or 0 < found.goal <= 100.001


def test_days_are_as_far_apart_as_they_were(campaign: Campaign) -> None:
    first, second, third = drawn(campaign, day(0, 10), day(1, 12), day(3, 14)).points
    assert third.x - second.x == pytest.approx(2 * (second.x - first.x), abs=0.05)
    assert first.y > second.y > third.y
    assert [point.people for point in (first, second, third)] == [47, 49, 51]


def test_hidden_day_leaves_a_gap(campaign: Campaign) -> None:
    found = drawn(campaign, day(0, 10), nothing(1), day(2, 12), day(3, 14))
    assert len(found.points) == 3
    assert [(one.people, two.people) for one, two in found.segments] == [(49, 51)]


def test_goal_line_is_drawn_at_its_people_count(campaign: Campaign) -> None:
    found = drawn(campaign, day(0, 43), day(1, 44))
    assert found.goal is not None
    people, height = found.goal
    assert people == 80
    assert height == found.points[0].y


def test_a_single_day_is_a_point(campaign: Campaign) -> None:
    found = drawn(campaign, day(0, 10))
    assert len(found.points) == 1
    assert found.segments == ()
    assert found.ends == found.points


def test_without_any_figure_there_is_nothing_to_draw(campaign: Campaign) -> None:
    found = drawn(campaign, nothing(0), nothing(1))
    assert found.points == ()
    assert found.ends == ()


@given(people=st.lists(st.none() | st.integers(0, 10**6), min_size=1, max_size=50))
def test_points_stay_inside_and_axis_numbers_are_round(campaign: Campaign, people: list[int | None]) -> None:
    def on(after: int, many: int | None) -> Standings:
        whole = Standing(place=WHOLE, participants=many)
        return standings(whole=whole, after=after)

    found = drawn(campaign, *(on(after, many) for after, many in enumerate(people)))
    assert all(0 <= point.x <= 100 and 0 <= point.y <= 100 for point in found.points)
    numbers = [number for number, _ in found.grid]
    assert numbers[0] == 0
    assert numbers[1] * 2 == numbers[2] >= max(filter(None, people), default=0)

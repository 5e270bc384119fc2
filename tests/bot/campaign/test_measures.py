from __future__ import annotations

from datetime import date

import pytest

from bot.campaign.measures import Goal, GoalValue, MeasureFigure


def goal(baseline: float, latest: float, target: float) -> Goal:
    dates = (date(2025, 12, 31), date(2026, 12, 31), date(2028, 12, 31))
    values = [GoalValue(value=value, date=day) for value, day in zip((baseline, latest, target), dates, strict=True)]
    return Goal(id="goal", baseline=values[0], latest=values[1], target=values[2], sdgs=(13,))


@pytest.mark.parametrize(
    ("values", "progress"),
    [
        ((40, 52, 70), 0.4),
        ((510, 455, 400), 0.5),  # one that falls
        ((40, 30, 70), 0.0),
        ((510, 520, 400), 0.0),
        ((40, 75, 70), 1.0),
        ((510, 380, 400), 1.0),
        ((-5, 0, 5), 0.5),
    ],
)
def test_progress_is_part_of_the_way(values: tuple[float, float, float], progress: float) -> None:
    made = goal(*values)
    assert made.progress == pytest.approx(progress)
    assert made.is_reached == (progress == 1)


def test_values_older_than_a_year_are_stale() -> None:
    latest = goal(1, 2, 3)
    figure = MeasureFigure(value=1, measured=True, date=date(2026, 12, 31), source="A list")
    for each in (latest, figure):
        assert not each.is_stale(date(2027, 12, 31))
        assert each.is_stale(date(2028, 1, 1))

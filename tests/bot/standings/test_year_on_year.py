"""Figures of two campaigns are compared where they mean the same, and where the noise cannot be the difference."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from bot.standings.cell_key_noise import noise
from bot.standings.published_figures import Band, Kilograms, Standing, Standings
from bot.standings.year_on_year import Change, Direction, Former, Value, change

from .worlds import NOON


def figures(whole: Mapping[str, Value], *, definition: str = "3", max_kg: int | None = 50) -> Standings:
    return Standings(
        campaign="a-week",
        taken_at=NOON - timedelta(days=364),
        definition=definition,
        factors="2027.1",
        smallest_group=5,
        max_kg=max_kg,
        goal_percent=None,
        whole=Standing.model_validate({"place": "all", "headcount": 200, **whole}),
        places=(Standing(place="SE", participants=20),),
    )


def direction(name: str, before: Value, after: Value) -> Direction | None:
    found = change(Former.of(figures({name: before})), figures({name: after}), name)
    return found.direction if found else None


@pytest.mark.parametrize(
    ("name", "before", "after", "wanted"),
    [
        ("participants", 60, 75, "more"),
        ("participants", 60, 50, "fewer"),
        ("participants", 60, 65, "level"),
        ("participants", Band.FEW, 65, "unsure"),
        ("rate", 30, 38, "more"),
        ("rate", 30, 33, "level"),
        ("response_rate", 40, 80, "unsure"),
        ("earth_hour_minutes", 1500, 1900, "level"),
        ("earth_hour_minutes", 1500, 2100, "more"),
        ("participants", None, 65, None),
        ("participants", 65, None, None),
    ],
)
def test_change_is_more_than_the_noise_makes(name: str, before: Value, after: Value, wanted: str | None) -> None:
    assert direction(name, before, after) == wanted


def test_noise_alone_seldom_looks_like_a_change() -> None:
    """Of a hundred pairs of figures about the same people, at most seven are said to differ."""
    drawn = [5 * round((100 + noise(key * 2654435761 % 2**32)) / 5) for key in range(2000)]
    said = [direction("participants", *pair) for pair in zip(drawn[::2], drawn[1::2], strict=True)]
    assert sum(each is not Direction.LEVEL for each in said) <= 70


def test_another_definition_is_not_comparable() -> None:
    then = Former.of(figures({"participants": 60}, definition="2"))
    assert change(then, figures({"participants": 90}), "participants") == Change(60, Direction.NOT_COMPARABLE)


def test_kilograms_need_the_same_factors_and_limit() -> None:
    before, after = (Kilograms(low=1, about=about, high=9000) for about in (2000, 4000))
    then = figures({"pledged": before})
    assert change(Former.of(then), figures({"pledged": after}), "pledged") == Change(before, Direction.MORE)
    for other in (
        figures({"pledged": after}, max_kg=20),
        figures({"pledged": after}).model_copy(update={"factors": "2028.1"}),
    ):
        assert change(Former.of(then), other, "pledged") == Change(before, Direction.NOT_COMPARABLE)
        participants = change(Former.of(then), other, "headcount")
        assert participants == Change(200, Direction.LEVEL)


def test_place_that_is_shown_no_more_is_not_compared() -> None:
    then, now = Former.of(figures({"participants": 60})), figures({"participants": 60})
    assert change(then, now, "participants", "SE") == Change(20, Direction.LEVEL)
    assert change(then, now.model_copy(update={"places": ()}), "participants", "SE") is None

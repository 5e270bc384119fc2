from __future__ import annotations

import math

import pytest

from rehearsal.html.untrusted_json import figure, node, nodes, number, string


def test_values_of_another_type_become_empty_ones() -> None:
    assert node([1]) == {}
    assert nodes({"a": 1}) == []
    assert nodes([{"a": 1}, 2]) == [{"a": 1}, {}]
    assert string(3) == ""


def test_lone_surrogates_are_replaced() -> None:
    assert string("a\ud800") == "a?"


@pytest.mark.parametrize(("value", "found"), [(2, 2.0), (True, 0.0), ("2", 0.0), (math.inf, 0.0), (10**400, 0.0)])
def test_numbers_are_finite(value: object, found: float) -> None:
    assert number(value) == found


@pytest.mark.parametrize(
    ("value", "found"), [(" 2.50 ", "2.50"), (3, "3"), ("nan", ""), ("two", ""), (True, ""), (None, "")]
)
def test_figures_stay_as_they_were_written(value: object, found: str) -> None:
    assert figure(value) == found

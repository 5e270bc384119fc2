from __future__ import annotations

from typing import Any

import pytest

from bot.campaign.country_codes import is_country
from bot.campaign.grid_emissions import CREDIT, Intensity, intensities, with_kilograms

DRYER: dict[str, Any] = {"id": "dryer", "kwh": 4, "kwh_range": [2, 5], "source": "A meter"}


def test_the_table_has_most_countries() -> None:
    table = intensities()
    assert len(table) > 200
    assert {code for code in table if not is_country(code)} == {"EU", "WORLD"}
    assert all(0 < grid.kg_per_kwh < 2 and 2020 <= grid.year <= 2030 for grid in table.values())
    assert table["SE"] == Intensity(0.0354, 2025)


def test_figures_and_ranges_are_made_by_country() -> None:
    made = with_kilograms(DRYER, ["SE", "DE"])
    assert made["kg_by_country"] == {"SE": 0.142, "DE": 1.318}
    assert made["range_by_country"] == {"SE": [0.071, 0.177], "DE": [0.659, 1.648]}
    assert (made["low"], made["high"]) == (0.071, 1.648)


def test_without_a_range_countries_have_none() -> None:
    made = with_kilograms({"kwh": 4}, ["SE", "DE"])
    assert made["range_by_country"] == {}
    assert (made["low"], made["high"]) == (0.142, 1.318)


def test_a_figure_of_its_own_stays() -> None:
    made = with_kilograms({**DRYER, "kg_by_country": {"SE": 2.5}}, ["SE", "DE"])
    assert made["kg_by_country"] == {"SE": 2.5, "DE": 1.318}
    assert "SE" not in made["range_by_country"]
    assert made["high"] == 2.5


def test_the_source_names_the_grids_and_their_licence() -> None:
    assert with_kilograms(DRYER, ["SE"])["source"] == f"A meter; grid electricity 2025: {CREDIT}"
    assert with_kilograms(DRYER, ["SE", "BR"])["source"] == f"A meter; grid electricity 2024 to 2025: {CREDIT}"
    assert with_kilograms(DRYER, ["AX"])["source"] == "A meter"


@pytest.mark.parametrize("kwh", ["4", True, None, [4]])
def test_what_is_no_number_is_left_to_the_model(kwh: object) -> None:
    made = with_kilograms({**DRYER, "kwh": kwh}, ["SE"])
    assert made["kwh"] is kwh
    assert "kg_by_country" not in made


@pytest.mark.parametrize("wrong", [{"kg_by_country": 1}, {"range_by_country": {"SE": ["a"]}}, {"kwh_range": ["a", 1]}])
def test_wrong_tables_are_left_to_the_model(wrong: dict[str, Any]) -> None:
    assert with_kilograms({**DRYER, **wrong}, ["SE"])["kg_by_country"] == {"SE": 0.142}

"""The emissions of a kilowatt-hour of electricity in each country, and pledges that are counted in kilowatt-hours.

`grid_intensity.csv` is brought up to date by replacing it with a newer edition.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

_GRAMS = 1000
_DIGITS = 3
_ENDS = 2
CREDIT = "Ember via Our World in Data, CC BY 4.0"
"""The licence asks to be named wherever a figure is shown."""


@dataclass(frozen=True)
class Intensity:
    """Kilograms CO2e for a kilowatt-hour, over the life cycle of what generates it, and the year they are of."""

    kg_per_kwh: float
    year: int


@cache
def intensities() -> Mapping[str, Intensity]:
    """Return the table by country codes. A few small countries are not in it."""
    with (resources.files(__package__) / "grid_intensity.csv").open(encoding="utf-8") as file:
        return {
            row["country"]: Intensity(float(row["gco2e_per_kwh"]) / _GRAMS, int(row["year"]))
            for row in csv.DictReader(file)
        }


def with_kilograms(table: Mapping[str, Any], countries: Iterable[str]) -> dict[str, Any]:
    """Return a pledge's table in which `kwh` has become kilograms for each country whose grid is known.

    What the table has for a country by itself stays. Mistakes stay as well, for the model to report.
    """
    # Without them the model would ask for keys that a pledge in kilowatt-hours does not need.
    filled: dict[str, Any] = {"low": 0.0, "high": 0.0, **table}
    if not _is_number(table.get("kwh")):
        return filled
    grids = {code: intensities()[code] for code in countries if code in intensities()}
    kg, ranges = dict(_figures(table["kwh"], grids)), dict(_ranges(table, grids))
    filled["kg_by_country"] = {**kg, **_own(table, "kg_by_country")}
    filled["range_by_country"] = {**ranges, **_own(table, "range_by_country")}
    known = list(_numbers(filled))
    filled |= {"low": min(known, default=0.0), "high": max(known, default=0.0)}
    if isinstance(table.get("source"), str) and table["source"] and grids:
        filled["source"] = f"{table['source']}; {_credit(grids)}"
    return filled


def _figures(kwh: float, grids: Mapping[str, Intensity]) -> Iterator[tuple[str, float]]:
    for code, grid in grids.items():
        yield code, round(kwh * grid.kg_per_kwh, _DIGITS)


def _ranges(table: Mapping[str, Any], grids: Mapping[str, Intensity]) -> Iterator[tuple[str, list[float]]]:
    span = table.get("kwh_range")
    if isinstance(span, list) and len(span) == _ENDS and all(map(_is_number, span)):
        own = _own(table, "kg_by_country")
        for code, grid in grids.items():
            # A figure of its own has a range of its own, or none.
            if code not in own:
                yield code, [round(kwh * grid.kg_per_kwh, _DIGITS) for kwh in span]


def _own(table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = table.get(key)
    return found if isinstance(found, dict) else {}


def _numbers(table: Mapping[str, Any]) -> Iterator[float]:
    for figure in (*table["kg_by_country"].values(), *table["range_by_country"].values()):
        yield from filter(_is_number, figure if isinstance(figure, list) else [figure])


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _credit(grids: Mapping[str, Intensity]) -> str:
    years = sorted({grid.year for grid in grids.values()})
    when = f"{years[0]}" if len(years) == 1 else f"{years[0]} to {years[-1]}"
    return f"grid electricity {when}: {CREDIT}"

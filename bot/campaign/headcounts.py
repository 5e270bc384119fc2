"""Headcounts from a table: how many people work in each country, and when they were counted."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.campaign import country_codes
from bot.campaign.model import Campaign
from bot.campaign.problems import Problems
from bot.campaign.toml import quoted, remove, set_value
from bot.campaign.toml_table import YEARS

COLUMNS = ("country", "headcount", "date")

_NUMBER = re.compile(r"\d{1,3}(?:[ .,'\u2019\u00a0\u202f]\d{3})+|\d+")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")


@dataclass(frozen=True)
class Headcount:
    """The number of people in a country on a day."""

    country: str
    number: int
    day: date


def read_headcounts(file: str, text: str, campaign: Campaign, problems: Problems) -> list[Headcount]:
    """Read the table. Every line that cannot be read is a problem, with what to write there."""
    lines = text.removeprefix("\ufeff").splitlines()
    if not lines:
        problems.error(file, 1, "the file is empty", f"write {_EXAMPLE}")
        return []
    # Spreadsheets write a semicolon where the comma is for decimals.
    separator = next((sign for sign in ";\t" if sign in lines[0]), ",")
    rows = list(csv.reader(lines, delimiter=separator))
    columns = [name.strip().lower() for name in rows[0]]
    missing = [name for name in COLUMNS if name not in columns]
    if missing:
        problems.error(file, 1, f"there is no column {', '.join(missing)}", f"write {_EXAMPLE}")
        return []
    found: list[Headcount] = []
    for number, row in enumerate(rows[1:], 2):
        if any(cell.strip() for cell in row):
            cells = dict(zip(columns, (cell.strip() for cell in row), strict=False))
            found += _read_row(cells, campaign, _Place(file, number, problems), found)
    return found


_EXAMPLE = "the names of the columns into the first line: country,headcount,date"


@dataclass(frozen=True)
class _Place:
    file: str
    line: int
    problems: Problems

    def refuse(self, what: str, todo: str) -> None:
        self.problems.error(self.file, self.line, what, todo)


def _read_row(
    cells: Mapping[str, str], campaign: Campaign, place: _Place, before: Sequence[Headcount]
) -> Iterator[Headcount]:
    written = {name: cells.get(name, "") for name in COLUMNS}
    country, number, day = _country(written["country"], campaign), _number(written["headcount"]), _day(written["date"])
    if country is None:
        codes = ", ".join(each.code for each in campaign.countries)
        place.refuse(f"{written['country']!r} is no country of the campaign", f"write one of {codes}")
    elif any(each.country == country for each in before):
        place.refuse(f"{country} is there twice", "keep one of the two")
    if number is None:
        place.refuse(f"the headcount {written['headcount']!r} is no whole number from 1 on", "write it as 1200")
    if day is None:
        place.refuse(f"the date {written['date']!r} is no day", "write it as 2027-01-01 or 1.1.2027")
    if country and number and day:
        yield Headcount(country, number, day)


def _country(written: str, campaign: Campaign) -> str | None:
    code = country_codes.meant(written)
    return code if campaign.country(code) else None


def _number(written: str) -> int | None:
    digits = "".join(filter(str.isdigit, written)) if _NUMBER.fullmatch(written) else ""
    return int(digits) or None if digits else None


def _day(written: str) -> date | None:
    if found := _ISO_DAY.fullmatch(written):
        year, month, day = map(int, found.groups())
    elif found := _DAY_FIRST.fullmatch(written):
        day, month, year = map(int, found.groups())
    else:
        return None
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None


def with_headcounts(text: str, campaign: Campaign, headcounts: Sequence[Headcount]) -> str:
    """Return `campaign.toml` with the headcounts, which are then no examples any more.

    Raises:
        LookupError: The countries are not written as tables.
    """
    by_country = {each.country: each for each in headcounts}
    for index, country in enumerate(campaign.countries):
        if counted := by_country.get(country.code):
            at = ("countries", index)
            text = set_value(text, (*at, "headcount"), str(counted.number))
            text = set_value(text, (*at, "headcount_date"), counted.day.isoformat())
            left = [key for key in country.examples if key not in {"headcount", "headcount_date"}]
            if left != list(country.examples):
                text = set_value(text, (*at, "examples"), quoted(left)) if left else remove(text, (*at, "examples"))
    return text

"""Writes campaign folders of any size."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

NAME = "a-benchmark"
_COUNTRIES = "SE NO DK DE FI IS NL BE FR ES PT IT AT CH PL CZ EE LV LT IE"
CODES = tuple(_COUNTRIES.split())
"""Countries in the order in which they are taken."""


@dataclass(frozen=True)
class Entry:
    """A post and whom it is for; no country means all of them."""

    name: str
    at: dt.datetime
    audience: str = "countries"
    country: str | None = None


def channel(country: str) -> str:
    """The name of a country's channel."""
    return f"week-{country.lower()}"


def said(entry: Entry) -> str:
    """What a post shows in a notification."""
    return f"This is {entry.name}."


def write(
    folder: Path,
    entries: Sequence[Entry],
    countries: Sequence[str],
    headcount: int | None = None,
    figures: dt.date | None = None,
) -> Path:
    """Make the folder a campaign, with all its clocks on UTC and as many colleagues in every country.

    Figures are taken at noon on one day, or as usual.
    """
    for entry in entries:
        file = folder / "posts" / entry.name / "en.md"
        file.parent.mkdir(parents=True)
        file.write_text(_words(entry), encoding="utf-8")
    (folder / "campaign.toml").write_text("\n".join(_lines(entries, countries, headcount, figures)), encoding="utf-8")
    return folder


def _words(entry: Entry) -> str:
    return f'+++\ntitle = "{entry.name}"\nsummary = "{said(entry)}"\n+++\n\nSomething **to do** about it.\n'


def _lines(
    entries: Sequence[Entry], countries: Sequence[str], headcount: int | None, figures: dt.date | None
) -> Iterator[str]:
    days = [entry.at.date() for entry in entries]
    last = max(days) + dt.timedelta(days=1)
    yield f'id = "{NAME}"\nfirst_day = {min(days)}\nlast_day = {last}\nlanguages = ["en"]'
    yield f'[title]\nen = "A benchmark"\n[earth_hour]\ndate = {last}\n[themes.energy]\nen = "Energy"'
    if figures:
        yield f'[figures]\ndays = ["{figures:%A}"]'.lower()
    for code in countries:
        yield f'[[countries]]\ncode = "{code}"\nzone = "UTC"\nlanguages = ["en"]\nchannel = "{channel(code)}"'
        if headcount:
            yield f"headcount = {headcount}\nheadcount_date = {min(days)}"
    for entry in entries:
        yield f'[[posts]]\npost = "{entry.name}"\nkind = "note"\naudience = "{entry.audience}"'
        yield f"day = {entry.at.date()}\ntime = {entry.at.time()}"
        yield f"until = {(entry.at + dt.timedelta(minutes=10)).isoformat()}"
        if entry.country:
            yield f'countries = ["{entry.country}"]'

"""Writes campaign folders of any size."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tests import campaigns
from tests.campaigns import Place, Post, Week

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

    @property
    def post(self) -> Post:
        """The post in the campaign, which may be ten minutes late."""
        until, countries = self.at + dt.timedelta(minutes=10), (self.country,) if self.country else ()
        return Post(self.name, self.at.date(), self.at.time(), audience=self.audience, until=until, countries=countries)


def channel(country: str) -> str:
    """The name of a country's channel."""
    return f"week-{country.lower()}"


def said(entry: Entry) -> str:
    """What a post shows in a notification."""
    return campaigns.said(entry.name, "en")


def write(
    folder: Path,
    entries: Sequence[Entry],
    countries: Sequence[str],
    headcount: int | None = None,
    figures: dt.date | None = None,
    representative: str | None = None,
) -> Path:
    """Make the folder a campaign, with all its clocks on UTC and as many colleagues in every country.

    Figures are taken at noon on one day, or as usual. One representative may speak for every country.
    """
    posts = [entry.post for entry in entries]
    places = [
        Place(code, "UTC", "en", channel(code), headcount=headcount, representative=representative)
        for code in countries
    ]
    first, last = min(post.day for post in posts), max(post.day for post in posts) + dt.timedelta(days=1)
    week = Week(posts, places, first, last, earth_hour=last, company=False)
    campaigns.write(folder, week if figures is None else replace(week, figures=[f"{figures:%A}".lower()]))
    return folder

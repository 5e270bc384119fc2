"""The page of `earthweek preview`: every post in every language, as Slack will show it, and what can be pledged."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.campaign.model import Campaign
from bot.locales.catalogues import words
from rehearsal.preview.entries import entries
from rehearsal.preview.names import PAGE, language_name
from rehearsal.preview.pledge_lists import pledge_lists


def write(campaign: Campaign, folder: Path) -> Path:
    """Write the page into the folder as `index.html`, complete in itself; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "index.html"
    path.write_text(page(campaign), encoding="utf-8")
    return path


def page(campaign: Campaign) -> str:
    """Render the page as HTML."""
    return _templates().get_template("preview.html").render(_values(campaign))


def _values(campaign: Campaign) -> dict[str, object]:
    own = words(PAGE)
    posts = entries(campaign)
    return {
        "campaign": campaign,
        "title": campaign.title[campaign.language_for("en")],
        "week": f"{own.day(campaign.first_day)} \N{EN DASH} {own.day(campaign.last_day)}",
        "earth_hour": own.day(campaign.earth_hour.day),
        "languages": [(language, language_name(words(language))) for language in campaign.languages],
        # `groupby` needs its input in order, which `entries` has.
        "days": [(own.day(day), list(group)) for day, group in groupby(posts, key=lambda post: post.starts.date())],
        "unfinished": [post for post in posts if post.examples],
        "books": pledge_lists(campaign),
    }


def _templates() -> Environment:
    loader = PackageLoader("rehearsal", "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)

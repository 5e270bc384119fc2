"""Participation as it was published, with everything that a reader needs to understand the figures.

Everything comes from snapshots, whose figures are safe to show, and all formats show the same figures.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from bot.campaign.localtime import local
from bot.campaign.model import Campaign
from bot.campaign.pledges import OBSTACLE, OBSTACLES
from bot.locales.catalogues import campaign_words
from bot.messages.campaign_texts import campaign_title, pledge_words
from bot.messages.words import Words
from bot.standings.published_figures import ELSEWHERE, WHOLE, Band, Standing, Standings
from bot.standings.year_on_year import Former

GROUPS = {
    "taking_part": ("headcount", "participants", "rate", "opted_out"),
    "pledged": ("pledges", "pledged"),
    "done": ("confirmed_pledges", "confirmed", "response_rate", "continuing"),
    "earth_hour": ("earth_hour_people", "earth_hour_minutes"),
    "obstacles": tuple(OBSTACLE + each for each in OBSTACLES),
}
"""The figures of a place in reading order. What was pledged and what was done are kept apart."""

FIGURES = tuple(figure for group in GROUPS.values() for figure in group)

_NAMES = {WHOLE: "standings.whole", ELSEWHERE: "place.elsewhere"}


@dataclass(frozen=True)
class Report:
    """A campaign with at least one publication, oldest first, and the words of one of its languages.

    `former` has the figures of the campaign before, if they are known.
    """

    campaign: Campaign
    days: tuple[Standings, ...]
    words: Words
    former: Former | None = None

    @classmethod
    def of(
        cls, campaign: Campaign, days: list[Standings], language: str | None = None, former: Former | None = None
    ) -> Self:
        """Make the report in a language, else in the company's, or in the nearest one that the campaign has."""
        company = campaign.company
        language = campaign.language_for(language or (company.language if company else None))
        return cls(campaign, tuple(days), campaign_words(campaign, language), former)

    @property
    def newest(self) -> Standings:
        """The latest publication."""
        return self.days[-1]

    def day(self, standings: Standings) -> date:
        """Return the day of a publication, on the company's clock. A late one can have the same day as the next one."""
        return local(standings.taken_at, self.campaign.zone).date()


def place_label(words: Words, code: str) -> str:
    """Return the name of a place for the beginning of a row."""
    name = words(_NAMES[code]) if code in _NAMES else words.country(code)
    return name[:1].upper() + name[1:]


def hidden_figures(standing: Standing) -> tuple[str, ...]:
    """Return the names of the figures of a place that exist and are not shown."""
    return tuple(name for name in FIGURES if getattr(standing, name) is None and _exists(standing, name))


def _exists(standing: Standing, name: str) -> bool:
    """Return whether a place has such a figure: a rate needs a headcount, and a number of people that is no band."""
    # A rate beside a band would give away the number that the band hides.
    if name == "rate":
        return bool(standing.headcount) and not isinstance(standing.participants, Band)
    return name != "headcount"


def definitions(words: Words) -> dict[str, str]:
    """Return the definition of each figure, by its name."""
    return {name: _definition(words, name) for name in FIGURES}


def _definition(words: Words, name: str) -> str:
    if name in GROUPS["obstacles"]:
        return words("report.definition.obstacle", obstacle=obstacle_label(words, name))
    return words(f"report.definition.{name}")


def obstacle_label(words: Words, name: str) -> str:
    """Return an answer to what would have made a pledge easier, by the name of its figure."""
    return words(f"obstacle.{name.removeprefix(OBSTACLE)}")


def notes(report: Report) -> list[str]:
    """Return the notes that have to be read with the figures."""
    words, newest = report.words, report.newest
    smallest = words.number(2 * newest.smallest_group)
    return [
        words("report.note.blurred"),
        words("report.note.estimates"),
        words("report.note.accounts"),
        words("report.note.apart"),
        words("report.note.hidden", count=smallest, hidden=words("report.hidden")),
        words("report.note.none", none=words("report.none")),
        words("report.note.elsewhere"),
        *_total_only(report),
        words("report.note.rounding"),
        *([words("standings.max_kg", kilograms=words.number(newest.max_kg))] if newest.max_kg else []),
        words("report.note.fixed"),
        words("report.note.version", definition=newest.definition, factors=newest.factors),
    ]


def _total_only(report: Report) -> Iterator[str]:
    if len(report.newest.places) < len(report.campaign.countries):
        yield report.words("report.note.total_only")


def as_json(report: Report) -> dict[str, Any]:
    """Make plain objects of the report.

    A figure that is `null` is listed in `hidden`, or there is no such figure. A number of people can also be `few`
    (fewer than the smallest group) or `nearly all`.
    """
    newest = report.newest
    return {
        "campaign": report.campaign.id,
        "title": campaign_title(report.campaign, report.words),
        "language": report.words.language,
        "definition": newest.definition,
        "factors": newest.factors,
        "smallest_group": newest.smallest_group,
        "definitions": definitions(report.words),
        "notes": notes(report),
        "sources": {"factors": report.campaign.factors_version, "pledges": list(_sources(report))},
        "days": [_day(report, standings) for standings in report.days],
    }


def _day(report: Report, standings: Standings) -> dict[str, Any]:
    return {
        "day": report.day(standings).isoformat(),
        "taken_at": standings.taken_at.isoformat(),
        "definition": standings.definition,
        "factors": standings.factors,
        "smallest_group": standings.smallest_group,
        "goal_percent": standings.goal_percent,
        "max_kg": standings.max_kg,
        "goal_reached": standings.goal_reached,
        "whole": _standing(report, standings.whole),
        "places": [_standing(report, standing) for standing in standings.places],
        "elsewhere": _standing(report, standings.elsewhere),
    }


def _standing(report: Report, standing: Standing) -> dict[str, Any]:
    figures = standing.model_dump(mode="json")
    return {"name": place_label(report.words, standing.place), **figures, "hidden": list(hidden_figures(standing))}


def _sources(report: Report) -> Iterator[dict[str, Any]]:
    for pledge in report.campaign.pledges:
        said = pledge_words(report.campaign, pledge.id, report.words)
        figures = pledge.model_dump(mode="json", exclude={"examples", "sdgs"})
        yield {"title": said.title, "unit": said.unit, **figures}

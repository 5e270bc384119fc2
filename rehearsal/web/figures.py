"""Participation as it was counted and as it was published, side by side.

Only a rehearsal may look behind what is published: its people are made up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.campaign.figure_publication_times import next_at
from bot.campaign.localtime import local
from bot.campaign.model import Campaign
from bot.campaign.pledges import OBSTACLE, OBSTACLES
from bot.locales.catalogues import words
from bot.messages.words import Words
from bot.standings.indicators import GRAMS, is_shown
from bot.standings.published_figures import ELSEWHERE, WHOLE, Band, Figure, Kilograms, Standing, Standings
from rehearsal.preview.language_names import PAGE, country_name
from rehearsal.verify.stored_totals import Measures

TOTAL_ONLY = "in the total only"
TOO_SMALL = "too small to show"
NEVER = "not shown"
NOT_YET = "not yet"

_KILOGRAMS = ("pledged", "confirmed")
_MEASURES = {
    "participants": "Participants",
    "pledges": "Pledges made",
    "pledged": "Kilograms pledged",
    "confirmed_pledges": "Pledges confirmed",
    "confirmed": "Kilograms confirmed",
    "continuing": "Will continue",
    "earth_hour_people": "Earth Hour, people",
    "earth_hour_minutes": "Earth Hour, minutes",
    "opted_out": "Opted out",
    **{OBSTACLE + each: f"Would have helped: {each.replace('_', ' ')}" for each in OBSTACLES},
}
_OTHERS = {ELSEWHERE: "Another country, or not said", WHOLE: "The whole company"}


@dataclass(frozen=True)
class FigureRow:
    """One measure in one place: what is counted now, and what everybody was shown last.

    `quiet` is said where that is nothing.
    """

    place: str
    counted: str
    published: str
    quiet: bool


@dataclass(frozen=True)
class MeasureRows:
    """A measure in every place."""

    measure: str
    lines: Sequence[FigureRow]


@dataclass(frozen=True)
class FigureTable:
    """Every measure; `said` is a sentence about when figures were published and will be."""

    groups: Sequence[MeasureRows]
    said: str


def figures(campaign: Campaign, totals: Measures, published: Standings | None, now: datetime) -> FigureTable:
    """Make the table of what is counted by `now`, beside what was `published` last."""
    sheet = _Sheet(campaign, totals, published, words(PAGE))
    groups = [MeasureRows(name, tuple(sheet.lines(measure))) for measure, name in _MEASURES.items()]
    return FigureTable(tuple(groups), _said(campaign, published, now))


def _said(campaign: Campaign, published: Standings | None, now: datetime) -> str:
    coming_at = next_at(campaign, now)
    city = campaign.zone.rpartition("/")[2].replace("_", " ")
    before = f"Figures were last published on {_wall(campaign, published.taken_at)}" if published else ""
    after = f"will be published on {_wall(campaign, coming_at)}" if coming_at else ""
    match before, after:
        case "", "":
            return "No figures were published, and none will be."
        case "", _:
            return f"No figures were published yet; the first {after} ({city})."
        case _, "":
            return f"{before} ({city}), and will not be again."
        case _:
            return f"{before}; the next {after} ({city})."


def _wall(campaign: Campaign, at: datetime) -> str:
    return f"{local(at, campaign.zone):%a %d %b %H:%M}"


@dataclass(frozen=True)
class _Sheet:
    campaign: Campaign
    totals: Measures
    published: Standings | None
    words: Words

    def lines(self, measure: str) -> Iterator[FigureRow]:
        for place in (*(country.code for country in self.campaign.countries), ELSEWHERE, WHOLE):
            figure = self._figure(measure, place)
            shown = self._why(measure, place) if figure is None else self._said(figure)
            yield FigureRow(self._name(place), self._counted(measure, place), shown, quiet=figure is None)

    def _name(self, place: str) -> str:
        return _OTHERS[place] if place in _OTHERS else country_name(self.words, place)

    def _counted(self, measure: str, place: str) -> str:
        found = sum(
            amount for (name, country), amount in self.totals.items() if name == measure and self._is_in(place, country)
        )
        # The store counts in grams, so that sums are exact.
        return self.words.number(round(found / GRAMS) if measure in _KILOGRAMS else found)

    def _is_in(self, place: str, country: str | None) -> bool:
        takes_part = self.campaign.country(country) is not None
        return {WHOLE: takes_part, ELSEWHERE: not takes_part}.get(place, country == place)

    def _figure(self, measure: str, place: str) -> Figure | Kilograms:
        standing = self._standing(place)
        found: Figure | Kilograms = getattr(standing, measure) if standing else None
        return found

    def _standing(self, place: str) -> Standing | None:
        rows = self.published.rows() if self.published else ()
        return next((each for each in rows if each.place == place), None)

    def _said(self, figure: int | Band | Kilograms) -> str:
        match figure:
            case Band.FEW:
                return f"fewer than {self.campaign.smallest_group}"
            case Band.NEARLY_ALL:
                return "nearly all"
            case Kilograms():
                return f"about {self.words.number(figure.about)}"
            case _:
                return f"about {self.words.number(figure)}"

    def _why(self, measure: str, place: str) -> str:
        """Explain why no figure is shown."""
        if self.published is None or (measure in _KILOGRAMS and not self.published.kilograms):
            return NOT_YET
        hour_begins = self.campaign.earth_hour.begins(self.campaign.zone)
        if measure.startswith("earth_hour") and self.published.taken_at < hour_begins:
            return NOT_YET
        if place == WHOLE and not is_shown(self.campaign, self.campaign.countries):
            return NEVER
        return TOO_SMALL if self._standing(place) else TOTAL_ONLY

"""Participation as it will be published, why the rest of it is hidden, and what was truly counted behind it.

Only a rehearsal may look behind: its people are made up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.campaign.localtime import local
from bot.campaign.model import Campaign, Per
from bot.locales.catalogues import words
from bot.messages.panels.spoken import percent
from bot.rehearsal.render.names import PAGE, country_name
from bot.standings.basis import Basis
from bot.standings.figures import ANOTHER, NOT_SET, REST, WHOLE, Standing, Standings
from bot.standings.measures import Measure, measures
from bot.standings.publication import publish
from bot.standings.register import next_at
from bot.store.everything import Store
from bot.store.participation import Tally

Tallies = Mapping[str | None, Tally]

BOARD_OFF = "board is off"
NO_HEADCOUNT = "no headcount"
PROTECTS = "protects another country"
WITH_OTHERS = "hidden with others"
TELLS_TOO_MUCH = "would tell too much"

_RATE = "rate"
_COLUMNS = {
    "participants": "Participants",
    _RATE: "Rate",
    "pledges": "Pledges",
    "confirmed_pledges": "Confirmed pledges",
    "earth_hour_people": "Earth Hour people",
    "earth_hour_minutes": "Earth Hour minutes",
    "opted_out": "Opted out",
}
_OTHERS = {
    ANOTHER: "Another country",
    NOT_SET: "Not said",
    REST: "All others together",
    WHOLE: "The whole company",
}
_ONCE = frozenset({Per.ONCE, Per.WEEK})
_UNKNOWN = "not known"


@dataclass(frozen=True)
class Cell:
    """One figure of one place: as it is shown, or else `why` it is hidden; `behind` is what was truly counted."""

    shown: str | None
    why: str | None
    behind: str


@dataclass(frozen=True)
class Line:
    """The figures of a place, in the order of the columns."""

    place: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Table:
    """All places; `said` is a sentence about when figures were published and will be."""

    columns: Sequence[str]
    lines: Sequence[Line]
    said: str


async def upcoming(campaign: Campaign, store: Store, now: datetime) -> tuple[Tallies, Standings]:
    """What was counted, and what would be published of it now; nothing is kept."""
    once = [pledge.id for pledge in campaign.pledges if pledge.per in _ONCE]
    tallies = await store.participation.tallies(campaign.id, once)
    last = await store.snapshots.newest(campaign.id)
    basis = Basis.model_validate_json(last.basis) if last else Basis()
    coming, _ = publish(campaign, tallies, now, basis)
    return tallies, coming


def figures(campaign: Campaign, tallies: Tallies, published: Standings | None, coming: Standings) -> Table:
    """The table of what is `coming`; `published` is what everybody was shown last."""
    sheet = _Sheet(campaign, _counted(campaign, tallies), published, coming)
    return Table(tuple(_COLUMNS.values()), tuple(sheet.lines()), _said(campaign, published, coming.taken_at))


def _counted(campaign: Campaign, tallies: Tallies) -> dict[str, Tally]:
    counted = {place: Tally() for place in (*(country.code for country in campaign.countries), ANOTHER, NOT_SET)}
    for code, tally in tallies.items():
        place = code or NOT_SET
        counted[place if place in counted else ANOTHER] += tally
    return counted


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


def _sum(tallies: Iterable[Tally]) -> Tally:
    return sum(tallies, start=Tally())


class _Sheet:
    def __init__(
        self, campaign: Campaign, counted: Mapping[str, Tally], published: Standings | None, coming: Standings
    ) -> None:
        self._campaign = campaign
        self._counted = counted
        self._coming = _by_place(coming)
        self._published = _by_place(published) if published else {}
        self._words = words(PAGE)
        self._measures = {measure.name: measure for measure in measures(campaign)}

    def lines(self) -> list[Line]:
        return [
            Line(self._name(place), tuple(self._cell(place, column) for column in _COLUMNS))
            for place in (*self._counted, REST, WHOLE)
        ]

    def _name(self, place: str) -> str:
        return _OTHERS[place] if place in _OTHERS else country_name(self._words, place)

    def _cell(self, place: str, column: str) -> Cell:
        figure = _figure(self._coming, place, column)
        shown = None if figure is None else self._number(figure, column)
        return Cell(shown, None if shown else self._why(place, column), self._behind(place, column))

    def _number(self, figure: int, column: str) -> str:
        return percent(self._words, figure) if column == _RATE else self._words.number(figure)

    def _behind(self, place: str, column: str) -> str:
        tally, headcount = self._tally(place, column), self._headcount(place)
        if column == _RATE:
            return f"{tally.participants} of {headcount}" if headcount else _UNKNOWN
        return self._words.number(getattr(tally, self._measure(column).counts))

    def _tally(self, place: str, column: str) -> Tally:
        if place == WHOLE:
            return _sum(self._counted.values())
        if place == REST:
            hidden = (each for each in self._counted if _figure(self._coming, each, column) is None)
            return _sum(self._counted[each] for each in hidden)
        return self._counted[place]

    def _headcount(self, place: str) -> int | None:
        if place == WHOLE:
            return self._campaign.headcount
        country = self._campaign.country(place)
        return country.headcount if country else None

    def _measure(self, column: str) -> Measure:
        return self._measures["participants" if column == _RATE else column]

    # Why something is hidden, as far as it can be told without asking how it was decided

    def _why(self, place: str, column: str) -> str:
        if own := self._own_reason(place, column):
            return own
        if place in {REST, WHOLE}:
            return TELLS_TOO_MUCH
        return PROTECTS if self._protects(place, column) else WITH_OTHERS

    def _own_reason(self, place: str, column: str) -> str | None:
        country, headcount = self._campaign.country(place), self._headcount(place)
        if country and not country.board:
            return BOARD_OFF
        if column == _RATE and headcount is None:
            return NO_HEADCOUNT
        return self._too_few(place, column) or self._hidden_before(place, column)

    def _too_few(self, place: str, column: str) -> str | None:
        smallest, measure = self._campaign.smallest_group, self._measure(column)
        people, headcount = measure.people(self._tally(place, column)), self._headcount(place)
        whole = _whole(measure)
        most = _figure(self._coming, place, whole) if whole else headcount
        if people < smallest or (headcount and headcount < smallest):
            return f"fewer than {smallest} people"
        if measure.two_sided and most is not None and most - people < smallest:
            return f"fewer than {smallest} did not"
        return None

    def _hidden_before(self, place: str, column: str) -> str | None:
        """A part is hidden where the whole is, which says how large it can be."""
        whole = _whole(self._measure(column))
        if whole is None or place in {REST, WHOLE} or _figure(self._coming, place, whole) is not None:
            return None
        return f"{_COLUMNS[whole]} are hidden"

    def _protects(self, place: str, column: str) -> bool:
        """Whether it is hidden for another country's sake. What was hidden before may have to stay so for its own.

        But nobody is hidden alone: where only two are, and one for a reason of its own, the other is there for it.
        """
        was_hidden = place in self._published and _figure(self._published, place, column) is None
        others = [each for each in self._counted if each != place and _figure(self._coming, each, column) is None]
        in_need = any(self._campaign.country(each) and self._own_reason(each, column) for each in others)
        return in_need and (len(others) == 1 or not was_hidden)


def _whole(measure: Measure) -> str | None:
    """The figure that a measure is a part of; how many people pledged is never shown, but they are participants."""
    return "participants" if measure.part_of == "pledgers" else measure.part_of


def _by_place(standings: Standings) -> dict[str, Standing]:
    return {each.place: each for each in (*standings.places, standings.rest, standings.whole)}


def _figure(shown: Mapping[str, Standing], place: str, column: str) -> int | None:
    standing = shown.get(place)
    return getattr(standing, column) if standing else None

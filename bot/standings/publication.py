"""From raw counts to a snapshot that is safe to show."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.campaign.model import Campaign
from bot.standings.basis import Basis, Past
from bot.standings.figures import ANOTHER, DEFINITION, NOT_SET, REST, WHOLE, Standing, Standings
from bot.standings.measures import PLEDGES, RESPONSE, Figure, Measure, measures
from bot.standings.rounding import rate
from bot.standings.suppression import Bounds, Cell, Pool, Suppression
from bot.store.participation import Tally


def publish(
    campaign: Campaign, tallies: Mapping[str | None, Tally], now: datetime, basis: Basis
) -> tuple[Standings, Basis]:
    """The figures as they may be shown, and the basis for the next time.

    Args:
        campaign: The countries, their headcounts and boards, and the smallest group.
        tallies: The counts by country; `None` is not set.
        now: The instant at which they were counted.
        basis: What the last publication left behind; an empty one the first time.
    """
    counted = _by_place(campaign, tallies)
    past = basis.folded(partial(_place, campaign))
    settled: dict[str, Settled] = {}
    for measure in measures(campaign):
        settled[measure.name] = _settle(campaign, measure, counted, settled, past.of(measure.name))
    return _standings(campaign, counted, settled, now), Basis(
        measures={name: each.past for name, each in settled.items()}
    )


@dataclass(frozen=True)
class Settled:
    """One measure, when it is decided who stands alone in it; `pool` is `None` where nothing is published."""

    measure: Measure
    pool: Pool | None
    bounds: Bounds
    past: Past


def _by_place(campaign: Campaign, tallies: Mapping[str | None, Tally]) -> dict[str, Tally]:
    """A tally for each place; who was in a country that no longer takes part is elsewhere now."""
    counted = {place: Tally() for place in _places(campaign)}
    for country, tally in tallies.items():
        counted[_place(campaign, country)] += tally
    return counted


def _places(campaign: Campaign) -> list[str]:
    return [*(country.code for country in campaign.countries), ANOTHER, NOT_SET]


def _place(campaign: Campaign, country: str | None) -> str:
    known = country is None or country == NOT_SET or campaign.country(country)
    return (country or NOT_SET) if known else ANOTHER


def _settle(
    campaign: Campaign, measure: Measure, counted: Mapping[str, Tally], settled: Mapping[str, Settled], past: Past
) -> Settled:
    cells = {place: _cell(campaign, measure, place, tally) for place, tally in counted.items()}
    whole = settled[measure.part_of] if measure.part_of else None
    bounds = (whole.bounds if whole else _headcounts(campaign)).times(measure.each)
    bounds = bounds.fitting({place: cell.value for place, cell in cells.items()})
    asked = Suppression(cells, bounds, past, campaign.smallest_group, measure.each, measure.two_sided, measure.exact)
    # A part would tell of a whole that is not published.
    pool = None if whole and whole.pool is None else asked.pool()
    return Settled(measure, pool, asked.learned(pool), asked.remembered(pool))


def _cell(campaign: Campaign, measure: Measure, place: str, tally: Tally) -> Cell:
    people, value = measure.people(tally), measure.value(tally)
    country = campaign.country(place)
    if country is None:
        # There is no headcount of elsewhere: nobody is known to be there of whom nothing could be told.
        return Cell(people, value, empty=not people and not value)
    return Cell(people, value, open=country.board and (country.headcount or math.inf) >= campaign.smallest_group)


def _headcounts(campaign: Campaign) -> Bounds:
    known = {country.code: country.headcount or math.inf for country in campaign.countries}
    return Bounds({place: known.get(place, math.inf) for place in _places(campaign)})


def _standings(
    campaign: Campaign, counted: Mapping[str, Tally], settled: Mapping[str, Settled], now: datetime
) -> Standings:
    closed = {country.code for country in campaign.countries if not country.board}
    return Standings(
        campaign=campaign.id,
        taken_at=now,
        definition=DEFINITION,
        factors=campaign.factors_version,
        smallest_group=campaign.smallest_group,
        goal_percent=campaign.goal.participation_percent if campaign.goal else None,
        whole=_whole(campaign, counted, settled),
        places=tuple(_alone(campaign, place, counted[place], settled) for place in counted if place not in closed),
        rest=_rest(counted, settled),
    )


def _whole(campaign: Campaign, counted: Mapping[str, Tally], settled: Mapping[str, Settled]) -> Standing:
    shown = [each.measure for each in settled.values() if each.pool is not None]
    dates = [country.headcount_date for country in campaign.countries if country.headcount_date]
    standing = Standing(place=WHOLE, headcount=campaign.headcount, headcount_date=min(dates, default=None))
    return _filled(standing, shown, _sum(counted.values()))


def _alone(campaign: Campaign, place: str, tally: Tally, settled: Mapping[str, Settled]) -> Standing:
    shown = [each.measure for each in settled.values() if each.pool is not None and place not in each.pool]
    standing = Standing(place=place)
    if country := campaign.country(place):
        standing = Standing(place=place, headcount=country.headcount, headcount_date=country.headcount_date)
    return _filled(standing, shown, tally)


def _filled(standing: Standing, shown: Collection[Measure], tally: Tally) -> Standing:
    figures = _figures(shown, tally)
    if PLEDGES not in figures:
        # Of whom the share would be is not shown either.
        figures.pop(RESPONSE, None)
    if "participants" in figures and standing.headcount:
        figures["rate"] = rate(tally.participants, standing.headcount)
    return standing.model_copy(update=figures)


def _rest(counted: Mapping[str, Tally], settled: Mapping[str, Settled]) -> Standing:
    """The sums of the pools. A share has none: it does not add up."""
    figures: dict[str, Figure] = {}
    for each in settled.values():
        if each.pool is not None and each.measure.name != RESPONSE:
            figures |= _figures([each.measure], _sum(counted[place] for place in each.pool))
    return Standing(place=REST).model_copy(update=figures)


def _figures(shown: Collection[Measure], tally: Tally) -> dict[str, Figure]:
    return {measure.name: measure.figure(tally) for measure in shown if measure.name in Standing.model_fields}


def _sum(tallies: Iterable[Tally]) -> Tally:
    return sum(tallies, start=Tally())

"""Exact totals of the bot's store. Only a rehearsal may look at them, because its people are simulated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from sqlalchemy import Connection

from bot.campaign.model import Campaign
from bot.campaign.pledges import OBSTACLE
from bot.standings.indicators import rules
from bot.store.awareness import AWARENESS, Awareness
from bot.store.participation import GUESS, TIP, contributions
from bot.store.store import Store

Place = str | None

Measures = Mapping[tuple[str, Place], int]
"""Exact totals by measure and country."""

_NAMES = {
    "participants": "participants",
    "pledges": "pledges",
    "confirmed": "confirmed_pledges",
    "earth_hour": "earth_hour_people",
    "earth_hour_minutes": "earth_hour_minutes",
    "continuing": "continuing",
    "opted_out": "opted_out",
}
"""The figures of the colleagues' journals that are measures of the store, and their names there."""


_MOST_ACTS = 100_000
"""More acts than organisers do in a week."""


async def measures(store: Store, campaign: Campaign) -> Measures:
    """Read everything that was done by now."""
    return await store.count(_measures, campaign)


def _measures(connection: Connection, campaign: Campaign) -> Measures:
    found: Counter[tuple[str, Place]] = Counter()
    for _, adds in contributions(connection, campaign.id, rules(campaign)):
        found.update(adds)
    for _, nameless in Awareness().contributions(connection, campaign.id):
        found.update(nameless)
    return found


async def stored_totals(store: Store, campaign: Campaign) -> dict[Place, dict[str, int]]:
    """Read the figures that the colleagues' journals have too, by country."""
    found = await measures(store, campaign)
    ideas = Counter(idea.country for idea in await store.read(store.ideas.of_campaign, campaign.id))
    return {
        place: {
            **dict(_named(found, place)),
            "tips": _beginning_with(TIP, found, place),
            "guesses": _beginning_with(GUESS, found, place),
            "awareness": _beginning_with(AWARENESS, found, place),
            "obstacles": _beginning_with(OBSTACLE, found, place),
            "ideas": ideas[place],
        }
        for place in {*(country for _, country in found), *ideas}
    }


def _named(found: Measures, place: Place) -> Iterator[tuple[str, int]]:
    yield from ((name, found.get((measure, place), 0)) for name, measure in _NAMES.items())


def _beginning_with(prefix: str, found: Measures, place: Place) -> int:
    return sum(times for (measure, country), times in found.items() if country == place and measure.startswith(prefix))


async def stored_acts(store: Store, campaign: Campaign) -> Mapping[tuple[str, str], int]:
    """Count what organisers decided, by their user ID and the name of the act."""
    acts = await store.read(store.organisers.acts, campaign.id, _MOST_ACTS)
    return Counter((each.user or "", each.act.value) for each in acts)

"""What the bot's store counts, in the figures in which the colleagues count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from bot.store.deeds import Kind
from bot.store.everything import Store
from bot.store.participation import Tally

Place = str | None


async def counted(store: Store, campaign: str, users: Iterable[str]) -> dict[Place, dict[str, int]]:
    """The figures by country; `users` are those whose single deeds are looked at."""
    tallies = await store.participation.tallies(campaign)
    tips = [deed for user in users for deed in await store.deeds.of(campaign, user) if deed.kind is Kind.TIP]
    tried = Counter(deed.country for deed in tips)
    ideas = Counter(idea.country for idea in await store.ideas.of_campaign(campaign))
    return {
        place: {**_people(tallies.get(place, Tally())), "tips": tried[place], "ideas": ideas[place]}
        for place in {*tallies, *tried, *ideas}
    }


def _people(tally: Tally) -> dict[str, int]:
    return {
        "participants": tally.participants,
        "pledges": tally.pledges,
        "confirmed": tally.confirmed_pledges,
        "earth_hour": tally.earth_hour_people,
        "earth_hour_minutes": tally.earth_hour_minutes,
        "continuing": tally.continuing,
        "opted_out": tally.opted_out,
    }

"""The pledges that are proposed to somebody first: a big one, an easy one and one that is fun."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from bot.campaign.model import Campaign, Pledge

_SUITS: Mapping[str, Callable[[Pledge], bool]] = {
    "big": lambda pledge: pledge.high > 0,
    "easy": lambda pledge: pledge.easy,
    "fun": lambda pledge: pledge.fun,
}


def suggested(campaign: Campaign, country: str | None, own: Collection[str]) -> Mapping[str, Pledge]:
    """Return up to three pledges by what they are: `big`, `easy` and `fun`.

    Each is the one that saves most in the country, of those that the person has not made and that are not proposed yet.
    """
    left = sorted(
        (each for each in campaign.offered(country) if each.id not in own), key=lambda each: -each.weight(country)
    )
    found: dict[str, Pledge] = {}
    for name, suits in _SUITS.items():
        first = next(filter(suits, left), None)
        if first:
            left.remove(first)
            found[name] = first
    return found

"""The measures there are, and whose figures are shown together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.campaign.model import Campaign, Country, Per, Post
from bot.campaign.pledges import OBSTACLE, OBSTACLES
from bot.store.participation import GUESS, TIP, KilogramRules

GRAMS = 1000


@dataclass(frozen=True)
class Measure:
    """Something counted, by its name in `store.participation` and, where it is shown, in a standing.

    It counts a part of the people or things in the measure that it is `part_of`, and is never shown as more than
    that if both have one unit. `max_per_act` is the most that one act adds.
    """

    name: str
    part_of: str | None = None
    unit: Literal["people", "pledges", "minutes", "grams"] = "people"
    max_per_act: int = 1


def measures(campaign: Campaign) -> tuple[Measure, ...]:
    """List every measure of a campaign, each after the one it is a part of."""
    heaviest = campaign.figures.max_kg * GRAMS
    return (
        Measure("participants"),
        Measure("opted_out", "participants"),
        Measure("earth_hour_people", "participants"),
        # Earth Hour lasts an hour, so nobody adds more than 60 minutes.
        Measure("earth_hour_minutes", "earth_hour_people", "minutes", 60),
        Measure("pledgers", "participants"),
        Measure("pledges", "pledgers", "pledges"),
        Measure("pledged", "pledges", "grams", heaviest),
        Measure("answerers", "pledgers"),
        Measure("continuing", "pledgers"),
        Measure("confirmed_pledges", "pledges", "pledges"),
        Measure("confirmed", "confirmed_pledges", "grams", heaviest),
        *(Measure(OBSTACLE + each, "answerers") for each in OBSTACLES),
    )


def rules(campaign: Campaign) -> KilogramRules:
    """Say how the campaign counts kilograms."""
    # A campaign lasts a week, so a pledge per week counts once in it.
    once = frozenset(pledge.id for pledge in campaign.pledges if pledge.per in {Per.ONCE, Per.WEEK})
    return KilogramRules(once, campaign.figures.max_kg)


def is_shown(campaign: Campaign, countries: Sequence[Country]) -> bool:
    """Decide whether figures of some countries together are shown: by headcounts and boards alone.

    One country among others is shown only where its board is on, and nothing where so few people are known to be that
    it would be about a few.
    """
    alone = len(countries) == 1 < len(campaign.countries)
    # Words replace the figures at both ends, so below twice the smallest group nothing but words could be shown.
    known = sum(country.headcount or 0 for country in countries)
    return known >= 2 * campaign.smallest_group and not (alone and not countries[0].board)


def headcount(countries: Iterable[Country]) -> int | None:
    """Count how many people work in some countries, where each of them says how many."""
    known = [country.headcount for country in countries]
    return sum(filter(None, known)) if all(known) else None


def readers(campaign: Campaign, post: Post) -> tuple[Country, ...]:
    """List the countries that a post is for."""
    return tuple(country for country in campaign.countries if post.reaches(country.code))


def tip_cell(campaign: Campaign, post: Post) -> str:
    """Name the cell in which it is counted who did what a tip proposes."""
    return f"{TIP}{post.post}:{'+'.join(country.code for country in readers(campaign, post))}"


def guess_cell(campaign: Campaign, post: Post, answer: int) -> str:
    """Name the cell in which it is counted who guessed an answer, which has its number."""
    return f"{guess_measure(post, answer)}:{'+'.join(country.code for country in readers(campaign, post))}"


def guess_measure(post: Post, answer: int) -> str:
    """Name the measure of an answer that was guessed."""
    return f"{GUESS}{post.post}:{answer}"

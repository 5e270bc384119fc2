"""The persona of a simulated colleague, as far as Slack and chance decide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from bot.campaign.model import Campaign, Country
from rehearsal.people import habits
from rehearsal.people.habits import Habit
from rehearsal.slack.workspace import User

_FAR = ("Europe/London", "America/New_York", "Asia/Kolkata")
"""Time zones of colleagues whose country is not in the campaign."""


@dataclass(frozen=True)
class Persona:
    """One colleague: the Slack profile, the office (`None`: in no country of the campaign), and the habits."""

    profile: User
    home: Country | None
    habits: frozenset[Habit]
    seed: str

    @property
    def zone(self) -> str:
        """The zone of the Slack profile."""
        return self.profile.tz or "UTC"

    def has(self, habit: Habit) -> bool:
        """Return whether the persona has this habit."""
        return habit in self.habits


def personas(campaign: Campaign, count: int, seed: int) -> Iterator[Persona]:
    """Make `count` personas, spread over the countries by headcount; the same seed makes the same ones."""
    random = Random(f"{seed}")  # noqa: S311 - a rehearsal wants the same chance twice
    weights = [country.headcount or 1 for country in campaign.countries]
    homes = random.choices(campaign.countries, weights, k=count)
    for index, home in enumerate(homes, 1):
        # A seed for each person, so that a larger company has the first ones unchanged.
        yield _persona(campaign, home, f"{seed}/{index}", f"U0PERSON{index:05d}")


def _persona(campaign: Campaign, home: Country, seed: str, user: str) -> Persona:
    random = Random(seed)  # noqa: S311
    found = habits.draw(seed)
    far = Habit.IS_FAR in found
    # A zone of none of the campaign's countries, so that the bot cannot suggest one.
    zone = random.choice([zone for zone in _FAR if zone not in _zones(campaign)] or _FAR) if far else home.zone
    locale = "en-GB" if far else f"{random.choice(home.languages)}-{home.code}"
    profile = User(user, f"colleague-{user[-5:]}", zone, locale)
    return Persona(profile, None if far else home, found, seed)


def _zones(campaign: Campaign) -> set[str]:
    return {country.zone for country in campaign.countries}

"""The workspace a campaign is rehearsed in: its channels, its representatives, and made-up colleagues."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from random import Random

from bot.campaign.model import Campaign, Country
from bot.delivery.channels import named
from bot.rehearsal.slack.workspace import Channel, User, Workspace
from bot.store.people import Person

_JOINS = 0.6
_ASKS_FOR_REMINDER = 0.5
"""How many colleagues do what in a rehearsal. They are there to be counted, not to predict anybody."""


def workspace(campaign: Campaign, colleagues: Sequence[Person]) -> Workspace:
    """A Slack with every channel the campaign names, and everyone in it."""
    channels = [Channel(_channel_id(name, index), name) for index, name in enumerate(sorted(named(campaign)), 1)]
    users = {user.id: user for user in (*_named_people(campaign), *map(_user, colleagues))}
    return Workspace(users.values(), channels)


def _channel_id(name: str, index: int) -> str:
    """The campaign may name a channel by its ID; any other gets one of its own."""
    return name if name.startswith(("C0", "G0")) else f"C0REHEARSE{index:02d}"


def _named_people(campaign: Campaign) -> Iterator[User]:
    for country in campaign.countries:
        for user in country.representatives:
            yield User(user, f"representative-{country.code.lower()}", country.zone, country.language)
    if campaign.company:
        for user in campaign.company.managers:
            yield User(user, "manager", campaign.company.zone, campaign.company.language)


def _user(person: Person) -> User:
    return User(person.user, f"colleague-{person.user[-4:].lower()}", person.zone, person.language or "en")


def colleagues(campaign: Campaign, count: int, seed: int, now: datetime) -> list[Person]:
    """As many colleagues as asked for, spread over the countries by headcount; the same seed makes the same ones."""
    random = Random(seed)  # noqa: S311 - a rehearsal wants the same chance twice
    weights = [country.headcount or 1 for country in campaign.countries]
    homes = random.choices(campaign.countries, weights, k=count)
    return [_person(home, index, random, now) for index, home in enumerate(homes, 1)]


def _person(home: Country, index: int, random: Random, now: datetime) -> Person:
    return Person(
        workspace="T0REHEARSAL",
        user=f"U0PERSON{index:05d}",
        zone=home.zone,
        joined_at=now,
        country=home.code,
        country_source="said",
        language=random.choice(home.languages),
        direct_messages=random.random() < _JOINS,
        earth_hour_reminder=random.random() < _ASKS_FOR_REMINDER,
    )

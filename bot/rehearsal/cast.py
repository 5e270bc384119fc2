"""The workspace a campaign is rehearsed in: its channels, its representatives, and made-up colleagues."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.campaign.model import Campaign
from bot.delivery.channels import named
from bot.rehearsal.colleagues.character import Character
from bot.rehearsal.colleagues.crowd import where
from bot.rehearsal.slack.workspace import Channel, User, Workspace


def workspace(campaign: Campaign, colleagues: Sequence[Character]) -> Workspace:
    """A Slack with every channel the campaign names, and everyone in it."""
    channels = [Channel(_channel_id(name, index), name) for index, name in enumerate(sorted(named(campaign)), 1)]
    users = {user.id: user for user in (*_named_people(campaign), *(each.profile for each in colleagues))}
    town = Workspace(users.values(), channels)
    for each in colleagues:
        _let_in(town, where(campaign, each.home), each.profile.id)
    for user in users:
        # Opened in this order, whoever is written to first: the same seed gives the same conversations.
        town.im(user)
    return town


def _let_in(town: Workspace, name: str, user: str) -> None:
    channel = town.channels.get(name) or town.channel_named(name)
    if channel:
        town.join(channel.id, user)


def _channel_id(name: str, index: int) -> str:
    """The campaign may name a channel by its ID; any other gets one of its own."""
    return name if name.startswith(("C0", "G0")) else f"C0REHEARSE{index:02d}"


def _named_people(campaign: Campaign) -> Iterator[User]:
    for country in campaign.countries:
        for user in country.representatives:
            yield User(user, f"representative-{country.code.lower()}", country.zone, _locale(country.language))
    if campaign.company:
        for user in campaign.company.managers:
            yield User(user, "manager", campaign.company.zone, _locale(campaign.company.language))


def _locale(language: str) -> str:
    return language if "-" in language else f"{language}-{language.upper()}"

"""Build the workspace in which a campaign is rehearsed: channels, representatives and simulated colleagues."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.campaign.model import Campaign, Country
from bot.delivery.channels import named
from rehearsal.people.persona import Persona
from rehearsal.people.population import channel_of
from rehearsal.slack.workspace import Channel, User, Workspace

_NAMES: Mapping[str, tuple[str, str]] = {
    "sv": ("Elsa Lindqvist", "Maja Sandberg"),
    "nb": ("Ingrid Solheim", "Sigrid Haugen"),
    "da": ("Freja Holm", "Karen Krogh"),
    "de": ("Lena Vogt", "Jana Albrecht"),
    "fi": ("Aino Laine", "Helmi Korhonen"),
    "en": ("Grace Whitfield", "Alice Barlow"),
}
"""A colleague and a representative for each language; elsewhere they are called by their country."""

_MANAGER = "Robin Ekdal"


@dataclass(frozen=True)
class Guest:
    """A colleague who does nothing alone, and their office; None for no country of the campaign."""

    profile: User
    home: Country | None


def build_workspace(campaign: Campaign, colleagues: Sequence[Persona], guests: Sequence[Guest] = ()) -> Workspace:
    """Build a workspace with every channel that the campaign names, and all people in their channels."""
    workspace = Workspace()
    furnish(workspace, campaign, guests, colleagues)
    return workspace


def furnish(
    workspace: Workspace, campaign: Campaign, guests: Sequence[Guest] = (), colleagues: Sequence[Persona] = ()
) -> None:
    """Add what a campaign names and a workspace lacks: channels, and people with their memberships."""
    for name in sorted(named(campaign)):
        if name not in workspace.channels and not workspace.channel_named(name):
            is_private = name == campaign.organisers_channel
            workspace.add_channel(Channel(_channel_id(name, len(workspace.channels) + 1), name, is_private=is_private))
    if campaign.organisers_channel:
        # A bot cannot join a private channel by itself.
        for user in (workspace.bot.id, *duties(campaign)):
            _let_in(workspace, campaign.organisers_channel, user)
    people: Iterable[Guest | Persona] = (*guests, *colleagues)
    homes = {each.profile: each.home for each in people}
    users = {user.id: user for user in (*_named_people(campaign), *homes)}
    for user, home in {**{each.id: home for each, home in homes.items()}, **duties(campaign)}.items():
        for name in home.channels.values() if home else [channel_of(campaign, home)]:
            _let_in(workspace, name, user)
    if campaign.company and guests:
        for user in users:
            _let_in(workspace, campaign.company.channel, user)
    for profile in users.values():
        workspace.add_user(profile)
        # Opened in a fixed order, and not when first written to, so that one seed gives the same conversations.
        workspace.im(profile.id)


def guests(campaign: Campaign) -> Iterator[Guest]:
    """Make a colleague in each country, and one whose country is not in the campaign."""
    names: Counter[str] = Counter()
    for country in campaign.countries:
        user = f"U0GUEST{country.code}"
        yield Guest(
            User(user, _name(country, 0, names), country.zone, _locale(country.language, country.code)), country
        )
    yield Guest(User("U0GUESTFAR", "Sam Okafor", "America/New_York", "en-US"), None)


def duties(campaign: Campaign) -> dict[str, Country | None]:
    """Return the representatives with the first country that they speak for, and the managers with none."""
    found: dict[str, Country | None] = {}
    for country in campaign.countries:
        for user in country.representatives:
            found.setdefault(user, country)
    for user in campaign.company.managers if campaign.company else ():
        found.setdefault(user, None)
    return found


def _let_in(workspace: Workspace, name: str, user: str) -> None:
    channel = workspace.channels.get(name) or workspace.channel_named(name)
    if channel:
        workspace.join(channel.id, user)


def _channel_id(name: str, index: int) -> str:
    """Return a channel's ID: the one by which the campaign names it, or a new one."""
    return name if name.startswith(("C0", "G0")) else f"C0REHEARSE{index:02d}"


def _named_people(campaign: Campaign) -> Iterator[User]:
    names: Counter[str] = Counter()
    for user, country in duties(campaign).items():
        if country:
            yield User(user, _name(country, 1, names), country.zone, _locale(country.language, country.code))
        elif campaign.company:
            company = campaign.company
            yield User(user, _numbered(_MANAGER, names), company.zone, _locale(company.language, "GB"))


def _name(country: Country, which: int, names: Counter[str]) -> str:
    known = _NAMES.get(country.language)
    return _numbered(known[which] if known else f"{('Colleague', 'Representative')[which]} {country.code}", names)


def _numbered(name: str, names: Counter[str]) -> str:
    """Make a name unique by a number, so that two people can be told apart on the page."""
    names[name] += 1
    return name if names[name] == 1 else f"{name} {names[name]}"


def _locale(language: str, country: str) -> str:
    return language if "-" in language else f"{language}-{country}"

"""Organisers: the managers, the representatives of each country and those who stand in for them, and what is theirs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from bot.campaign.model import Campaign
from bot.campaign.organiser_decisions import Decisions, StandIn
from bot.campaign.overlay import apply
from bot.listeners.errors import RequestRefusedError
from bot.listeners.interaction import Interaction
from bot.store.organiser_acts import Act, Acted, Actor, NotAllowedError

T = TypeVar("T")

_LOOKED_AT = 50
"""The last acts among which the one is looked for that somebody else was first with."""


@dataclass(frozen=True)
class Organiser:
    """Somebody who organises, with the countries whose posts they see: their own, and for managers then all others."""

    is_manager: bool
    countries: tuple[str, ...]

    def answers_for(self, country: str) -> bool:
        """Return whether a country is theirs to decide about. What is for all countries is the managers'."""
        return self.is_manager or country in self.countries


def role(campaign: Campaign, user: str) -> Organiser | None:
    """Return what somebody organises, as the campaign names them now, or None."""
    is_manager = campaign.company is not None and user in campaign.company.managers
    own = tuple(each.code for each in campaign.countries if user in each.representatives)
    if is_manager:
        others = tuple(each.code for each in campaign.countries if each.code not in own)
        own = (*own, *others)
    return Organiser(is_manager=is_manager, countries=own) if own else None


async def decide(
    interaction: Interaction, may: Callable[[Organiser], bool], change: Callable[..., T], *arguments: object
) -> T:
    """Store what an organiser has decided about the campaign, and let it hold at once.

    Raises:
        RequestRefusedError: They do not organise, or not this.
    """

    def is_theirs(named: Campaign) -> bool:
        found = role(named, interaction.user)
        return found is not None and may(found)

    made = await store_for_organiser(interaction, is_theirs, change, *arguments)
    await interaction.services.refresh_decisions()
    return made


async def last_act(interaction: Interaction, act: Act, country: str | None = None, subject: str = "") -> Acted:
    """Look up who was first with something that is done already, such as taking a post back, in a country or anywhere.

    Raises:
        RequestRefusedError: Nobody has done it lately.
    """
    store = interaction.store
    acts = await store.read(store.organisers.acts, interaction.campaign.id, _LOOKED_AT)
    same = (each for each in acts if (each.act, each.subject) == (act, subject))
    found = next((each for each in same if country in {None, each.country}), None)
    if found is None:
        raise RequestRefusedError("trouble.stale")
    return found


async def store_for_organiser(
    interaction: Interaction, is_theirs: Callable[[Campaign], bool], change: Callable[..., T], *arguments: object
) -> T:
    """Store what an organiser does.

    Who they are is looked at again in the transaction that stores it: the screen may be of yesterday, or forged.

    Raises:
        RequestRefusedError: It is not theirs to do.
    """

    def is_allowed(stand_ins: tuple[StandIn, ...]) -> bool:
        return is_theirs(apply(interaction.services.live.files, Decisions(stand_ins=stand_ins), interaction.now))

    store, actor = interaction.store, Actor(interaction.campaign.id, interaction.user, interaction.now)
    try:
        return await store.write(store.organisers.carry_out, actor, is_allowed, change, *arguments)
    except NotAllowedError:
        raise RequestRefusedError("organise.not_yours") from None

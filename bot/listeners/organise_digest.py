"""Organisers switch the digest of each working day off, and on again."""

from __future__ import annotations

from bot.listeners.errors import RequestRefusedError
from bot.listeners.interaction import Interaction
from bot.listeners.organise import show_page
from bot.listeners.organisers import decide, role
from bot.messages.organise.overview import OFF, ON, place_and_page, switched_digest


async def organise_digest(interaction: Interaction, value: str) -> None:
    """Switch the digest, and show the page on which it can be switched back."""
    is_wanted, shown = switched_digest(value)
    digests = interaction.store.digests
    # Anybody who organises may, for themselves alone.
    await decide(interaction, lambda _organiser: True, digests.switch_on if is_wanted else digests.switch_off)
    organiser = role(interaction.services.campaign(), interaction.user)
    if organiser is None:
        raise RequestRefusedError("organise.not_yours")
    country, number = place_and_page(shown)
    home = country if country in organiser.countries else organiser.countries[0]
    told = interaction.words(f"organise.digest_{ON if is_wanted else OFF}")
    await show_page(interaction, organiser, home, number, told)

"""Tells colleagues who organises the week."""

from __future__ import annotations

from bot.campaign.model import Campaign
from bot.messages.replies.phrases import join_names, named_representatives
from bot.messages.words import Words


def who_organises(words: Words, campaign: Campaign, country: str | None) -> str:
    """Say who the representatives of a country are, and who answers for the whole week."""
    home = campaign.country(country)
    managers = campaign.company.managers if campaign.company else ()
    named = [
        named_representatives(words, home) if home else None,
        words("organise.managers", names=join_names(words, (f"<@{each}>" for each in managers))) if managers else None,
    ]
    found = [each for each in named if each] or [words("organise.nobody")]
    return "\n".join([words("organise.for_organisers"), *found])

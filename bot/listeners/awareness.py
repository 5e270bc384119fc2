"""Answers to the questions on awareness: one a person and question, which nobody can change or trace."""

from __future__ import annotations

from bot.campaign.awareness import ANSWERS, AWARENESS, QUESTIONS, closes_at, last_day, opens_at
from bot.campaign.model import ANOTHER_COUNTRY
from bot.listeners.errors import RequestRefusedError
from bot.listeners.interaction import Interaction
from bot.store.awareness import GivenAnswer


async def awareness(interaction: Interaction, value: str) -> None:
    """Store an answer without its author, unless they have answered the question already."""
    name, question, answer = [*value.split(":", 2), "", ""][:3]
    campaign, country = interaction.campaign, interaction.country
    post = interaction.post(name, AWARENESS)
    if post.wave is None or question not in QUESTIONS or answer not in ANSWERS:
        raise RequestRefusedError("trouble.stale")
    # Nobody has been asked yet: what is known now would be counted as what the week has taught.
    if interaction.now < opens_at(campaign, post, country):
        raise RequestRefusedError("trouble.stale")
    if interaction.now >= closes_at(campaign, post, country):
        day = interaction.words.day(last_day(campaign, post, country))
        raise RequestRefusedError("awareness.over", day=day)
    given = GivenAnswer(campaign.id, interaction.user, post.wave, question, answer, _place(interaction))
    is_new = await interaction.store.write(interaction.store.awareness.answer, given)
    await interaction.reply(interaction.words("awareness.noted" if is_new else "awareness.known"))


def _place(interaction: Interaction) -> str | None:
    """Return the country that is stored. One that only few people have would say whose answer it is."""
    country = interaction.country
    return country if country is None or interaction.campaign.country(country) else ANOTHER_COUNTRY

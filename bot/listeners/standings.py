"""The published figures, for anybody who looks them up."""

from __future__ import annotations

from bot.campaign.figure_publication_times import next_at
from bot.listeners.interaction import Interaction
from bot.messages.replies import standings as reply


async def standings(interaction: Interaction, _value: str) -> None:
    """Show where the countries stand."""
    campaign, country = interaction.campaign, interaction.country
    newest = await interaction.services.publisher.newest(campaign)
    coming = next_at(campaign, interaction.now)
    message = reply.draw(interaction.words, campaign, newest, country=country, chart=True, next_at=coming)
    await interaction.reply_message(message)

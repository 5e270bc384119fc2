"""Shows what the company does itself to anybody who looks it up."""

from __future__ import annotations

from bot.listeners.interaction import Interaction
from bot.messages.replies import measures as reply


async def measures(interaction: Interaction, _value: str) -> None:
    """Show measures and goals."""
    await interaction.reply_message(reply.draw(interaction.words, interaction.campaign, interaction.country))

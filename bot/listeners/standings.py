"""The published figures, for anybody who looks them up."""

from __future__ import annotations

from bot.campaign.figure_publication_times import next_at
from bot.listeners.interaction import Interaction
from bot.messages.modals import message_modal
from bot.messages.replies import standings as reply


async def standings(interaction: Interaction, _value: str) -> None:
    """Show where the countries stand."""
    campaign, country = interaction.campaign, interaction.country
    publisher = interaction.services.publisher
    newest, former = await publisher.newest(campaign), await publisher.former(campaign)
    coming = next_at(campaign, interaction.now)
    message = reply.draw(interaction.words, campaign, newest, country=country, chart=True, next_at=coming)
    if newest and former:
        message = reply.beside(interaction.words, campaign, message, newest, former)
    await interaction.reply_message(message)


async def figures_about(interaction: Interaction, _value: str) -> None:
    """Show how the figures come about and how to read them."""
    campaign = interaction.campaign
    newest = await interaction.services.publisher.newest(campaign)
    texts = reply.about(interaction.words, campaign, newest, next_at(campaign, interaction.now))
    await interaction.show(message_modal.draw(interaction.words, "\n\n".join(texts)))

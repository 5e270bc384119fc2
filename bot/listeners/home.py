"""What anybody can look up: the App Home, with everything about the week on one page, and the published figures."""

from __future__ import annotations

from bot.campaign.figure_publication_times import next_at
from bot.listeners import my_data
from bot.listeners.interaction import Interaction
from bot.listeners.tips import latest
from bot.messages.replies import home as reply
from bot.messages.replies import standings as standings_reply


async def publish(interaction: Interaction) -> None:
    """Draw the App Home of a person; people who may not take part read why."""
    if not interaction.membership.may_participate:
        refused = reply.draw_refusal(interaction.words, interaction.campaign, f"standing.{interaction.membership}")
        await interaction.services.client.views_publish(user_id=interaction.user, view=refused)
        return
    view = reply.draw(
        interaction.words,
        interaction.campaign,
        await my_data.read_person(interaction),
        tip=latest(interaction.campaign, interaction.country, interaction.today),
        standings=await interaction.services.publisher.newest(interaction.campaign),
        at=interaction.moment,
        next_at=next_at(interaction.campaign, interaction.now),
    )
    await interaction.services.client.views_publish(user_id=interaction.user, view=view)


async def standings(interaction: Interaction, _value: str) -> None:
    """Show where the countries stand."""
    campaign, country = interaction.campaign, interaction.country
    newest = await interaction.services.publisher.newest(campaign)
    coming = next_at(campaign, interaction.now)
    message = standings_reply.draw(interaction.words, campaign, newest, country=country, chart=True, next_at=coming)
    await interaction.reply_message(message)

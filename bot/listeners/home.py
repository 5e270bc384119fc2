"""The App Home, with everything about the week on one page."""

from __future__ import annotations

from bot.campaign.figure_publication_times import next_at
from bot.listeners import my_data
from bot.listeners.interaction import Interaction
from bot.listeners.tips import latest
from bot.messages.replies import home as reply


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

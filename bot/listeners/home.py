"""The App Home, with everything about the week on one page."""

from __future__ import annotations

from bot.campaign.figure_publication_times import next_at
from bot.listeners import my_data
from bot.listeners.interaction import Interaction
from bot.listeners.organise import home_page
from bot.listeners.organisers import role
from bot.listeners.tips import latest
from bot.messages.modals.modal import MY_WEEK
from bot.messages.replies import home as reply


async def publish(interaction: Interaction) -> None:
    """Draw the App Home of a person; people who may not take part read why."""
    if not interaction.membership.may_participate:
        refused = reply.draw_refusal(interaction.words, interaction.campaign, f"standing.{interaction.membership}")
        await interaction.services.client.views_publish(user_id=interaction.user, view=refused)
        return
    organiser = role(interaction.services.campaign(), interaction.user)
    face = interaction.responder.home_face
    if organiser and face not in {None, MY_WEEK}:
        view = await home_page(interaction, organiser, face or MY_WEEK)
        await interaction.services.client.views_publish(user_id=interaction.user, view=view)
        return
    view = reply.draw(
        interaction.words,
        interaction.campaign,
        await my_data.read_person(interaction),
        tip=latest(interaction.campaign, interaction.country, interaction.today),
        standings=await interaction.services.publisher.newest(interaction.campaign),
        at=interaction.moment,
        next_at=next_at(interaction.campaign, interaction.now),
        organises=organiser is not None,
    )
    await interaction.services.client.views_publish(user_id=interaction.user, view=view)

"""Stopping direct messages with one press, at once."""

from __future__ import annotations

from bot.listeners.interaction import Interaction
from bot.store.actions import Action, ActionKind


async def stop(interaction: Interaction, post: str = "") -> None:
    """Stop all direct messages, also those that are about to be sent; `post` is the one below which it was pressed."""
    await interaction.store.write(interaction.store.people.stop, _opted_out(interaction, post))


async def stop_posts(interaction: Interaction, post: str) -> None:
    """Stop posts as direct messages; reminders that were asked for go on."""
    await interaction.store.write(interaction.store.people.stop_posts, _opted_out(interaction, post))


def _opted_out(interaction: Interaction, post: str) -> Action:
    # The value comes back from Slack, so only the name of a post of the campaign is stored.
    is_known = any(each.post == post for each in interaction.campaign.posts)
    return interaction.new_action(ActionKind.OPTED_OUT, post if is_known else "")

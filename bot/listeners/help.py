"""`/earthweek` alone, and words that are no command."""

from __future__ import annotations

from bot.listeners import command_parsing
from bot.listeners.interaction import Interaction
from bot.listeners.organisers import role
from bot.messages.replies import help as reply
from bot.messages.replies import written_message_answers


async def help_(interaction: Interaction, _value: str) -> None:
    """Show the commands."""
    await _show(interaction)


async def unknown(interaction: Interaction, text: str) -> None:
    """Suggest the command that was probably meant.

    A message to the bot can be about anything, so it is not quoted.
    """
    if interaction.responder.conversation:
        await interaction.reply_message(written_message_answers.not_understood(interaction.words))
        return
    # Only the first word: commands are single words, and the rest may be private.
    word = text.partition(" ")[0]
    await _show(interaction, nearest=command_parsing.closest_subcommand(word, interaction.typed_words), word=word)


async def _show(interaction: Interaction, *, nearest: str | None = None, word: str | None = None) -> None:
    asked = await interaction.store.read(
        interaction.store.pledges.asked_about, interaction.campaign.id, interaction.user
    )
    message = reply.draw(
        interaction.words,
        interaction.moment,
        joined=interaction.person is not None,
        pledged=any(map(interaction.campaign.pledge, asked)),
        organises=role(interaction.campaign, interaction.user) is not None,
        nearest=nearest,
        unknown=word,
    )
    await interaction.reply_message(message)

"""Guesses: one a person, which can be changed until the answer is told."""

from __future__ import annotations

from bot.campaign.guesses import GUESS, answer_of, closes_at
from bot.campaign.model import Post
from bot.listeners.errors import RequestRefusedError
from bot.listeners.interaction import Interaction
from bot.messages.blocks import escape
from bot.messages.campaign_texts import post_text
from bot.store.actions import ActionKind


async def guess(interaction: Interaction, value: str) -> None:
    """Store what the person guesses, in place of what they guessed before."""
    name, _, number = value.partition(":")
    post = interaction.post(name, GUESS)
    answers = post_text(interaction.campaign, name, interaction.words, interaction.country).answers
    answer = answer_of(interaction.campaign.posts, name)
    # The campaign may have changed since the button was drawn.
    if answer is None or number not in {str(each) for each in range(1, len(answers) + 1)}:
        raise RequestRefusedError("trouble.stale")
    _require_open(interaction, post, answers)
    action = interaction.new_action(ActionKind.GUESS, name, answer=number)
    await interaction.store.write(interaction.store.actions.answer, action)
    said = {"answer": escape(answers[int(number) - 1]), "time": interaction.words.time(answer.time)}
    await interaction.reply(interaction.words("guess.noted", **said))


def _require_open(interaction: Interaction, post: Post, answers: tuple[str, ...]) -> None:
    closes = closes_at(interaction.campaign, post, interaction.country, interaction.zone)
    if post.right and closes and interaction.now >= closes:
        raise RequestRefusedError("guess.over", answer=escape(answers[post.right - 1]))

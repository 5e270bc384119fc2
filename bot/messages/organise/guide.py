"""The guide for organisers: what they can do in Slack, with the buttons as they are called there."""

from __future__ import annotations

from bot.messages.blocks import heading
from bot.messages.message import Message
from bot.messages.replies.reply_blocks import action_button, button_row, line
from bot.messages.words import Words

_BUTTONS = (
    "organise",
    "organise_preview",
    "organise_send_test",
    "organise_edit",
    "organise_approve",
    "organise_correct",
    "organise_leave_out",
    "organise_bring_back",
    "organise_try_again",
    "organise_own_post",
    "organise_withdraw",
    "organise_pause",
    "organise_pause_all",
    "organise_stand_ins",
    "organise_ideas",
)
"""The buttons that the guide names, each by its action as a placeholder."""

PARTS = ("page", "look", "words", "approve", "correct", "leave_out", "own_post", "pause", "ideas", "acts")
"""The parts of the guide, each a paragraph."""


def draw(words: Words, *, is_manager: bool) -> Message:
    """Draw the guide in the organiser's language; managers read what only they can do as well."""
    labels = {action: words(f"button.{action}") for action in _BUTTONS}
    parts = (*PARTS, *(("managers",) if is_manager else ()))
    blocks = [
        heading(words("guide.title"), "title"),
        *(line(words(f"guide.{part}", **labels), part) for part in parts),
        button_row("next", action_button(words, "organise", "guide", primary=True)),
    ]
    return Message(words("guide.title"), tuple(blocks))

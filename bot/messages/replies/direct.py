"""Answers to what somebody writes to the bot itself, where no form can open by itself."""

from __future__ import annotations

from collections.abc import Mapping

from bot.messages.message import Message
from bot.messages.replies.rows import action_button, text_message
from bot.messages.words import Words

_BUTTONS: Mapping[str, str] = {
    "country": "settings",
    "language": "settings",
    "pause": "messages_pause",
    "pause_off": "join",
    "resume": "join",
}
"""The button that leads to what a word asks for, where it is not of the same name."""


def offer(words: Words, errand: str) -> Message:
    """A button that opens what was asked for."""
    return text_message(
        words("direct.press"), action_button(words, _BUTTONS.get(errand, errand), "direct", primary=True)
    )


def not_understood(words: Words) -> Message:
    """What the bot can read, and where an idea or a question goes; nothing of what was written."""
    buttons = (action_button(words, name, "direct") for name in ("pledge", "my", "idea"))
    return text_message(words("direct.not_understood"), *buttons)

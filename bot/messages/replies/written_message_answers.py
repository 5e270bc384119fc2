"""Answers to messages to the bot, from which no modal can be opened."""

from __future__ import annotations

from collections.abc import Mapping

from bot.messages.message import Message
from bot.messages.replies.reply_blocks import action_button, text_message
from bot.messages.words import Words

_BUTTONS: Mapping[str, str] = {
    "country": "settings",
    "language": "settings",
    "pause": "messages_pause",
    "pause_off": "join",
    "resume": "join",
}
"""The buttons of routes that have a button of another name."""


def offer(words: Words, route: str) -> Message:
    """Offer a button that opens the form of a route."""
    return text_message(words("direct.press"), action_button(words, _BUTTONS.get(route, route), "direct", primary=True))


def not_understood(words: Words) -> Message:
    """Say what the bot understands, and where an idea or a question goes. The message itself is not quoted."""
    buttons = (action_button(words, name, "direct") for name in ("pledge", "my", "idea"))
    return text_message(words("direct.not_understood"), *buttons)

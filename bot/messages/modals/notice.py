"""A sentence or more, or a whole message, and nothing to fill in."""

from __future__ import annotations

from bot.messages.message import Message
from bot.messages.modals.modal import View, modal
from bot.messages.modals.user_text import sections
from bot.messages.words import Words

CALLBACK = "told"


def draw(words: Words, text: str) -> View:
    """`text` is mrkdwn that has been worded and escaped."""
    return modal(words, CALLBACK, "form.title", sections(text, "told"))


def shown(words: Words, message: Message) -> View:
    """A message in its plain form, as a window."""
    return modal(words, CALLBACK, "form.title", message.blocks)

"""What opens at once, while the bot is still looking something up."""

from __future__ import annotations

from bot.messages.blocks import section
from bot.messages.modals.modal import View, modal
from bot.messages.words import Words

CALLBACK = "waiting"


def draw(words: Words) -> View:
    """One line, until another form takes its place."""
    return modal(words, CALLBACK, "form.title", [section(words("form.waiting"), "waiting")])

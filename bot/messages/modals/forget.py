"""The one question before everything about a person goes."""

from __future__ import annotations

from bot.messages.blocks import section
from bot.messages.modals.modal import View, modal
from bot.messages.words import Words

CALLBACK = "forget"


def draw(words: Words) -> View:
    """What goes and what stays; submitting it is the confirmation."""
    blocks = [section(words(f"form.forget.{part}"), part) for part in ("goes", "stays")]
    return modal(words, CALLBACK, "form.forget.title", blocks, submit="form.forget.submit")

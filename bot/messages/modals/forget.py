"""The question before everything that is stored of a person is erased."""

from __future__ import annotations

from bot.messages.blocks import section
from bot.messages.modals.modal import View, modal
from bot.messages.words import Words

CALLBACK = "forget"


def draw(words: Words) -> View:
    """Draw what is erased and what stays. Submitting the form is the confirmation."""
    blocks = [section(words(f"form.forget.{part}"), part) for part in ("goes", "stays")]
    return modal(words, CALLBACK, "form.forget.title", blocks, submit="form.forget.submit")

"""A tip: something worth knowing and one thing to try, with its theme, its goals and its source."""

from __future__ import annotations

from bot.messages.message import Block
from bot.messages.parts import buttons, ending, how_many, joining, small_print, words_of
from bot.messages.post_context import Occasion
from bot.messages.posts.kind import Kind


def draw(this: Occasion) -> list[Block]:
    """Words, how many have done it, small print, and a press for "I did this"."""
    answers = buttons(this, "did_this", *joining(this))
    return [*words_of(this), *how_many(this), *small_print(this), *answers, *ending(this)]


KIND = Kind(name="tip", needs=("theme", "source"), draw=draw)

"""A tip: something worth knowing and one thing to try, with its theme, its goals and its source."""

from __future__ import annotations

from bot.messages.kinds.kind import Kind
from bot.messages.message import Block
from bot.messages.occasion import Occasion
from bot.messages.parts import buttons, ending, small_print, words_of


def draw(this: Occasion) -> list[Block]:
    """Words, small print, and a press for "I did this"."""
    return [*words_of(this), *small_print(this), *buttons(this, "did_this", "join"), *ending(this)]


KIND = Kind(name="tip", needs=("theme", "source"), draw=draw)

"""Something the company has done, and what came of it."""

from __future__ import annotations

from bot.messages.message import Block
from bot.messages.parts import buttons, ending, small_print, words_of
from bot.messages.post_context import Occasion
from bot.messages.posts.kind import Kind


def draw(this: Occasion) -> list[Block]:
    """Words, small print, and a press for a better idea."""
    return [*words_of(this), *small_print(this), *buttons(this, "idea"), *ending(this)]


KIND = Kind(name="measure", needs=("sdgs",), draw=draw)

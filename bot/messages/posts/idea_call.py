"""A call for ideas: what would make the sustainable choice the easy one here?"""

from __future__ import annotations

from bot.messages.message import Block
from bot.messages.parts import buttons, ending, small_print, words_of
from bot.messages.post_context import Occasion
from bot.messages.posts.kind import Kind


def draw(this: Occasion) -> list[Block]:
    """Words, and a press that opens the form for an idea."""
    return [*words_of(this), *small_print(this), *buttons(this, "idea"), *ending(this)]


KIND = Kind(name="idea_call", draw=draw)

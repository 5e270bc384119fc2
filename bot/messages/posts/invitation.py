"""An invitation to take part."""

from __future__ import annotations

from bot.messages.message import Block
from bot.messages.parts import buttons, ending, joining, representatives, small_print, words_of
from bot.messages.post_context import Occasion
from bot.messages.posts.kind import Kind


def draw(this: Occasion) -> list[Block]:
    """Words, and a press to join."""
    return [*words_of(this), *small_print(this), *representatives(this), *buttons(this, *joining(this)), *ending(this)]


KIND = Kind(name="invitation", draw=draw)

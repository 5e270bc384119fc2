"""An invitation to take part."""

from __future__ import annotations

from bot.messages.kinds.kind import Kind
from bot.messages.message import Block
from bot.messages.occasion import Occasion
from bot.messages.parts import buttons, ending, joining, representatives, small_print, words_of


def draw(this: Occasion) -> list[Block]:
    """Words, and a press to join."""
    return [*words_of(this), *small_print(this), *representatives(this), *buttons(this, *joining(this)), *ending(this)]


KIND = Kind(name="invitation", draw=draw)

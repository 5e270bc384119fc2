"""A call to choose a pledge and to plan when and where."""

from __future__ import annotations

from bot.messages.message import Block
from bot.messages.parts import buttons, ending, joining, small_print, words_of
from bot.messages.post_context import Occasion
from bot.messages.posts.kind import Kind


def draw(this: Occasion) -> list[Block]:
    """Words, and a press that opens the pledges."""
    return [*words_of(this), *small_print(this), *buttons(this, "pledge", *joining(this)), *ending(this)]


KIND = Kind(name="pledge_call", draw=draw)

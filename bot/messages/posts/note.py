"""Plain words: an invitation, thanks, a brief."""

from __future__ import annotations

from bot.messages.message import Block
from bot.messages.parts import DIRECT, buttons, ending, joining, representatives, small_print, words_of
from bot.messages.post_context import Occasion
from bot.messages.posts.kind import Kind


def draw(this: Occasion) -> list[Block]:
    """Words, and in a channel a press to join, until the week is over."""
    if this.post.audience in DIRECT:
        return [*words_of(this), *small_print(this), *ending(this)]
    return [*words_of(this), *small_print(this), *representatives(this), *buttons(this, *joining(this))]


KIND = Kind(name="note", draw=draw)

"""How did the pledge go? Done, partly, not yet and not this time are all useful answers."""

from __future__ import annotations

from bot.messages.message import Block
from bot.messages.modals.check_in import ANSWERS
from bot.messages.parts import buttons, ending, small_print, words_of
from bot.messages.post_context import Occasion
from bot.messages.posts.kind import Kind


def draw(this: Occasion) -> list[Block]:
    """Words, the answers, and an end to the questions."""
    answers = buttons(this, *(f"check_in_{answer}" for answer in ANSWERS), "check_in_stop")
    return [*words_of(this), *small_print(this), *answers, *ending(this)]


KIND = Kind(name="check_in", draw=draw)

"""How did the pledge go? Done, partly and not this time are all useful answers."""

from __future__ import annotations

from bot.messages.kinds.kind import Kind
from bot.messages.message import Block
from bot.messages.occasion import Occasion
from bot.messages.parts import buttons, ending, small_print, words_of


def draw(this: Occasion) -> list[Block]:
    """Words, the answers, and an end to the questions."""
    answers = buttons(this, "check_in_done", "check_in_partly", "check_in_not", "check_in_stop")
    return [*words_of(this), *small_print(this), *answers, *ending(this)]


KIND = Kind(name="check_in", draw=draw)

"""The working day after Earth Hour: did you join?"""

from __future__ import annotations

from bot.messages.kinds.kind import Kind
from bot.messages.message import Block
from bot.messages.occasion import Occasion
from bot.messages.parts import buttons, earth_hour_doubt, ending, small_print, words_of


def draw(this: Occasion) -> list[Block]:
    """Words, and three answers that are all fine."""
    answers = buttons(this, "earth_hour_did", "earth_hour_forgot", "earth_hour_other")
    return [*words_of(this), *small_print(this), *earth_hour_doubt(this), *answers, *ending(this)]


KIND = Kind(name="earth_hour_check", draw=draw)

"""The working day after Earth Hour: did you join?"""

from __future__ import annotations

from bot.messages.message import Block
from bot.messages.parts import buttons, earth_hour_doubt, ending, small_print, words_of
from bot.messages.post_context import Occasion
from bot.messages.posts.kind import Kind


def draw(this: Occasion) -> list[Block]:
    """Words, and three answers that are all fine."""
    answers = buttons(this, "earth_hour_did", "earth_hour_forgot", "earth_hour_other")
    return [*words_of(this), *small_print(this), *earth_hour_doubt(this), *answers, *ending(this)]


KIND = Kind(name="earth_hour_check", draw=draw)

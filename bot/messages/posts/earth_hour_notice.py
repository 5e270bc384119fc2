"""The day before Earth Hour: it is tomorrow, and who wants a reminder may ask for one."""

from __future__ import annotations

from bot.messages.message import Block
from bot.messages.parts import buttons, earth_hour_doubt, ending, small_print, words_of
from bot.messages.post_context import Occasion
from bot.messages.posts.kind import Kind


def draw(this: Occasion) -> list[Block]:
    """Words, a doubt about the date where there is one, and a press to join, for a reminder or for the calendar."""
    answers = buttons(this, "earth_hour_join", "earth_hour_remind", "earth_hour_calendar")
    return [*words_of(this), *small_print(this), *earth_hour_doubt(this), *answers, *ending(this)]


KIND = Kind(name="earth_hour_notice", draw=draw)

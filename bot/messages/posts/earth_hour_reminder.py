"""Shortly before Earth Hour, on a weekend evening: only for those who asked for it."""

from __future__ import annotations

from bot.campaign.deadlines import UntilEarthHour
from bot.campaign.model import Audience
from bot.messages.message import Block
from bot.messages.parts import earth_hour_doubt, ending, small_print, words_of
from bot.messages.post_context import Occasion
from bot.messages.posts.kind import Kind


def draw(this: Occasion) -> list[Block]:
    """Words, and a doubt about the date where there is one."""
    return [*words_of(this), *small_print(this), *earth_hour_doubt(this), *ending(this)]


KIND = Kind(
    name="earth_hour_reminder",
    late=UntilEarthHour(),
    audiences=frozenset({Audience.EARTH_HOUR_REMINDER}),
    draw=draw,
)

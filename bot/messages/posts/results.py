"""What came out of the week."""

from __future__ import annotations

from datetime import timedelta

from bot.campaign.deadlines import After
from bot.messages.message import Block
from bot.messages.parts import buttons, ending, small_print, words_of
from bot.messages.post_context import Occasion
from bot.messages.posts.kind import Kind
from bot.messages.replies import standings


def draw(this: Occasion) -> list[Block]:
    """Words, all figures, and a press for what should come next."""
    figures = standings.full(this.words, this.campaign, this.standings, this.country) if this.standings else []
    # Results are read for days, and an idea can be shared for as long as the campaign is open.
    ideas = buttons(this, "idea") if this.at.is_open_tomorrow else []
    return [*words_of(this), *figures, *small_print(this), *ideas, *ending(this)]


# Results are still news two days later.
KIND = Kind(name="results", late=After(timedelta(days=2)), draw=draw, figures=True)

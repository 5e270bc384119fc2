"""Where the week stands."""

from __future__ import annotations

from datetime import timedelta

from bot.campaign.deadlines import After
from bot.messages.message import Block
from bot.messages.parts import buttons, ending, joining, small_print, words_of
from bot.messages.post_context import Occasion
from bot.messages.posts.kind import Kind
from bot.messages.replies import standings


def draw(this: Occasion) -> list[Block]:
    """Words, the goal and the countries as they stand, and what one can still do."""
    figures = standings.brief(this.words, this.campaign, this.standings, this.country) if this.standings else []
    answers = buttons(this, "pledge", *joining(this))
    return [*words_of(this), *figures, *small_print(this), *answers, *ending(this)]


# Figures of the afternoon are stale by the evening.
KIND = Kind(name="progress", late=After(timedelta(hours=4)), draw=draw, figures=True)

"""`/earthweek` alone, and words that are no command."""

from __future__ import annotations

from bot.listeners import commands
from bot.listeners.interaction import Visit
from bot.messages.replies import direct
from bot.messages.replies import help as panel


async def help_(visit: Visit, _value: str) -> None:
    """What can be done."""
    await _show(visit)


async def unknown(visit: Visit, text: str) -> None:
    """The command that was probably meant. What was written to the bot itself may be anything, and is not repeated."""
    if visit.direct:
        await visit.say(direct.not_understood(visit.words))
        return
    word = text.partition(" ")[0]
    await _show(visit, nearest=commands.nearest(word), word=word)


async def _show(visit: Visit, *, nearest: str | None = None, word: str | None = None) -> None:
    asked = await visit.desk.store.pledges.asked_about(visit.campaign.id, visit.user)
    pledged = any(map(visit.campaign.pledge, asked))
    joined = visit.person is not None
    await visit.say(
        panel.draw(visit.words, visit.moment, joined=joined, pledged=pledged, nearest=nearest, unknown=word)
    )

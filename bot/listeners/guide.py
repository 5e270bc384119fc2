"""`/earthweek` alone, and words that are no command."""

from __future__ import annotations

from bot.listeners import commands
from bot.listeners.visit import Visit
from bot.messages.panels import direct
from bot.messages.panels import help as panel


async def help_(visit: Visit, _value: str) -> None:
    """What can be done."""
    await visit.say(panel.draw(visit.words, joined=visit.person is not None, nearest=None, unknown=None))


async def unknown(visit: Visit, text: str) -> None:
    """The command that was probably meant. What was written to the bot itself may be anything, and is not repeated."""
    if visit.direct:
        await visit.say(direct.not_understood(visit.words))
        return
    word = text.partition(" ")[0]
    joined = visit.person is not None
    await visit.say(panel.draw(visit.words, joined=joined, nearest=commands.nearest(word), unknown=word))

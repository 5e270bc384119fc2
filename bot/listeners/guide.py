"""`/earthweek` alone, and words that are no command."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from bot.listeners.visit import Visit
from bot.messages.panels import help as panel


async def help_(visit: Visit, _value: str) -> None:
    """What can be done."""
    await visit.say(panel.draw(visit.words, joined=visit.person is not None, nearest=None, unknown=None))


async def unknown(visit: Visit, word: str, commands: Iterable[str]) -> None:
    """The command that was probably meant."""
    nearest = next(iter(get_close_matches(word.casefold(), list(commands), n=1, cutoff=0.5)), None)
    await visit.say(panel.draw(visit.words, joined=visit.person is not None, nearest=nearest, unknown=word))

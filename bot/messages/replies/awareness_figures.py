"""The figures of how much colleagues say they know, before the week and after it, as it was published."""

from __future__ import annotations

from bot.campaign.awareness import QUESTIONS
from bot.messages.message import Block
from bot.messages.replies.phrases import percent, place_name
from bot.messages.replies.reply_blocks import lines
from bot.messages.words import Words
from bot.standings.published_figures import WHOLE, Standings


def blocks(words: Words, standings: Standings, country: str | None) -> list[Block]:
    """Build who said yes to each question: of all together, and below it in the reader's country."""
    together = shares(words, standings, WHOLE)
    if not together:
        return []
    own = shares(words, standings, country) if country else []
    title = [words("standings.yours", place=place_name(words, country))] if own else []
    return lines([words("awareness.title"), *together, *title, *own], "awareness")


def shares(words: Words, standings: Standings, place: str) -> list[str]:
    """Return a line for each question of which the share of yes is known in a place, in one of the waves or both."""
    said = [share_sentence(words, standings, question, place) for question in QUESTIONS]
    return [words("standings.item", figure=each) for each in said if each]


def share_sentence(words: Words, standings: Standings, question: str, place: str) -> str | None:
    """Return who said yes to a question in a place, as a sentence, or None where no share is known."""
    waves = standings.aware(question, place)
    known = {wave: percent(words, each.share) for wave, each in waves.items() if each.share is not None}
    if not known:
        return None
    name = "both" if len(known) > 1 else next(iter(known))
    return words(f"awareness.shares_{name}", question=words(f"awareness.{question}"), **known)

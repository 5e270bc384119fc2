"""An idea for a representative to decide on."""

from __future__ import annotations

from bot.messages.blocks import escape
from bot.messages.letters.quoted import asked_and_answered, mention, quoted
from bot.messages.message import Block, Message
from bot.messages.panels.rows import line, press, row, small
from bot.messages.parts import pause_or_stop
from bot.messages.words import Words


def draw(  # noqa: PLR0913 - a representative decides on all of it
    words: Words,
    idea_id: str,
    text: str,
    country_name: str | None,
    *,
    question: str | None,
    answer: str | None,
    named_by: str | None,
) -> Message:
    """The idea as it was written, what was asked about it, and four decisions.

    `named_by` is the author's user id, only where they want to be named.
    """
    came = (
        words("idea_letter.review", country=escape(country_name))
        if country_name
        else words("idea_letter.review_elsewhere")
    )
    blocks = (
        line(came, "came"),
        *quoted(text, "idea"),
        *asked_and_answered(words, question, answer),
        small([_author(words, named_by), words("idea_letter.review_hint")], "author"),
        row("answers", *_decisions(words, idea_id)),
        pause_or_stop(words, idea_id),
    )
    return Message(came, blocks)


def _author(words: Words, named_by: str | None) -> str:
    name = mention(named_by)
    return words("idea_letter.named", author=name) if name else words("idea_letter.unnamed")


def _decisions(words: Words, idea_id: str) -> list[Block]:
    approve = press(words, "idea_approve", idea_id, primary=True)
    return [approve, *(press(words, name, idea_id) for name in ("idea_publish", "idea_ask", "idea_decline"))]

"""What colleagues wrote, as the letters show it: quoted, and without power to mention or link."""

from __future__ import annotations

import re

from bot.messages.message import Block
from bot.messages.replies.rows import line, lines, quote
from bot.messages.words import Words

_USER = re.compile(r"[UW][A-Z0-9]{1,30}")


def quoted(text: str, name: str) -> list[Block]:
    """The text as a quotation."""
    return lines(quote(text), name)


def asked_and_answered(words: Words, question: str | None, answer: str | None) -> list[Block]:
    """What a representative wanted to know about an idea, and what the author said."""
    return [
        *([line(words("idea_letter.question"), "question"), *quoted(question, "question")] if question else []),
        *([line(words("idea_letter.answer"), "answer"), *quoted(answer, "answer")] if answer else []),
    ]


def mention(user: str | None) -> str | None:
    """A mention of a colleague by their id; nothing else becomes one."""
    return f"<@{user}>" if user and _USER.fullmatch(user) else None

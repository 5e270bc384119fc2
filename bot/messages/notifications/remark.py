"""What would have made a pledge easier, for the representatives."""

from __future__ import annotations

from bot.messages.message import Message
from bot.messages.notifications.quoted import quoted
from bot.messages.parts import on_duty
from bot.messages.replies.rows import inline, line, small
from bot.messages.words import Words

_OBSTACLES = frozenset({"time", "cost", "no_alternative", "forgot", "colleagues", "rules", "information", "other"})


def draw(words: Words, pledge_title: str | None, obstacle: str | None, text: str) -> Message:
    """The line as it was written, without who wrote it; the pledge and the obstacle where they are known."""
    came = words("remark.came")
    about = [words("remark.pledge", title=inline(pledge_title))] if pledge_title else []
    about += [words("remark.obstacle", obstacle=words(f"obstacle.{obstacle}"))] if obstacle in _OBSTACLES else []
    blocks = (
        line("\n".join([came, *about]), "came"),
        *quoted(text, "remark"),
        small([words("remark.nameless")], "nameless"),
        on_duty(words),
    )
    return Message(came, blocks)

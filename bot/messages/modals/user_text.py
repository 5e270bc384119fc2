"""What people write, shown as theirs."""

from __future__ import annotations

from bot.messages.message import Block
from bot.messages.replies.rows import lines


def sections(text: str, name: str) -> list[Block]:
    """Escaped text in as many sections as it takes; an address in it is no link."""
    return lines([text], name)

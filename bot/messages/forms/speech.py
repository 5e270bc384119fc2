"""What people write: whether it says anything, and how it is shown as theirs."""

from __future__ import annotations

from bot.messages.message import Block
from bot.messages.panels.rows import lines


def is_said(text: str) -> bool:
    """Whether a reader sees anything: spaces, and signs without width, say nothing."""
    return any(sign.isprintable() and not sign.isspace() for sign in text)


def storable(text: str) -> str:
    """The text as every database and Slack take it: NUL and halves of characters become the sign for what is broken."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")


def sections(text: str, name: str) -> list[Block]:
    """Escaped text in as many sections as it takes; an address in it is no link."""
    return lines([text], name)

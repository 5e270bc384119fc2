"""What people write: whether it says anything, and how it is shown as theirs."""

from __future__ import annotations

from bot.messages.blocks import section
from bot.messages.message import Block
from bot.messages.mrkdwn import pieces


def is_said(text: str) -> bool:
    """Whether a reader sees anything: spaces, and signs without width, say nothing."""
    return any(sign.isprintable() and not sign.isspace() for sign in text)


def sections(text: str, name: str) -> list[Block]:
    """Escaped text in as many sections as it takes."""
    return [section(part, f"{name}_{index}") for index, part in enumerate(pieces(text, "\n"))]

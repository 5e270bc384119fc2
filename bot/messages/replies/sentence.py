"""A sentence as an answer, with or without something to press next."""

from __future__ import annotations

from bot.messages.message import Block, Message
from bot.messages.replies.rows import lines, row


def told(text: str) -> Message:
    """A sentence or more in mrkdwn, already in the reader's words and escaped."""
    return told_with(text)


def told_with(text: str, *buttons: Block) -> Message:
    """The same, with buttons for what may come next; `rows.press` makes them."""
    follow_up = [row("next", *buttons)] if buttons else []
    return Message(text, (*lines([text], "said"), *follow_up))

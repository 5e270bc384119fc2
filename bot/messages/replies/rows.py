"""The parts of replies and notifications: text that mentions nobody by accident, and buttons with labels."""

from __future__ import annotations

from collections.abc import Iterable

from bot.messages.blocks import action_id_for, actions, button, escape
from bot.messages.message import Block, Message
from bot.messages.mrkdwn import split_text
from bot.messages.readable import truncate
from bot.messages.words import Words

_QUOTED = 500
"""Characters of one quoted line before they are escaped, which makes them five times as many at most."""


def text_message(text: str, *buttons: Block) -> Message:
    """A sentence or more in mrkdwn as a message, with buttons for what may come next."""
    return Message(text, (*lines([text], "said"), *([button_row("next", *buttons)] if buttons else [])))


def line(text: str, name: str, *, beside: Block | None = None) -> Block:
    """A line in mrkdwn in which Slack makes nothing into a link or a mention that is not marked up as one."""
    made = {"type": "section", "block_id": name, "text": {"type": "mrkdwn", "text": text, "verbatim": True}}
    return {**made, "accessory": beside} if beside else made


def lines(texts: Iterable[str], name: str) -> list[Block]:
    """Lines in as few blocks as they fit."""
    return [line(piece, f"{name}_{index}") for index, piece in enumerate(split_text("\n".join(texts), "\n"))]


def small_print(texts: Iterable[str], name: str) -> Block:
    """Small print, at most ten lines, as careful with what it names as `line`."""
    elements = [{"type": "mrkdwn", "text": text, "verbatim": True} for text in texts]
    return {"type": "context", "block_id": name, "elements": elements}


def button_row(name: str, *buttons: Block) -> Block:
    """A row of buttons."""
    return actions(name, buttons)


def action_button(words: Words, action: str, value: str, *, label: str | None = None, primary: bool = False) -> Block:
    """A button of which there is one in a view. Its label is `button.<label>`, else that of its action."""
    return button(action, words(f"button.{label or action}"), value, primary=primary)


def repeated_button(words: Words, action: str, value: str, *, label: str | None = None) -> Block:
    """A button of which there may be several in a view, one a value."""
    return button(action_id_for(action, value), words(f"button.{label or action}"), value)


def inline_quote(text: str, most: int = 300) -> str:
    """What somebody wrote, as part of a sentence: on one line and not longer than `most` characters."""
    return escape(truncate(" ".join(text.split()), most))


def quote_lines(text: str) -> list[str]:
    """What somebody wrote, as lines of a quotation."""
    written = (part[start : start + _QUOTED] for part in _written(text) for start in range(0, len(part) or 1, _QUOTED))
    return [f"> {escape(part)}" for part in written]


def _written(text: str) -> list[str]:
    return text.strip().splitlines() or [""]

"""The parts of replies and notifications: text that mentions nobody by accident, and buttons with labels."""

from __future__ import annotations

from collections.abc import Iterable

from bot.messages.blocks import action_id_for, actions, button, escape, overflow
from bot.messages.markdown_to_mrkdwn import split_text
from bot.messages.message import Block, Message
from bot.messages.unicode_text import truncate
from bot.messages.words import Words

_MAX_QUOTED_LENGTH = 500
"""Characters of one quoted line, each of which becomes at most five when it is escaped."""


def text_message(text: str, *buttons: Block) -> Message:
    """Make a message of a sentence or more in mrkdwn, with buttons for what may come next."""
    return Message(text, (*lines([text], "said"), *([button_row("next", *buttons)] if buttons else [])))


def line(text: str, name: str, *, beside: Block | None = None) -> Block:
    """Build a section in mrkdwn in which Slack turns nothing into a link or a mention by itself."""
    # `verbatim` keeps Slack from turning URLs and the names of channels into links.
    section = {"type": "section", "block_id": name, "text": {"type": "mrkdwn", "text": text, "verbatim": True}}
    return {**section, "accessory": beside} if beside else section


def lines(texts: Iterable[str], name: str) -> list[Block]:
    """Join lines into as few sections as possible."""
    return [line(piece, f"{name}_{index}") for index, piece in enumerate(split_text("\n".join(texts), "\n"))]


def small_print(texts: Iterable[str], name: str) -> Block:
    """Small print of at most ten lines, in which Slack turns nothing into a link or a mention by itself."""
    elements = [{"type": "mrkdwn", "text": text, "verbatim": True} for text in texts]
    return {"type": "context", "block_id": name, "elements": elements}


def button_row(name: str, *buttons: Block) -> Block:
    """Build a row of buttons."""
    return actions(name, buttons)


def action_button(words: Words, action: str, value: str, *, label: str | None = None, primary: bool = False) -> Block:
    """Build a button that occurs once in a view. Its label is `button.<label>`, by default that of its action."""
    return button(action, words(f"button.{label or action}"), value, primary=primary)


def repeated_button(words: Words, action: str, value: str, *, label: str | None = None) -> Block:
    """Build a button that can occur several times in a view, once a value."""
    return button(action_id_for(action, value), words(f"button.{label or action}"), value)


def menu(words: Words, name: str, actions: Iterable[str], value: str) -> Block:
    """Build a menu behind three dots; each entry does what the button of that action would do."""
    return overflow(name, {action_id_for(action, value): words(f"button.{action}") for action in actions})


def inline_quote(text: str, most: int = 300) -> str:
    """Quote a text that somebody wrote within a sentence: escaped, on one line, and cut to `most` characters."""
    # One line, since a line break would end the sentence around it; cut first, then escaped.
    return escape(truncate(" ".join(text.split()), most))


def quote_lines(text: str) -> list[str]:
    """Quote a text that somebody wrote, as escaped lines."""
    length = _MAX_QUOTED_LENGTH
    whole = text.strip().splitlines() or [""]
    # A long line is cut before it is escaped, so that no entity is cut in two.
    parts = (each[start : start + length] for each in whole for start in range(0, len(each) or 1, length))
    return [f"> {escape(part)}" for part in parts]

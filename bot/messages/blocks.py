"""Block Kit's building blocks, in the few forms the bot uses. Every block and action is named."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.messages.message import Block


def escape(text: str) -> str:
    """Text that Slack shows as it was written: nobody can make the bot mention or link through it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def header(text: str) -> Block:
    """A title, at most 150 characters."""
    return {"type": "header", "block_id": "title", "text": _plain(text)}


def markdown(text: str, name: str = "words") -> Block:
    """Standard Markdown, at most 12,000 characters a message."""
    return {"type": "markdown", "block_id": name, "text": text}


def section(text: str, name: str) -> Block:
    """Slack's own mrkdwn, at most 3,000 characters."""
    return {"type": "section", "block_id": name, "text": {"type": "mrkdwn", "text": text}}


def context(name: str, lines: Iterable[str]) -> Block:
    """Small print in mrkdwn, at most ten lines."""
    return {"type": "context", "block_id": name, "elements": [{"type": "mrkdwn", "text": line} for line in lines]}


def actions(name: str, elements: Iterable[Block]) -> Block:
    """A row of buttons, at most 25."""
    return {"type": "actions", "block_id": name, "elements": list(elements)}


def button(action: str, label: str, value: str, *, primary: bool = False) -> Block:
    """A button. `action` says what it does, `value` for which post."""
    made: dict[str, Any] = {"type": "button", "action_id": action, "text": _plain(label), "value": value}
    return {**made, "style": "primary"} if primary else made


def link(label: str, url: str) -> str:
    """A link in mrkdwn."""
    safe = url.replace("|", "%7C").replace(">", "%3E").replace("<", "%3C")
    return f"<{safe}|{escape(label)}>"


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": True}

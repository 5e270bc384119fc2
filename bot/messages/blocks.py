"""Builders for the Block Kit elements that the bot uses, with Slack's limits. Every block and action has an ID."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, time
from typing import Any

from bot.messages.message import Block

_MAX_RADIO_BUTTONS = 10
"""Slack allows ten radio buttons."""


def escape(text: str) -> str:
    """Escape text for mrkdwn, so that what people write can neither mention anybody nor link."""
    # The ampersand first: otherwise it would escape the entities that the others have become.
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """Undo the escaping that Slack does to what somebody wrote."""
    # The ampersand last: `&amp;lt;` stands for a literal `&lt;`.
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def header(text: str) -> Block:
    """Build a title, at most 150 characters."""
    return {"type": "header", "block_id": "title", "text": _plain(text)}


def markdown(text: str, name: str = "words") -> Block:
    """Standard Markdown, at most 12,000 characters a message."""
    return {"type": "markdown", "block_id": name, "text": text}


def picture(file: str, alt: str) -> Block:
    """Build a picture from a file that was uploaded to Slack; `alt`, at most 2,000 characters, says what it shows."""
    return {"type": "image", "block_id": "picture", "slack_file": {"id": file}, "alt_text": alt}


def section(text: str, name: str) -> Block:
    """Slack's own mrkdwn, at most 3,000 characters."""
    return {"type": "section", "block_id": name, "text": {"type": "mrkdwn", "text": text}}


def context(name: str, lines: Iterable[str]) -> Block:
    """Small print in mrkdwn, at most ten lines."""
    return {"type": "context", "block_id": name, "elements": [{"type": "mrkdwn", "text": line} for line in lines]}


def actions(name: str, elements: Iterable[Block]) -> Block:
    """Build a row of buttons, at most 25."""
    return {"type": "actions", "block_id": name, "elements": list(elements)}


def button(action: str, label: str, value: str, *, primary: bool = False) -> Block:
    """Build a button. `action` says what it does, and `value` what it is about, such as a post."""
    built: dict[str, Any] = {"type": "button", "action_id": action, "text": _plain(label), "value": value}
    # The default style has no name of its own.
    return {**built, "style": "primary"} if primary else built


def action_id_for(action: str, value: str) -> str:
    """Make an action ID for a button that a view has several times; the action stands before the colon."""
    return f"{action}:{value}"


def link(label: str, url: str) -> str:
    """Return a link in mrkdwn; without a label it is shown as its address."""
    # In mrkdwn `|` ends the URL, and `>` the link.
    safe = escape(url.replace("|", "%7C").replace(">", "%3E").replace("<", "%3C"))
    return f"<{safe}|{escape(label)}>" if label else f"<{safe}>"


def heading(text: str, name: str) -> Block:
    """Build a heading further down, at most 150 characters."""
    return {"type": "header", "block_id": name, "text": _plain(text)}


def modal(
    callback: str, title: str, blocks: Iterable[Block], *, close: str, submit: str | None, metadata: str
) -> Block:
    """Build a modal: title and both buttons at most 24 characters, 100 blocks, private metadata of at most 3,000."""
    built: dict[str, Any] = {
        "type": "modal",
        "callback_id": callback,
        "title": _plain(title),
        "blocks": list(blocks),
        "close": _plain(close),
        "private_metadata": metadata,
    }
    # Slack requires a submit button where there are inputs.
    return {**built, "submit": _plain(submit)} if submit else built


def input_field(label: str, element: Block, *, hint: str | None = None, optional: bool = False) -> Block:
    """Build an input with its label and its hint. The block has the same ID as its element."""
    built: dict[str, Any] = {
        "type": "input",
        # An error in a form is reported by block ID, and a value by block and action ID: one name finds both.
        "block_id": element["action_id"],
        "label": _plain(label),
        "element": element,
    }
    return {**built, **({"hint": _plain(hint)} if hint else {}), **({"optional": True} if optional else {})}


def radio(name: str, options: Mapping[str, str], chosen: str | None = None) -> Block:
    """Radio buttons, at most ten. `options` are labels of at most 75 characters by value."""
    return _one_of("radio_buttons", name, options, chosen)


def select(name: str, options: Mapping[str, str], chosen: str | None = None) -> Block:
    """Build a menu of at most a hundred options. `options` are labels of at most 75 characters by value."""
    return _one_of("static_select", name, options, chosen)


def overflow(name: str, options: Mapping[str, str]) -> Block:
    """Build a menu behind three dots, of two to five options: labels of at most 75 characters by value."""
    return {"type": "overflow", "action_id": name, "options": _options(options)}


def radio_or_select(name: str, options: Mapping[str, str], chosen: str | None = None) -> Block:
    """Radio buttons, or a menu where there are more options than Slack allows radio buttons."""
    return (radio if len(options) <= _MAX_RADIO_BUTTONS else select)(name, options, chosen)


def checkboxes(name: str, options: Mapping[str, str], ticked: Collection[str] = ()) -> Block:
    """Checkboxes, at most ten. `options` are labels of at most 75 characters by value."""
    built: dict[str, Any] = {"type": "checkboxes", "action_id": name, "options": _options(options)}
    # Slack rejects an empty list of initial options.
    initial = _options({value: label for value, label in options.items() if value in ticked})
    return {**built, "initial_options": initial} if initial else built


def text_input(name: str, most: int, value: str | None = None, *, multiline: bool = False) -> Block:
    """Build a text field of at most `most` characters, which Slack limits to 3,000."""
    built: dict[str, Any] = {"type": "plain_text_input", "action_id": name, "max_length": most}
    return {**built, **({"multiline": True} if multiline else {}), **({"initial_value": value} if value else {})}


def number_input(name: str, least: int, most: int, value: int) -> Block:
    """Build a field for a whole number between `least` and `most`."""
    return {
        "type": "number_input",
        "action_id": name,
        "is_decimal_allowed": False,
        # Strings, because Slack takes numbers in this block only as text.
        "min_value": str(least),
        "max_value": str(most),
        "initial_value": str(value),
    }


def users_select(name: str) -> Block:
    """Build a menu of everybody in the workspace, with nobody chosen."""
    return {"type": "users_select", "action_id": name}


def datepicker(name: str, day: date) -> Block:
    """Build a date picker."""
    return {"type": "datepicker", "action_id": name, "initial_date": day.isoformat()}


def timepicker(name: str, at: time) -> Block:
    """Build a time picker, in hours and minutes."""
    return {"type": "timepicker", "action_id": name, "initial_time": at.strftime("%H:%M")}


def _one_of(kind: str, name: str, options: Mapping[str, str], chosen: str | None) -> Block:
    built: dict[str, Any] = {"type": kind, "action_id": name, "options": _options(options)}
    # Slack rejects an initial option that is not among the options, such as a country that the campaign has dropped.
    if chosen is None or chosen not in options:
        return built
    return {**built, "initial_option": _options({chosen: options[chosen]})[0]}


def _options(options: Mapping[str, str]) -> list[Block]:
    return [{"text": _plain(label), "value": value} for value, label in options.items()]


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": True}

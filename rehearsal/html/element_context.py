"""The context of an element: its block's label, hint and error, and the ids that the page gives them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from rehearsal.html.render_context import Viewer
from rehearsal.html.text import said, words
from rehearsal.html.untrusted_json import Node, string


@dataclass(frozen=True)
class ElementContext:
    """The values that an element takes from its block.

    `label` is its name in a form, `beside` what stands next to it, `tells` whether the app hears of a choice at once,
    `described` the ids of what explains it.
    """

    block: str
    label: str = ""
    beside: str = ""
    tells: bool = True
    required: bool = False
    wrong: bool = False
    described: str = ""


def inline_context(block: Node, viewer: Viewer) -> ElementContext:
    """Return the context of an element in a row, beside a text or on a card."""
    return ElementContext(string(block.get("block_id")), beside=said(block.get("text"), viewer))


def input_context(block: Node, viewer: Viewer) -> ElementContext:
    """Return the context of an element in a form, with its label, hint and error."""
    name = string(block.get("block_id"))
    notes = {"error": name in viewer.errors, "hint": bool(words(block.get("hint")))}
    ids = (part_id(name, part, viewer) for part, is_there in notes.items() if is_there)
    return ElementContext(
        name,
        label=words(block.get("label")),
        tells=block.get("dispatch_action") is True,
        required=block.get("optional") is not True,
        wrong=notes["error"],
        described=" ".join(each for each in ids if each),
    )


def part_id(block: str, part: str, viewer: Viewer) -> str | None:
    """Return the HTML id of a part of a block, or None if the block has no name. It is unique to the block."""
    # Block IDs may contain spaces, which would split an attribute that lists IDs.
    return f"{viewer.prefix}{quote(block, safe='')}-{part}" if block else None

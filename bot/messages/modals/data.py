"""Everything that is stored of a person, shown to that person."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from bot.messages.blocks import context, escape, section
from bot.messages.message import Block
from bot.messages.modals.modal import View, modal
from bot.messages.replies.reply_blocks import lines as text_blocks
from bot.messages.words import Words

CALLBACK = "data"
MAX_BLOCKS = 95
MAX_BYTES = 200_000
"""Bytes, fewer than the 250,000 that Slack allows for a view."""

_FENCE = "```"
_MAX_CODE_LENGTH = 2890
"""With its fences, less than the 3,000 characters that Slack allows in a section."""

_MAX_ENTITY_LENGTH = 5
"""The length of the longest escaped character, `&amp;`."""


def draw(words: Words, lines: Sequence[str], raw: str) -> View:
    """Draw the modal. `lines` are escaped mrkdwn; `raw` is the same data as JSON, not escaped."""
    blocks = [*text_blocks(lines, "line"), section(words("form.data.raw"), "raw"), *_raw(raw)]
    shown = _fitting(blocks)
    if len(shown) < len(blocks):
        shown.append(context("left_out", [words("form.data.left_out")]))
    return modal(words, CALLBACK, "form.data.title", shown)


def _raw(raw: str) -> Iterator[Block]:
    # A backtick would end the block of code. JSON allows it as an escape sequence.
    for index, part in enumerate(_parts(escape(raw.replace("`", r"\u0060")))):
        yield section(f"{_FENCE}{part}{_FENCE}", f"raw_{index}")


def _parts(text: str) -> Iterator[str]:
    """Split the text without losing any of it: at the end of a line, or else outside of an escaped character."""
    while len(text) > _MAX_CODE_LENGTH:
        end = text.rfind("\n", 0, _MAX_CODE_LENGTH) + 1 or _before_entity(text)
        yield text[:end]
        text = text[end:]
    yield text


def _before_entity(text: str) -> int:
    sign = text.rfind("&", _MAX_CODE_LENGTH - _MAX_ENTITY_LENGTH + 1, _MAX_CODE_LENGTH)
    return sign if sign > 0 and ";" not in text[sign:_MAX_CODE_LENGTH] else _MAX_CODE_LENGTH


def _fitting(blocks: Sequence[Block]) -> list[Block]:
    """Return the first blocks, as many as fit into a view together with one more."""
    fitting: list[Block] = []
    size = 0
    # One block is kept free for the note that something was left out.
    for block in blocks[: MAX_BLOCKS - 1]:
        # As JSON with ASCII escapes, which is the longest form in which the client may send it.
        size += len(json.dumps(block))
        if size > MAX_BYTES:
            break
        fitting.append(block)
    return fitting

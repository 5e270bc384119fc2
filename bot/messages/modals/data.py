"""Everything that is stored of a person, for that person."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from bot.messages.blocks import context, escape, section
from bot.messages.message import Block
from bot.messages.modals.modal import View, modal
from bot.messages.replies.rows import lines as text_blocks
from bot.messages.words import Words

CALLBACK = "data"
MOST_BLOCKS = 95
LARGEST = 200_000
"""Bytes; Slack takes views of 250,000."""

_FENCE = "```"
_MOST_CODE = 2890
"""Slack allows 3,000 characters a section, the fences included."""

_ENTITY = 5
"""The length of the longest sign that stands for an escaped one: &amp;."""


def draw(words: Words, lines: Sequence[str], raw: str) -> View:
    """`lines` are mrkdwn that has been worded and escaped; `raw` is the same as JSON, as it is."""
    blocks = [*text_blocks(lines, "line"), section(words("form.data.raw"), "raw"), *_raw(raw)]
    shown = _fitting(blocks)
    if len(shown) < len(blocks):
        shown.append(context("left_out", [words("form.data.left_out")]))
    return modal(words, CALLBACK, "form.data.title", shown)


def _raw(raw: str) -> Iterator[Block]:
    """A backtick would end the block of code; in JSON it may be written as its number."""
    for index, part in enumerate(_parts(escape(raw.replace("`", r"\u0060")))):
        yield section(f"{_FENCE}{part}{_FENCE}", f"raw_{index}")


def _parts(text: str) -> Iterator[str]:
    """The text, with nothing lost where it is cut: after a line, else anywhere but in an escaped sign."""
    while len(text) > _MOST_CODE:
        end = text.rfind("\n", 0, _MOST_CODE) + 1 or _before_entity(text)
        yield text[:end]
        text = text[end:]
    yield text


def _before_entity(text: str) -> int:
    sign = text.rfind("&", _MOST_CODE - _ENTITY + 1, _MOST_CODE)
    return sign if sign > 0 and ";" not in text[sign:_MOST_CODE] else _MOST_CODE


def _fitting(blocks: Sequence[Block]) -> list[Block]:
    """The first blocks, as many as Slack has room for, with one to spare."""
    fitting: list[Block] = []
    size = 0
    for block in blocks[: MOST_BLOCKS - 1]:
        size += len(json.dumps(block))
        if size > LARGEST:
            break
        fitting.append(block)
    return fitting

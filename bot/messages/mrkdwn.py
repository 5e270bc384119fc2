"""Slack's own markup, made from standard Markdown and cut into what one block takes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.messages.blocks import escape

_SECTION = 2900
"""Slack allows 3,000 characters a section."""

_LONGEST_ENTITY = 5
"""Characters of `&amp;`, which is never cut in two."""

_LINK = re.compile(r"\[([^\]]+)\]\((https://[^)\s]+)\)")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_ITALIC = re.compile(r"(?<![*\w])\*(?!\s)([^*\n]+?)\*(?![*\w])")
_BULLET = re.compile(r"^(\s*)[-*] ", re.MULTILINE)


def mrkdwn(markdown: str) -> str:
    """Slack's own markup of standard Markdown, as far as campaign texts use it."""
    text = escape(markdown)
    text = _BULLET.sub(r"\1• ", text)
    text = _ITALIC.sub(r"_\1_", text)
    text = _BOLD.sub(r"*\1*", text)
    return _LINK.sub(r"<\2|\1>", text)


def pieces(text: str, joint: str = "\n\n") -> list[str]:
    """The text in pieces that fit a section, parted at `joint` where that is possible."""
    found = [""]
    for part in text.split(joint):
        joined = f"{found[-1]}{joint}{part}" if found[-1] else part
        if len(joined) <= _SECTION:
            found[-1] = joined
        else:
            found += _cut(part)
    return [piece for piece in found if piece]


def _cut(part: str) -> Iterator[str]:
    """Pieces of a long part, cut between words where there is any space."""
    while len(part) > _SECTION:
        space = max(part.rfind(space, 0, _SECTION + 1) for space in " \n")
        end = space if space > 0 else _whole_entity(part)
        yield part[:end]
        part = part[end:].lstrip()
    yield part


def _whole_entity(part: str) -> int:
    """Where to cut a text without spaces: not inside `&amp;`."""
    start = part.rfind("&", _SECTION - _LONGEST_ENTITY + 1, _SECTION)
    return start if start > 0 and ";" not in part[start:_SECTION] else _SECTION

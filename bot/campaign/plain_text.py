"""A text as a pattern reads it: one form for each letter, dash and space, without what Markdown and layout add.

Each character remembers where it stands in the text, so that what was found can be shown as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_ADDRESS = re.compile(r"https?://[^\s)]+")
_PARAGRAPH = re.compile(r"\n(?=\s*(?:\n|[-*+>#|]|\d+\.\s|$))")
_MARKDOWN = frozenset("*_~`[]\\")
_APOSTROPHES = frozenset("\u2018\u2019\u02bc\u00b4")
_SENTENCE_END = re.compile(r"[.!?…][\"'”“»«)]* (?=[^\W\d_a-zåäöøæüß]|[\"„“”«»(])|\n+")


@dataclass(frozen=True)
class PlainText:
    """A text to search, with the place of each of its characters in the text as it was written."""

    text: str
    places: tuple[int, ...]
    written: str

    def position(self, start: int) -> int:
        """Return where a character stands in the text as it was written."""
        return self.places[start]

    def original(self, start: int, end: int) -> str:
        """Return a piece as it was written, with whatever stands within its words."""
        last = self.places[end - 1]
        # Accents of the last letter follow it where letters are decomposed.
        return self.written[self.places[start] : last + 1 + _accents(self.written, last + 1)]

    def sentences(self) -> Iterator[tuple[int, int]]:
        """Yield where each sentence begins and ends. A paragraph or an item of a list ends one as well."""
        start = 0
        for found in _SENTENCE_END.finditer(self.text):
            yield start, found.end()
            start = found.end()
        yield start, len(self.text)


def plain_text(written: str) -> PlainText:
    """Compose letters, and take away emphasis, addresses, soft hyphens and line breaks within a paragraph."""
    breaks = {found.start() for found in _PARAGRAPH.finditer(written)}
    hidden = {at for found in _ADDRESS.finditer(written) for at in range(*found.span())}
    text: list[str] = []
    places: list[int] = []
    for at, letter in _letters(written):
        for sign in _signs(letter, is_break=at in breaks, is_hidden=at in hidden):
            # Several spaces are one, wherever a line was broken.
            if sign != " " or (text and text[-1] != " "):
                text.append(sign)
                places.append(at)
    return PlainText("".join(text), tuple(places), written)


def _letters(written: str) -> Iterator[tuple[int, str]]:
    """Yield each letter with its accents, composed, and where it begins."""
    at = 0
    while at < len(written):
        end = at + 1 + _accents(written, at + 1)
        yield at, unicodedata.normalize("NFKC", written[at:end])
        at = end


def _accents(written: str, at: int) -> int:
    return next(
        (end - at for end in range(at, len(written)) if not unicodedata.combining(written[end])), len(written) - at
    )


def _signs(letter: str, *, is_break: bool, is_hidden: bool) -> Iterator[str]:
    if is_break:
        yield "\n"
        return
    for sign in " " if is_hidden else letter:
        category = unicodedata.category(sign)
        if sign.isspace():
            yield " "
        elif category == "Pd":
            yield "-"
        elif sign in _APOSTROPHES:
            yield "'"
        # Soft hyphens and spaces without a width.
        elif category != "Cf" and sign not in _MARKDOWN:
            yield sign

"""A text as a pattern reads it: one form for each letter, dash and space, without what Markdown and layout add.

Each character remembers where it stands in the text, so that what was found can be shown as it was written.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_ADDRESS = re.compile(r"https?://[^\s)]+")
_TARGET = re.compile(r"\]\(<?[^\s()<>]*>?(?P<title>\s[^()]*)?\)|\]\[[^\[\]]*\]")
"""What follows the words of a link. Only its title is read by anybody."""
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_PARAGRAPH = re.compile(r"\n(?=\s*(?:\n|[-*+>#|]|\d+\.\s|$))")
_MARKDOWN = frozenset("*_~`[]\\")
_APOSTROPHES = frozenset("\u2018\u2019\u02bc\u00b4")
_UNSEEN = frozenset({"Cf", "Cc", "Mn", "Me"})
"""Categories of characters without a width: soft hyphens, joiners, and accents that are part of no letter."""
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs that are drawn as nothing."""
# Cyrillic first, then Greek; as escapes, since nobody could tell them from the others here.
_FOREIGN = (
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u04bb\u051b\u043a\u043c\u0442"
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0406\u0408\u0405"
    "\u03b1\u03b9\u03ba\u03bd\u03bf\u03c1"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a7"
)
_LATIN = "aeopcyxijsdhqkmtABEKMHOPCTXIJSaikvopABEZHIKMNOPTX"
"""Letters of other alphabets, and the Latin ones that they look like."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
"""Characters that steer a terminal or end a file; calendars and spreadsheets refuse a file that has one."""
_LINE_END = re.compile(r"\r\n?")

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
        return self.written[self.places[start] : _letter_end(self.written, self.places[end - 1])]

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
    spaces = {at for found in _ADDRESS.finditer(written) for at in range(*found.span())}
    gone = {at for found in _TARGET.finditer(written) for at in _around_title(found)}
    text: list[str] = []
    places: list[int] = []
    for at, letter in _letters(written):
        if at in gone:
            continue
        for sign in _signs(letter, is_break=at in breaks, is_hidden=at in spaces):
            # Several spaces are one, wherever a line was broken.
            if sign != " " or (text and text[-1] != " "):
                text.append(sign)
                places.append(at)
    return PlainText("".join(text), tuple(places), written)


def _around_title(target: re.Match[str]) -> Iterator[int]:
    """Yield the places of a link's target, but not those of its title."""
    start, end = target.span("title") if target["title"] else (target.end(), target.end())
    yield from range(target.start(), start)
    yield from range(end, target.end())


def _letters(written: str) -> Iterator[tuple[int, str]]:
    """Yield each letter with its accents, composed, and where it begins. A character's code is that character."""
    at = 0
    while at < len(written):
        end = _letter_end(written, at)
        letter = html.unescape(written[at:end]) if _ENTITY.match(written, at) else written[at:end]
        yield at, "".join(_latin(sign) for sign in unicodedata.normalize("NFKC", letter))
        at = end


def _letter_end(written: str, at: int) -> int:
    """Return where a letter ends that begins here: with its accents, or with its code."""
    coded = _ENTITY.match(written, at)
    return coded.end() if coded else at + 1 + _accents(written, at + 1)


def _latin(sign: str) -> str:
    """Return the Latin letter that a sign looks like, or the sign."""
    # Most are Latin, and are not searched for.
    return sign if sign.isascii() or sign not in _FOREIGN else _LATIN[_FOREIGN.index(sign)]


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
        elif category not in _UNSEEN and sign not in _BLANKS and sign not in _MARKDOWN:
            yield sign


def with_newlines(text: str) -> str:
    """End each line as Unix does, whether it ended as on Windows or as on a very old Mac."""
    return _LINE_END.sub("\n", text)


def control_character(text: str) -> int | None:
    """Return where a text has a character that nobody can read, such as the bell; tabs and ends of lines are none."""
    found = _CONTROL.search(text)
    return found.start() if found else None


def without_control_characters(text: str) -> str:
    """Replace each of them by the replacement character."""
    return _CONTROL.sub("\ufffd", text)

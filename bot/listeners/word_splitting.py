"""Splits what people type into words, whatever quotes, full stops, accents, hyphens and invisible characters it has."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from bot.messages.unicode_text import storable

_SLACK_MARKUP = re.compile(r"<@[A-Z0-9]+(?:\|[^>]*)?>|(?<!\w):[a-z0-9_+'-]+:(?!\w)")
"""A mention, usually of the bot, and the name of an emoji."""

_SEPARATORS = re.compile(r"[\s,;…]+|[!?]+(?=\s|$)|(?<=[^\W\d])[:=](?=[^\W\d])")
_ENDS = re.compile(r"^[^\w]+|[^\w]+$")
_DASHES = dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0xFE58, 0xFE63, 0xFF0D, 0xAD), "-")
_FIRST_INDICATOR = 0x1F1E6
_INDICATOR = re.compile("[\U0001f1e6-\U0001f1ff]")
"""A flag consists of the two letters of a country's code, as regional indicators."""

_LETTERS = {0xF8: "o", 0xE6: "a", 0x153: "o", 0x142: "l", 0x111: "d", 0x131: "i"}
"""Letters with strokes, ligatures and the dotless i, which Unicode does not decompose."""

_WORD = re.compile(r"[^\W_]+")
_VOWELS = re.compile(r"([aou])e+|(a)a")
"""Also several e: `Færøerne` is written `Faeroeerne` and `Faroerne`."""


@dataclass(frozen=True)
class Token:
    """A word as it was `written`, `clean` of punctuation, and the `key` by which it is looked up."""

    written: str
    clean: str
    key: str


def tokens(text: str) -> list[Token]:
    """Split a text into words. An emoji, for instance, is no word."""
    cleaned = _INDICATOR.sub(_letter, _SLACK_MARKUP.sub(" ", storable(text)))
    found = [_token(part) for part in _SEPARATORS.split(cleaned) if part]
    return [token for token in found if token.key]


def _letter(flag: re.Match[str]) -> str:
    return chr(ord("A") + ord(flag[0]) - _FIRST_INDICATOR)


def written(words: list[Token]) -> str:
    """Join words as they were typed."""
    return " ".join(token.written for token in words)


def _token(part: str) -> Token:
    clean = _ENDS.sub("", plain(part)).strip("_")
    return Token(part, clean, key(clean))


def plain(text: str) -> str:
    """Normalize letters, digits and hyphens, and drop invisible characters."""
    # Twice, because NFKC turns some hyphens into others, such as U+2011 into U+2010.
    whole = unicodedata.normalize("NFKC", text.translate(_DASHES)).translate(_DASHES)
    return "".join(_plain(sign) for sign in whole if not unicodedata.category(sign).startswith("C") or sign.isspace())


def _plain(sign: str) -> str:
    return str(unicodedata.decimal(sign)) if sign.isdecimal() else sign


def key(text: str) -> str:
    """Return the lookup key of a word, without case, accents, spaces and hyphens.

    `Österreich`, `Osterreich` and `OESTERREICH` have the same key.
    """
    if text.isascii() and text.isprintable():
        # Most of the thousands of names that are prepared at the start, and nothing of what follows concerns them.
        bare = text.casefold()
    else:
        # NFKD takes letters apart from their accents, which are then dropped.
        apart = unicodedata.normalize("NFKD", plain(text).casefold().translate(_LETTERS))
        bare = "".join(sign for sign in apart if not unicodedata.combining(sign))
    # Word by word, so that vowels of two words are not joined.
    return "".join(_VOWELS.sub(r"\1\2", word) for word in _WORD.findall(bare))

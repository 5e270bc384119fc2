"""Text as a reader sees it: whether anything is visible, how long it is, and what of it can be stored."""

from __future__ import annotations

import unicodedata

from bot.campaign.normalized_text import with_newlines, without_control_characters

_VISIBLE = frozenset("LNPS")
"""Unicode categories of letters, numbers, punctuation and symbols; spaces and combining marks show nothing alone."""

_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800\ufffc\ufffd\U0001d159")
"""Letters and symbols that show nothing: fillers, and placeholders for something that was lost."""

_JOINER = "\u200d"
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_FLAGS = range(0x1F1E6, 0x1F200)
"""Regional indicators; two of them make a flag."""


def is_visible(text: str) -> bool:
    """Return whether a reader sees anything."""
    return any(unicodedata.category(sign)[0] in _VISIBLE and sign not in _BLANK for sign in text)


def storable(text: str) -> str:
    """Replace lone surrogates and control characters, which databases, Slack or files refuse, by U+FFFD.

    Tabs stay, and lines end with a newline alone.
    """
    # UTF-16 joins pairs of surrogates; a lone one cannot be decoded and is replaced.
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return without_control_characters(with_newlines(whole))


def graphemes(text: str) -> list[str]:
    """Split text into what a reader takes for single characters: a letter with accents, an emoji with its skin tone."""
    found: list[str] = []
    for sign in text:
        if found and _belongs(sign, found[-1]):
            found[-1] += sign
        else:
            found.append(sign)
    return found


def _belongs(sign: str, before: str) -> bool:
    if before.endswith(_JOINER) or ord(sign) in _SKIN_TONES:
        return True
    if ord(sign) in _FLAGS:
        # Two and no more: flags stand side by side without a joiner, and a third letter begins the next one.
        return len(before) == 1 and ord(before) in _FLAGS
    return unicodedata.category(sign)[0] == "M" or unicodedata.category(sign) == "Cf"


def truncate(text: str, most: int) -> str:
    """Shorten text to at most `most` characters, without cutting one in two."""
    whole = graphemes(text)
    return text if len(whole) <= most else f"{''.join(whole[: most - 1])}…"

"""What people write, as a reader sees it: whether it says anything, how long it is, and what can be stored of it."""

from __future__ import annotations

import unicodedata

_SEEN = frozenset("LNPS")
"""Letters, numbers, punctuation and symbols; neither spaces nor marks that need a letter, nor what has no form."""

_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800\ufffc\ufffd\U0001d159")
"""Letters and symbols that show nothing, the last of them because they stand for what was lost."""

_JOINER = "\u200d"
_SKINS = range(0x1F3FB, 0x1F400)
_FLAGS = range(0x1F1E6, 0x1F200)
"""A flag is two of these."""


def is_visible(text: str) -> bool:
    """Whether a reader sees anything."""
    return any(unicodedata.category(sign)[0] in _SEEN and sign not in _BLANK for sign in text)


def storable(text: str) -> str:
    """The text as every database and Slack take it: NUL and halves of characters become the sign for what is broken."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")


def graphemes(text: str) -> list[str]:
    """The text in what a reader takes for one character each: a letter with its accents, an emoji with its skin."""
    found: list[str] = []
    for sign in text:
        if found and _belongs(sign, found[-1]):
            found[-1] += sign
        else:
            found.append(sign)
    return found


def _belongs(sign: str, before: str) -> bool:
    if before.endswith(_JOINER) or ord(sign) in _SKINS:
        return True
    if ord(sign) in _FLAGS:
        return len(before) == 1 and ord(before) in _FLAGS
    return unicodedata.category(sign)[0] == "M" or unicodedata.category(sign) == "Cf"


def truncate(text: str, most: int) -> str:
    """The text, cut between two characters where it has more than `most` of them."""
    whole = graphemes(text)
    return text if len(whole) <= most else f"{''.join(whole[: most - 1])}…"

"""Standard output as it may be: a terminal without Unicode, a full disk, a pipe that was closed, or nothing."""

from __future__ import annotations

import codecs
import errno
import os
import sys
import unicodedata
from io import TextIOWrapper

_PLAIN = "earthweek.plain"
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO})
_INSTEAD = {
    "✓": "ok", "✗": "x", "…": "...", "\u2013": "-", "—": "-", "\u2011": "-", "→": "->", "≠": "!=", "·": "*", "•": "*",
    "“": '"', "”": '"', "„": '"', "\u2018": "'", "\u2019": "'", "«": '"', "»": '"', "ø": "o",
    "Ø": "O", "æ": "ae", "Æ": "Ae",
    "ß": "ss", "₂": "2", "\u00d7": "x",
}  # fmt: skip
"""Replacements for characters that are not a letter with an accent."""


def prepare() -> None:
    """Set up the output so that no command fails because of a character that the terminal cannot show."""
    codecs.register_error(_PLAIN, _plainly)
    # Python has no stream where the parent process has closed it.
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # The encoding stays the terminal's own; only what it cannot write is replaced.
            stream.reconfigure(errors=_PLAIN)


def finish() -> str | None:
    """Flush standard output. Returns a sentence if that is not possible."""
    try:
        sys.stdout.flush()
    except OSError as error:
        # Python would try to flush it once more at exit.
        sys.stdout = _nowhere()
        return write_error(error)
    return None


def write_error(error: Exception) -> str | None:
    """Return a sentence for a disk that is full; nothing for a closed pipe, whose reader has read enough."""
    # With a file name the error is about another file, and is reported where that is opened.
    if isinstance(error, OSError) and error.errno in _FULL and error.filename is None:
        return f"what the command says cannot be written ({error.strerror})"
    return None


def takes_unicode() -> bool:
    """Return whether every character can be printed as it is."""
    return (sys.stdout.encoding or "").lower().startswith("utf")


def _nowhere() -> TextIOWrapper:
    return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123 - it stays open until the end


def _plainly(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_plain, error.object[error.start : error.end])), error.end


def _plain(character: str) -> str:
    """Return a character in ASCII: a replacement, its letter without the accent, or a question mark."""
    known = _INSTEAD.get(character)
    letters = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return known or letters or "?"

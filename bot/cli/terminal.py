"""What a command prints, on whatever it is printed: a terminal without Unicode, a file, a pipe that was closed."""

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
"""Signs that are no letter with something added, for terminals that have none of them."""


def prepare() -> None:
    """Have everything that is printed understood, or at least printed: nothing ends because of a sign."""
    codecs.register_error(_PLAIN, _plainly)
    # Where a stream was closed by whoever started the program, Python has none.
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=_PLAIN)


def finish() -> str | None:
    """Send off what has been printed; a sentence where it does not get there."""
    try:
        sys.stdout.flush()
    except OSError as error:
        # What is left would be tried once more when Python ends.
        sys.stdout = _nowhere()
        return unwritable(error)
    return None


def unwritable(error: Exception) -> str | None:
    """A sentence for what could not be printed; nothing where whoever read has read enough, or it is something else."""
    if isinstance(error, OSError) and error.errno in _FULL and error.filename is None:
        return f"what the command says cannot be written ({error.strerror})"
    return None


def takes_unicode() -> bool:
    """Whether every sign can be printed as it is."""
    return (sys.stdout.encoding or "").lower().startswith("utf")


def _nowhere() -> TextIOWrapper:
    return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123 - it stays open until the end


def _plainly(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_plain, error.object[error.start : error.end])), error.end


def _plain(sign: str) -> str:
    """A sign in ASCII: another one for it, its letter without what was added, or a question mark."""
    known = _INSTEAD.get(sign)
    letters = unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode()
    return known or letters or "?"

"""How long somebody took part in Earth Hour."""

from __future__ import annotations

from bot.messages.blocks import input_field, number_input
from bot.messages.modals.modal import InvalidFieldsError, View, entered_text, modal, read_metadata
from bot.messages.words import Words

CALLBACK = "minutes"
LEAST, MOST = 1, 60

_DIGITS = 20
"""More than anybody writes; what is longer is refused before it is read as a number."""


def draw(words: Words, minutes: int | None) -> View:
    """The whole hour, unless the person has said otherwise before."""
    before = MOST if minutes is None else max(LEAST, min(minutes, MOST))
    box = input_field(
        words("form.minutes.question"), number_input("minutes", LEAST, MOST, before), hint=words("form.minutes.hint")
    )
    return modal(words, CALLBACK, "form.minutes.title", [box], submit="form.minutes.submit")


def read(view: View) -> int:
    """Whole minutes.

    Raises:
        StaleViewError: The form is none of today's.
        InvalidFieldsError: It is no whole number between 1 and 60.
    """
    read_metadata(view)
    written = entered_text(view, "minutes", _DIGITS)
    if not (written.isascii() and written.isdecimal() and LEAST <= int(written) <= MOST):
        raise InvalidFieldsError({"minutes": "form.minutes.range"})
    return int(written)

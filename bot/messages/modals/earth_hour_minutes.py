"""The minutes for which somebody took part in Earth Hour."""

from __future__ import annotations

from bot.messages.blocks import input_field, number_input
from bot.messages.modals.modal import InvalidFieldsError, View, entered_text, modal, read_metadata
from bot.messages.words import Words

CALLBACK = "minutes"
MIN_MINUTES, MAX_MINUTES = 1, 60

_MAX_DIGITS = 20
"""More digits than anybody enters. Longer input is refused before it is converted to a number."""


def draw(words: Words, minutes: int | None) -> View:
    """Draw the form. Unless the person has answered before, the whole hour is filled in."""
    # Slack rejects an initial value outside the limits, such as one from before they were changed.
    before = MAX_MINUTES if minutes is None else max(MIN_MINUTES, min(minutes, MAX_MINUTES))
    box = input_field(
        words("form.minutes.question"),
        number_input("minutes", MIN_MINUTES, MAX_MINUTES, before),
        hint=words("form.minutes.hint"),
    )
    return modal(words, CALLBACK, "form.minutes.title", [box], submit="form.minutes.submit")


def read(view: View) -> int:
    """Read the minutes.

    Raises:
        StaleViewError: The form is not one that the bot draws.
        InvalidFieldsError: It is no whole number between 1 and 60.
    """
    # Refuses a form of another version; there is nothing else in its metadata.
    read_metadata(view)
    written = entered_text(view, "minutes", _MAX_DIGITS)
    if not (written.isascii() and written.isdecimal() and MIN_MINUTES <= int(written) <= MAX_MINUTES):
        raise InvalidFieldsError({"minutes": "form.minutes.range"})
    return int(written)

"""Until when no messages come."""

from __future__ import annotations

from datetime import date

from bot.messages.blocks import datepicker, input_field
from bot.messages.modals.modal import InvalidFieldsError, View, metadata_text, modal, parse_day, picked_date
from bot.messages.words import Words

CALLBACK = "pause"


def draw(words: Words, tomorrow: date) -> View:
    """`tomorrow` is the person's own, and the first day there can be."""
    box = input_field(words("form.pause.question"), datepicker("day", tomorrow), hint=words("form.pause.hint"))
    metadata = {"tomorrow": tomorrow.isoformat()}
    return modal(words, CALLBACK, "form.pause.title", [box], submit="form.pause.submit", metadata=metadata)


def read(view: View) -> date:
    """The first local day on which messages come again.

    Raises:
        StaleViewError: The form is none of today's.
        InvalidFieldsError: No day was picked, or one that was past when the form was opened.
    """
    day = picked_date(view, "day")
    if day < parse_day(metadata_text(view, "tomorrow")):
        raise InvalidFieldsError({"day": "form.pause.past"})
    return day

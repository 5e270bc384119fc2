"""The date until which messages pause."""

from __future__ import annotations

from datetime import date

from bot.messages.blocks import datepicker, input_field
from bot.messages.modals.modal import InvalidFieldsError, View, metadata_text, modal, parse_day, picked_date
from bot.messages.words import Words

CALLBACK = "pause"


def draw(words: Words, tomorrow: date) -> View:
    """Draw the form. The first possible day is `tomorrow` where the person is."""
    box = input_field(words("form.pause.question"), datepicker("day", tomorrow), hint=words("form.pause.hint"))
    metadata = {"tomorrow": tomorrow.isoformat()}
    return modal(words, CALLBACK, "form.pause.title", [box], submit="form.pause.submit", metadata=metadata)


def read(view: View) -> date:
    """Read the first local day on which messages are sent again.

    Raises:
        StaleViewError: The form is not one that the bot draws.
        InvalidFieldsError: No day was picked, or one that was past when the form was opened.
    """
    day = picked_date(view, "day")
    # Compared with the day on which the form was drawn, so that reading it needs no clock.
    if day < parse_day(metadata_text(view, "tomorrow")):
        raise InvalidFieldsError({"day": "form.pause.past"})
    return day

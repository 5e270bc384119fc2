"""Until when no messages come."""

from __future__ import annotations

from datetime import date

from bot.messages.blocks import datepicker, field
from bot.messages.modals.modal import Unfilled, View, day_of, modal, noted, picked_day
from bot.messages.words import Words

CALLBACK = "pause"


def draw(words: Words, tomorrow: date) -> View:
    """`tomorrow` is the person's own, and the first day there can be."""
    box = field(words("form.pause.question"), datepicker("day", tomorrow), hint=words("form.pause.hint"))
    memo = {"tomorrow": tomorrow.isoformat()}
    return modal(words, CALLBACK, "form.pause.title", [box], submit="form.pause.submit", memo=memo)


def read(view: View) -> date:
    """The first local day on which messages come again.

    Raises:
        Outdated: The form is none of today's.
        Unfilled: No day was picked, or one that was past when the form was opened.
    """
    day = picked_day(view, "day")
    if day < day_of(noted(view, "tomorrow")):
        raise Unfilled({"day": "form.pause.past"})
    return day

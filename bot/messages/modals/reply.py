"""A few words back about an idea: why not, a question, or the answer to one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast, get_args

from bot.messages.blocks import input_field, text_input
from bot.messages.modals.modal import InvalidFieldsError, StaleViewError, View, entered_text, metadata_text, modal
from bot.messages.notifications import quotation
from bot.messages.words import Words

Purpose = Literal["decline", "ask", "answer"]

CALLBACK = "reply"
MOST = 500
"""Characters of a reply."""

_TITLES: Mapping[Purpose, str] = {
    "decline": "form.reply.decline_title",
    "ask": "form.reply.ask_title",
    "answer": "form.reply.answer_title",
}


@dataclass(frozen=True)
class ReplyAnswers:
    """What was written, about which idea, and what for."""

    purpose: Purpose
    idea: str
    text: str


def draw(words: Words, *, purpose: Purpose, idea: str, shown: str) -> View:
    """`shown` is the idea or the question as its author wrote it; it is escaped here. `idea` is its id."""
    box = input_field(
        words(f"form.reply.{purpose}"),
        text_input("text", MOST, multiline=True),
        hint=words(f"form.reply.{purpose}_hint"),
    )
    metadata = {"purpose": purpose, "idea": idea}
    return modal(
        words,
        CALLBACK,
        _TITLES[purpose],
        [*quotation(shown, "shown"), box],
        submit="form.reply.submit",
        metadata=metadata,
    )


def read(view: View) -> ReplyAnswers:
    """What was filled in.

    Raises:
        StaleViewError: The form is none of today's.
        InvalidFieldsError: It is empty or too long.
    """
    purpose = metadata_text(view, "purpose")
    if purpose not in get_args(Purpose):
        raise StaleViewError("there is no reply for this")
    text = entered_text(view, "text", MOST)
    if not text:
        raise InvalidFieldsError({"text": "form.empty"})
    return ReplyAnswers(cast("Purpose", purpose), metadata_text(view, "idea"), text)

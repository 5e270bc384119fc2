"""A reply about an idea: what an organiser says about a decision or asks the author, or the author's answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast, get_args

from bot.messages.blocks import input_field, text_input
from bot.messages.modals.modal import InvalidFieldsError, StaleViewError, View, entered_text, metadata_text, modal
from bot.messages.unscheduled_messages import quotation
from bot.messages.words import Words

Purpose = Literal["decline", "ask", "answer", "plan", "finish"]

CALLBACK = "reply"
MAX_LENGTH = 500
"""Characters of a reply."""

_TITLES: Mapping[Purpose, str] = {
    "decline": "form.reply.decline_title",
    "ask": "form.reply.ask_title",
    "answer": "form.reply.answer_title",
    "plan": "form.reply.plan_title",
    "finish": "form.reply.finish_title",
}


@dataclass(frozen=True)
class ReplyAnswers:
    """A reply, with the idea it is about.

    `page` is the country from whose page the form was opened, empty below a message, and `seen` the state that the
    idea had there.
    """

    purpose: Purpose
    idea: str
    text: str
    page: str = ""
    seen: str = "new"


def draw(words: Words, *, purpose: Purpose, idea: str, shown: str, page: str = "", seen: str = "new") -> View:
    """Draw the form. `shown` is the idea or the question, not escaped; `idea` is the ID of the idea."""
    box = input_field(
        words(f"form.reply.{purpose}"),
        text_input("text", MAX_LENGTH, multiline=True),
        hint=words(f"form.reply.{purpose}_hint"),
    )
    metadata = {"purpose": purpose, "idea": idea, "page": page, "seen": seen}
    return modal(
        words,
        CALLBACK,
        _TITLES[purpose],
        [*quotation(shown, "shown"), box],
        submit="form.reply.submit",
        metadata=metadata,
    )


def read(view: View) -> ReplyAnswers:
    """Read the reply.

    Raises:
        StaleViewError: The form is not one that the bot draws.
        InvalidFieldsError: It is empty or too long.
    """
    purpose = metadata_text(view, "purpose")
    if purpose not in get_args(Purpose):
        raise StaleViewError("there is no reply for this")
    text = entered_text(view, "text", MAX_LENGTH)
    if not text:
        raise InvalidFieldsError({"text": "form.empty"})
    about = {name: metadata_text(view, name) for name in ("idea", "page", "seen")}
    return ReplyAnswers(cast("Purpose", purpose), text=text, **about)

"""The fields for the words of a post, and their reader, which checks them as the command `check` does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.campaign.model import Text
from bot.campaign.post_texts import is_sentence, misfits
from bot.messages.blocks import input_field, text_input
from bot.messages.message import Block
from bot.messages.modals.modal import InvalidFieldsError, View, entered_text
from bot.messages.words import Words

_LENGTHS: Mapping[str, int] = {"title": 120, "summary": 250, "body": 3000}
"""The most characters of each field, as `bot.campaign.model.Text` has them."""


@dataclass(frozen=True)
class Draft:
    """Words that the fields begin with, where something may still be missing."""

    title: str = ""
    summary: str = ""
    body: str = ""


def draw_text(words: Words, text: Text | Draft) -> list[Block]:
    """Draw the fields with some words in them."""
    return [
        input_field(words("form.organise_edit.headline"), _field("title", text.title)),
        input_field(
            words("form.organise_edit.summary"),
            _field("summary", text.summary),
            hint=words("form.organise_edit.summary_hint"),
        ),
        input_field(
            words("form.organise_edit.body"), _field("body", text.body), hint=words("form.organise_edit.body_hint")
        ),
    ]


def read_text(view: View) -> Text:
    """Read the words.

    Raises:
        StaleViewError: The form is not one that the bot draws.
        InvalidFieldsError: Something is missing, too long, or not shown by Slack; the line is named.
    """
    found = {name: entered_text(view, name, most) for name, most in _LENGTHS.items()}
    if missing := {name: "form.empty" for name, text in found.items() if not text}:
        raise InvalidFieldsError(missing)
    # Of characters that readers see as one, files count each part.
    if long := {name: "form.too_long" for name, text in found.items() if len(text) > _LENGTHS[name]}:
        raise InvalidFieldsError(long)
    # A title and a summary are one line in a file.
    for name in ("title", "summary"):
        found[name] = " ".join(found[name].split())
    if not is_sentence(found["summary"]):
        raise InvalidFieldsError({"summary": "form.organise_edit.no_sentence"})
    # As files are read.
    found["body"] = found["body"].replace("\r\n", "\n")
    _require_shown(found["body"])
    return Text(title=found["title"], summary=found["summary"], body=found["body"])


def _require_shown(body: str) -> None:
    wrong = min(misfits(body), default=None)
    if wrong:
        shown = " ".join(body.split("\n")[wrong.line].split())[:60]
        name = f"form.organise_edit.wrong_{wrong.kind}"
        raise InvalidFieldsError({"body": name}, line=str(wrong.line + 1), shown=shown)


def _field(name: str, value: str) -> Block:
    # Slack refuses a value that is longer than the field.
    return text_input(name, _LENGTHS[name], value[: _LENGTHS[name]], multiline=name == "body")

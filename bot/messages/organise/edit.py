"""The form in which an organiser edits the words of a post in a language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.campaign.model import Text
from bot.campaign.post_texts import is_sentence, misfits
from bot.messages.blocks import escape, input_field, text_input
from bot.messages.message import Block
from bot.messages.modals.modal import InvalidFieldsError, View, entered_text, metadata_text, modal
from bot.messages.replies.reply_blocks import inline_quote, line, lines, quote_lines
from bot.messages.words import Words

CALLBACK = "organise_edit"

_LENGTHS: Mapping[str, int] = {"title": 120, "summary": 250, "body": 3000}
"""The most characters of each field, as `bot.campaign.model.Text` has them."""


@dataclass(frozen=True)
class Edited:
    """The subject of the form: a post in a language as seen from a country, and the words that it began with.

    `seen` is the ID of the revision that was shown, empty for a file's words; `shown` is their hash.
    """

    home: str
    post: str
    language: str
    seen: str
    shown: str


@dataclass(frozen=True)
class EditAnswers:
    """The new words, and what they are about."""

    about: Edited
    text: Text


def draw(words: Words, about: Edited, text: Text, *, title: str, overtaken: tuple[str, Text] | None = None) -> View:
    """Draw the form with some words in it.

    `overtaken` is the sentence that says who was first, and their words, where somebody else has changed them
    meanwhile.
    """
    name = words.language_name(about.language)
    blocks = [
        *_overtaken(*(overtaken or ("", None))),
        line(words("form.organise_edit.about", post=escape(title), language=escape(name)), "about"),
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
    metadata = {
        "home": about.home, "post": about.post, "language": about.language, "seen": about.seen, "shown": about.shown
    }  # fmt: skip
    title_, submit = "form.organise_edit.title", "form.organise_edit.submit"
    return modal(words, CALLBACK, title_, blocks, submit=submit, metadata=metadata)


def read(view: View) -> EditAnswers:
    """Read the words, and check them as the command `check` does.

    Raises:
        StaleViewError: The form is not one that the bot draws.
        InvalidFieldsError: Something is missing, too long, or not shown by Slack; the line is named.
    """
    about = Edited(*(metadata_text(view, name) for name in ("home", "post", "language", "seen", "shown")))
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
    _require_shown(found["body"])
    return EditAnswers(about, Text(title=found["title"], summary=found["summary"], body=found["body"]))


def _require_shown(body: str) -> None:
    wrong = min(misfits(body), default=None)
    if wrong:
        shown = " ".join(body.split("\n")[wrong.line].split())[:60]
        name = f"form.organise_edit.wrong_{wrong.kind}"
        raise InvalidFieldsError({"body": name}, line=str(wrong.line + 1), shown=shown)


def _field(name: str, value: str) -> Block:
    return text_input(name, _LENGTHS[name], value, multiline=name == "body")


def _overtaken(told: str, theirs: Text | None) -> list[Block]:
    if theirs is None:
        return [line(told, "told")] if told else []
    said = [f"> *{inline_quote(theirs.title)}*", f"> _{inline_quote(theirs.summary)}_", *quote_lines(theirs.body)]
    return [line(told, "told"), *lines(said, "theirs")]

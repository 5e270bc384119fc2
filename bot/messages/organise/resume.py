"""The form that ends a pause, with what was missed meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.campaign.organiser_decisions import Pause
from bot.messages.blocks import escape, input_field, radio
from bot.messages.message import Block
from bot.messages.modals.modal import StaleViewError, View, metadata_text, modal, read_metadata, selected
from bot.messages.organise.overview import cut, instant_words, pause_sentence, scope_name
from bot.messages.replies.phrases import join_names
from bot.messages.replies.reply_blocks import line, lines
from bot.messages.words import Words

CALLBACK = "organise_resume"

SEND, LEAVE_OUT = "send", "leave_out"


@dataclass(frozen=True)
class MissedMessages:
    """A post that was missed in some countries, or in the company's channel, and whether it can still be sent."""

    title: str
    countries: Sequence[str]
    due_at: datetime
    can_be_sent: bool


@dataclass(frozen=True)
class ResumeAnswers:
    """The pause that ends, the choice for what was missed, and the country whose page comes next."""

    pause: str
    is_left_out: bool
    home: str


def draw(words: Words, pause: Pause, missed: Sequence[MissedMessages], *, home: str, zone: str) -> View:
    """Draw the form for a pause. It asks only where there is something to choose."""
    asks = any(each.can_be_sent for each in missed)
    blocks = [
        line(pause_sentence(words, pause, zone), "since"),
        *_missed(words, missed, zone),
        *([_choice(words)] if asks else []),
    ]
    metadata = {"pause": pause.id, "home": home, "asks": asks}
    title, submit = "form.organise_resume.title", "form.organise_resume.submit"
    return modal(words, CALLBACK, title, blocks, submit=submit, metadata=metadata)


def read(view: View) -> ResumeAnswers:
    """Read the choice. Where nothing was asked, whatever comes due until then is sent.

    Raises:
        StaleViewError: The form is not one that the bot draws.
        InvalidFieldsError: Nothing was chosen.
    """
    asks = read_metadata(view).get("asks")
    if not isinstance(asks, bool):
        raise StaleViewError("the form does not say whether it asks")
    is_left_out = asks and selected(view, "choice", (SEND, LEAVE_OUT)) == LEAVE_OUT
    return ResumeAnswers(metadata_text(view, "pause"), is_left_out, metadata_text(view, "home"))


def _missed(words: Words, missed: Sequence[MissedMessages], zone: str) -> Iterator[Block]:
    if not missed:
        yield line(words("form.organise_resume.nothing"), "nothing")
        return
    said = [words("form.organise_resume.missed"), *cut(words, [_line(words, each, zone) for each in missed])]
    yield from lines(said, "missed")


def _line(words: Words, missed: MissedMessages, zone: str) -> str:
    name = "form.organise_resume.line" if missed.can_be_sent else "form.organise_resume.too_late"
    where = join_names(words, (scope_name(words, each) for each in missed.countries))
    return words(name, post=escape(missed.title), countries=where, **instant_words(words, missed.due_at, zone))


def _choice(words: Words) -> Block:
    options = {each: words(f"form.organise_resume.{each}") for each in (SEND, LEAVE_OUT)}
    return input_field(words("form.organise_resume.choice"), radio("choice", options, SEND))

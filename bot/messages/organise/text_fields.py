"""The fields for the words of a post, and their reader, which checks them as the command `check` does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.campaign.model import Campaign, Post, Text
from bot.campaign.placeholders import Place, faults
from bot.campaign.post_texts import is_sentence, misfits
from bot.messages.blocks import input_field, text_input
from bot.messages.message import Block
from bot.messages.modals.modal import InvalidFieldsError, View, entered_text, field_names
from bot.messages.post_kinds import DIRECT
from bot.messages.words import Words

_LENGTHS: Mapping[str, int] = {"title": 120, "summary": 250, "body": 3000, "ask": 150, "local": 300}
"""The most characters of each field, as `bot.campaign.model.Text` has them."""

_REQUIRED = ("title", "summary", "body")


@dataclass(frozen=True)
class Draft:
    """Words that the fields begin with, where something may still be missing."""

    title: str = ""
    summary: str = ""
    body: str = ""
    ask: str = ""
    local: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Subject:
    """The post whose words are written: its entries of the schedule, and the country whose line is asked for, if any.

    A post of a country's own has no line for a country, since nobody else reads it.
    """

    posts: tuple[Post, ...]
    country: str | None = None

    @property
    def asks(self) -> bool:
        """True if the post has a thread, in which a question can be answered."""
        return any(post.audience not in DIRECT for post in self.posts)


def draw_text(words: Words, text: Text | Draft, about: Subject) -> list[Block]:
    """Draw the fields with some words in them, as they are written: with their placeholders."""
    fields = [
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
    if about.country:
        label = words("form.organise_edit.local", country=words.country(about.country))
        hint = words("form.organise_edit.local_hint", placeholder="{local}")
        fields.append(input_field(label, _field("local", text.local.get(about.country, "")), hint=hint, optional=True))
    if about.asks:
        hint = words("form.organise_edit.ask_hint")
        fields.append(input_field(words("form.organise_edit.ask"), _field("ask", text.ask), hint=hint, optional=True))
    return fields


def read_text(view: View, campaign: Campaign, about: Subject) -> Text:
    """Read the words. Lines of other countries are none of this form's, and are left out.

    Raises:
        StaleViewError: The form is not one that the bot draws.
        InvalidFieldsError: Something is missing, too long, not shown by Slack, or a placeholder stands for nothing.
    """
    names = {*_REQUIRED, *(name for name in field_names(view) if name in _LENGTHS)}
    found = {name: entered_text(view, name, _LENGTHS[name]) for name in names}
    if missing := {name: "form.empty" for name in _REQUIRED if not found[name]}:
        raise InvalidFieldsError(missing)
    # Of characters that readers see as one, files count each part.
    if long := {name: "form.too_long" for name, text in found.items() if len(text) > _LENGTHS[name]}:
        raise InvalidFieldsError(long)
    # All but the text itself is one line in a file.
    found = {name: text if name == "body" else " ".join(text.split()) for name, text in found.items()}
    if not is_sentence(found["summary"]):
        raise InvalidFieldsError({"summary": "form.organise_edit.no_sentence"})
    _require_shown(found)
    _require_values(found, campaign, about.posts)
    return _text(found, about.country)


def _text(found: dict[str, str], country: str | None) -> Text:
    line = found.pop("local", "")
    # What the form does not ask for is not set, which is another thing than empty.
    local = {"local": {country: line} if line else {}} if country else {}
    return Text.model_validate({**found, **local})


def _require_shown(found: Mapping[str, str]) -> None:
    for name in ("body", "local", "ask"):
        text = found.get(name, "")
        if wrong := min(misfits(text), default=None):
            shown = " ".join(text.split("\n")[wrong.line].split())[:60]
            raise InvalidFieldsError(
                {name: f"form.organise_edit.wrong_{wrong.kind}"}, line=str(wrong.line + 1), shown=shown
            )


def _require_values(found: Mapping[str, str], campaign: Campaign, posts: tuple[Post, ...]) -> None:
    """Refuse placeholders that stand for nothing, as the command `check` does."""
    for name, text in found.items():
        place = _PLACES.get(name, Place.HEAD)
        if fault := next(faults(text, campaign, place, posts), None):
            raise InvalidFieldsError({name: "form.organise_edit.wrong_placeholder"}, placeholder=fault.placeholder)


_PLACES: Mapping[str, Place] = {"body": Place.BODY, "local": Place.LINE}


def _field(name: str, value: str) -> Block:
    # Slack refuses a value that is longer than the field.
    return text_input(name, _LENGTHS[name], value[: _LENGTHS[name]], multiline=name == "body")

"""The form in which a manager names who stands in for the representatives of a country, and ends it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.campaign.organiser_decisions import StandIn
from bot.messages.blocks import action_id_for, button, datepicker, escape, input_field, users_select
from bot.messages.message import Block
from bot.messages.modals.modal import (
    InvalidFieldsError,
    View,
    metadata_text,
    modal,
    parse_day,
    picked_date,
    picked_user,
)
from bot.messages.organise.overview import name_of, scope_name
from bot.messages.replies.reply_blocks import line
from bot.messages.words import Words

CALLBACK = "organise_stand_ins"

_MOST = 40
"""People with a block each, of the hundred that a modal may have."""


@dataclass(frozen=True)
class StandInAnswers:
    """Somebody who is to stand in for a country's representatives, with the last day."""

    country: str
    user: str
    until: date


def draw(words: Words, country: str, there: Sequence[StandIn], *, today: date, until: date, told: str = "") -> View:
    """Draw the form with those who stand in. `today` is the date in the country, and `until` a suggestion."""
    blocks = [
        *([line(told, "told")] if told else []),
        line(words("form.organise_stand_ins.about", country=scope_name(words, country)), "about"),
        *([_stand_in(words, country, each) for each in there[:_MOST]] or [_nobody(words)]),
        input_field(words("form.organise_stand_ins.user"), users_select("user")),
        input_field(
            words("form.organise_stand_ins.until"),
            datepicker("until", until),
            hint=words("form.organise_stand_ins.until_hint"),
        ),
    ]
    metadata = {"country": country, "today": today.isoformat()}
    title, submit = "form.organise_stand_ins.title", "form.organise_stand_ins.submit"
    return modal(words, CALLBACK, title, blocks, submit=submit, metadata=metadata)


def read(view: View) -> StandInAnswers:
    """Read who is to stand in.

    Raises:
        StaleViewError: The form is not one that the bot draws.
        InvalidFieldsError: Nobody or no day was picked, or one that was past when the form was opened.
    """
    country, user = metadata_text(view, "country"), picked_user(view, "user")
    until = picked_date(view, "until")
    # Compared with the day on which the form was drawn, so that reading it needs no clock.
    if until < parse_day(metadata_text(view, "today")):
        raise InvalidFieldsError({"until": "form.organise_stand_ins.past"})
    return StandInAnswers(country, user, until)


def stand_in_value(country: str, user: str) -> str:
    """Write the value of the button that ends somebody's standing in."""
    return f"{country}/{user}"


def _stand_in(words: Words, country: str, stand_in: StandIn) -> Block:
    said = words(
        "organise.stand_in",
        person=name_of(words, stand_in.user),
        day=escape(words.short_day(stand_in.until)),
        who=name_of(words, stand_in.by),
    )
    value = stand_in_value(country, stand_in.user)
    ending = button(action_id_for("organise_end_stand_in", stand_in.user), words("button.organise_end_stand_in"), value)
    return line(said, f"stand_in:{stand_in.user}", beside=ending)


def _nobody(words: Words) -> Block:
    return line(words("organise.no_stand_ins"), "nobody")

"""The form in which an organiser writes a post of a country's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from bot.campaign.model import Audience, Campaign, Country, Post, Text
from bot.messages.blocks import datepicker, escape, input_field, radio_or_select, timepicker
from bot.messages.message import Block
from bot.messages.modals.modal import View, field_names, metadata_text, modal, picked_date, picked_time, selected
from bot.messages.organise.text_fields import Draft, Subject, draw_text, read_text
from bot.messages.replies.phrases import capitalized
from bot.messages.replies.reply_blocks import line
from bot.messages.unicode_text import truncate
from bot.messages.words import Words

CALLBACK = "organise_own_post"

_MOST_COUNTRIES = 100
"""Options of a menu that Slack takes."""

_LONGEST_OPTION = 75


@dataclass(frozen=True)
class OwnPostAnswers:
    """A post for a country on a local day and time, with its words in the language of the country's channel.

    `origin` is what was shared and is taken over in it, or empty.
    """

    country: str
    day: date
    at: time
    text: Text
    origin: str = ""


def draw(  # noqa: PLR0913 - each is one field of the form
    words: Words,
    countries: Sequence[Country],
    *,
    country: str,
    day: date,
    at: time,
    text: Text | Draft,
    told: str = "",
    origin: str = "",
) -> View:
    """Draw the form with some words in it. `countries` are those that the organiser can write for.

    `told` says what was wrong with what was sent before, and `origin` is what was shared and is taken over.
    """
    when = [
        input_field(words("form.organise_own_post.day"), datepicker("day", day)),
        input_field(
            words("form.organise_own_post.at"), timepicker("at", at), hint=words("form.organise_own_post.at_hint")
        ),
    ]
    blocks = [
        *([line(told, "told")] if told else []),
        _country(words, countries, country),
        *when,
        *draw_text(words, text, Subject(_entries(country, day, at))),
    ]
    title, submit = "form.organise_own_post.title", "form.organise_own_post.submit"
    return modal(words, CALLBACK, title, blocks, submit=submit, metadata={"home": country, "origin": origin})


def read(view: View, campaign: Campaign) -> OwnPostAnswers:
    """Read the post. Whether its day and time can be is for the caller, who knows what time it is.

    Raises:
        StaleViewError: The form is not one that the bot draws, or the country is none of the campaign's.
        InvalidFieldsError: Something is missing, too long, or not shown by Slack, or a placeholder stands for nothing.
    """
    codes = [each.code for each in campaign.countries]
    is_asked = "country" in field_names(view)
    country = selected(view, "country", codes) if is_asked else metadata_text(view, "home")
    when = picked_date(view, "day"), picked_time(view, "at")
    about = Subject(_entries(country, *when))
    return OwnPostAnswers(country, *when, read_text(view, campaign, about), metadata_text(view, "origin"))


def _entries(country: str, day: date, at: time) -> tuple[Post, ...]:
    return (Post(post="own", kind="note", audience=Audience.COUNTRIES, day=day, time=at, countries=(country,)),)


def _country(words: Words, countries: Sequence[Country], chosen: str) -> Block:
    """Ask for the country where there are several, and say in which language its channel reads."""
    names = _names(words, countries)
    if len(names) == 1:
        return line(f"*{escape(names[chosen])}*", "about")
    # The one from which the organiser comes first, since a menu may not hold all.
    first = dict(sorted(names.items(), key=lambda each: each[0] != chosen)[:_MOST_COUNTRIES])
    hint = words("form.organise_own_post.country_hint")
    return input_field(words("form.organise_own_post.country"), radio_or_select("country", first, chosen), hint=hint)


def _names(words: Words, countries: Sequence[Country]) -> Mapping[str, str]:
    named = {
        each.code: words(
            "form.organise_own_post.place",
            country=words.country(each.code),
            language=words.language_name(each.language),
        )
        for each in countries
    }
    return {code: truncate(capitalized(name), _LONGEST_OPTION) for code, name in named.items()}

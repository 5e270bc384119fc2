"""Joining, and the settings: country, language, direct messages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from babel import Locale, UnknownLocaleError

from bot.campaign.model import ANOTHER_COUNTRY, Campaign
from bot.messages.blocks import checkboxes, context, escape, input_field, radio_or_select, section, select
from bot.messages.message import Block
from bot.messages.modals.modal import PendingAction, View, checked_values, metadata_text, modal, read_metadata, selected
from bot.messages.words import Words

CALLBACK = "join"
NOT_SAID = "-"
"""The option of people who would rather not say a country."""

_YES = "yes"
_MAX_COUNTRIES = 98
"""Slack allows a hundred options, and two are for people whose country is not listed."""


@dataclass(frozen=True)
class JoinAnswers:
    """The answers. `country` is `None` where the person would rather not say it."""

    country: str | None
    language: str
    messages: bool
    pending: PendingAction | None


def draw(  # noqa: PLR0913 - each is one field of the form
    words: Words,
    campaign: Campaign,
    *,
    country: str | None,
    language: str,
    messages: bool,
    pending: PendingAction | None,
    settings: bool = False,
) -> View:
    """Draw the form. `country` is a suggestion, `pending` what the person pressed before; `settings` is for members."""
    # The time zone may suggest a country in which the company has nobody.
    if country is not None and campaign.country(country) is None:
        country = ANOTHER_COUNTRY
    title, submit = (
        ("form.settings.title", "form.settings.submit") if settings else ("form.join.title", "form.join.submit")
    )
    blocks = [
        *_beginning(words, pending),
        _country(words, campaign, country, settings=settings),
        _language(words, campaign, language),
        _messages(words, messages=messages),
        context("privacy", _privacy(words, campaign)),
    ]
    metadata = {"action": pending.action, "value": pending.value} if pending else {}
    return modal(words, CALLBACK, title, blocks, submit=submit, metadata=metadata)


def read(view: View, campaign: Campaign) -> JoinAnswers:
    """Read the answers.

    Raises:
        StaleViewError: The form is not one that the bot draws.
        InvalidFieldsError: Something was left out.
    """
    pending = (
        PendingAction(metadata_text(view, "action"), metadata_text(view, "value"))
        if "action" in read_metadata(view)
        else None
    )
    codes = [*(country.code for country in campaign.countries), ANOTHER_COUNTRY, NOT_SAID]
    country = selected(view, "country", codes)
    return JoinAnswers(
        country=None if country == NOT_SAID else country,
        language=selected(view, "language", campaign.languages),
        messages=bool(checked_values(view, "messages", [_YES])),
        pending=pending,
    )


def _beginning(words: Words, pending: PendingAction | None) -> Iterator[Block]:
    if pending:
        yield section(words("form.join.first"), "first")


def _country(words: Words, campaign: Campaign, country: str | None, *, settings: bool) -> Block:
    names = {each.code: words.country(each.code) for each in campaign.countries[:_MAX_COUNTRIES]}
    options = {**names, ANOTHER_COUNTRY: words("form.join.another_country"), NOT_SAID: words("form.join.not_said")}
    # Members who would rather not say see that choice; newcomers without a suggestion choose for themselves.
    known = NOT_SAID if settings and country is None else country
    return input_field(
        words("form.join.country"), radio_or_select("country", options, known), hint=words("form.join.country_hint")
    )


def _language(words: Words, campaign: Campaign, language: str) -> Block:
    options = {code: _own_name(code) for code in campaign.languages}
    return input_field(words("form.join.language"), select("language", options, language))


def _messages(words: Words, *, messages: bool) -> Block:
    # Never checked for newcomers: direct messages are only for those who ask for them.
    box = checkboxes("messages", {_YES: words("form.join.messages_yes")}, [_YES] if messages else [])
    return input_field(words("form.join.messages"), box, hint=words("form.join.messages_hint"), optional=True)


def _privacy(words: Words, campaign: Campaign) -> list[str]:
    day = words.day(campaign.kept_until)
    return [words("form.join.stored", day=escape(day)), words("form.join.stop")]


def _own_name(language: str) -> str:
    """Return the name of a language in that language, which its speakers find in any list."""
    try:
        name = Locale.parse(language, sep="-").get_display_name()
    except (UnknownLocaleError, ValueError):
        name = None
    return name or language

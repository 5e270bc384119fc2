"""Joining, and changing what was said then: country, language, direct messages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from babel import Locale, UnknownLocaleError

from bot.campaign.model import ANOTHER_COUNTRY, Campaign
from bot.messages.blocks import checkboxes, choice, context, escape, field, section, select
from bot.messages.message import Block
from bot.messages.modals.modal import Then, View, chosen, memo, modal, noted, ticked
from bot.messages.words import Words

CALLBACK = "join"
NOT_SAID = "-"
"""The option of whoever would rather not say a country."""

_YES = "yes"
_MOST_COUNTRIES = 98
"""Slack takes a hundred options; two are for those whose country is not among them."""


@dataclass(frozen=True)
class Joining:
    """Where somebody is (`None`: not said), and how the bot may speak to them."""

    country: str | None
    language: str
    messages: bool
    then: Then | None


def draw(  # noqa: PLR0913 - each is one field of the form
    words: Words,
    campaign: Campaign,
    *,
    country: str | None,
    language: str,
    messages: bool,
    then: Then | None,
    settings: bool = False,
) -> View:
    """`country` is only suggested. `then` is what the person pressed before; with `settings` they have joined."""
    if country is not None and campaign.country(country) is None:
        country = ANOTHER_COUNTRY
    title, submit = (
        ("form.settings.title", "form.settings.submit") if settings else ("form.join.title", "form.join.submit")
    )
    blocks = [
        *_beginning(words, then),
        _country(words, campaign, country, settings=settings),
        _language(words, campaign, language),
        _messages(words, messages=messages),
        context("privacy", _privacy(words, campaign)),
    ]
    note = {"action": then.action, "value": then.value} if then else {}
    return modal(words, CALLBACK, title, blocks, submit=submit, memo=note)


def read(view: View, campaign: Campaign) -> Joining:
    """What was filled in.

    Raises:
        Outdated: The form is none of today's.
        Unfilled: Something was left out.
    """
    then = Then(noted(view, "action"), noted(view, "value")) if "action" in memo(view) else None
    codes = [*(country.code for country in campaign.countries), ANOTHER_COUNTRY, NOT_SAID]
    country = chosen(view, "country", codes)
    return Joining(
        country=None if country == NOT_SAID else country,
        language=chosen(view, "language", campaign.languages),
        messages=bool(ticked(view, "messages", [_YES])),
        then=then,
    )


def _beginning(words: Words, then: Then | None) -> Iterator[Block]:
    if then:
        yield section(words("form.join.first"), "first")


def _country(words: Words, campaign: Campaign, country: str | None, *, settings: bool) -> Block:
    names = {each.code: words.country(each.code) for each in campaign.countries[:_MOST_COUNTRIES]}
    options = {**names, ANOTHER_COUNTRY: words("form.join.another_country"), NOT_SAID: words("form.join.not_said")}
    known = NOT_SAID if settings and country is None else country
    return field(words("form.join.country"), choice("country", options, known), hint=words("form.join.country_hint"))


def _language(words: Words, campaign: Campaign, language: str) -> Block:
    options = {code: _own_name(code) for code in campaign.languages}
    return field(words("form.join.language"), select("language", options, language))


def _messages(words: Words, *, messages: bool) -> Block:
    box = checkboxes("messages", {_YES: words("form.join.messages_yes")}, [_YES] if messages else [])
    return field(words("form.join.messages"), box, hint=words("form.join.messages_hint"), optional=True)


def _privacy(words: Words, campaign: Campaign) -> list[str]:
    day = words.day(campaign.kept_until)
    return [words("form.join.stored", day=escape(day)), words("form.join.stop")]


def _own_name(language: str) -> str:
    """A language as its own speakers call it, which they find in any list."""
    try:
        name = Locale.parse(language, sep="-").get_display_name()
    except (UnknownLocaleError, ValueError):
        name = None
    return name or language

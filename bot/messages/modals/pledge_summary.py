"""One pledge, as several modals show it, and the modal with the source of its figure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bot.campaign.model import PLEDGE_ID, Campaign, Evidence, Pledge
from bot.messages.blocks import context, escape, link, section
from bot.messages.campaign_texts import pledge_words
from bot.messages.co2_estimates import kilograms_range, kilometres_by_car, pledge_estimate
from bot.messages.message import Block
from bot.messages.modals.modal import StaleViewError, View, modal
from bot.messages.words import Words

_ID = re.compile(PLEDGE_ID)


def title(words: Words, campaign: Campaign, pledge: Pledge) -> str:
    """Return the title of a pledge in bold."""
    return f"*{escape(pledge_words(campaign, pledge.id, words).title)}*"


def figure(words: Words, campaign: Campaign, pledge: Pledge, country: str | None) -> str:
    """Return the amount that a pledge saves in a country, or a range if that depends on an unknown country."""
    unit = escape(pledge_words(campaign, pledge.id, words).unit)
    kilograms = pledge.kilograms(country)
    each = pledge_estimate(words, pledge, country, unit)
    return f"{each} · {kilometres_by_car(words, kilograms, country)}" if kilograms and pledge.by_car else each


def goals(words: Words, pledge: Pledge) -> str:
    """Return the UN goals that a pledge serves, by number and short name."""
    names = " · ".join(f"{goal} {words(f'sdg.{goal}')}" for goal in pledge.sdgs)
    return words("line.goals", goals=escape(names))


def valid_pledge_id(pledge: str) -> str:
    """Check the form of a pledge ID. The caller has to check that there is such a pledge.

    Raises:
        StaleViewError: No pledge can have this ID.
    """
    if not _ID.fullmatch(pledge):
        raise StaleViewError("no pledge can have this ID")
    return pledge


SOURCE_CALLBACK = "why"

_EVIDENCE: Mapping[Evidence, str] = {
    Evidence.PUBLISHED: "evidence.published",
    Evidence.PARTLY_JUDGEMENT: "evidence.partly_judgement",
    Evidence.PHYSICS: "evidence.physics",
    Evidence.SYMBOLIC: "evidence.symbolic",
}
_MAX_SOURCE = 400
_MAX_URL = 300
_MAX_VERSION = 60


def draw_source(words: Words, campaign: Campaign, pledge: Pledge, country: str | None) -> View:
    """Draw the modal, which is pushed on top of another one and can only be closed."""
    lines = [title(words, campaign, pledge), figure(words, campaign, pledge, country)]
    blocks = [
        section("\n".join(lines), "figure"),
        *_range(words, campaign, pledge, country),
        *_grid(words, pledge, country),
        section(words(_EVIDENCE[pledge.evidence]), "evidence"),
        section(words("line.source", source=_source(pledge, country)), "source"),
        context("about", [words("form.why.version", version=_version(campaign)), words("form.why.awareness")]),
    ]
    return modal(words, SOURCE_CALLBACK, "form.why.title", blocks)


def _range(words: Words, campaign: Campaign, pledge: Pledge, country: str | None) -> Iterator[Block]:
    low, high = pledge.span(country)
    # Without a country the figure above is a range already.
    if low < high and pledge.kilograms(country) is not None:
        unit = escape(pledge_words(campaign, pledge.id, words).unit)
        yield section(words("form.why.range", range=kilograms_range(words, low, high), unit=unit), "range")


def _grid(words: Words, pledge: Pledge, country: str | None) -> Iterator[Block]:
    if country in pledge.kg_by_country:
        yield section(words("form.why.country", country=escape(words.country(country or ""))), "country")
    elif pledge.kg is None:
        yield section(words("form.why.no_country"), "country")


def _source(pledge: Pledge, country: str | None) -> str:
    """Return the source, as a link where possible, and shortened to what Slack accepts."""
    source = pledge.source_in(country)
    name = source if len(source) <= _MAX_SOURCE else f"{source[:_MAX_SOURCE]}…"
    # The link is that of the source for all countries.
    url = pledge.source_url if source == pledge.source else None
    return link(name, url) if url and len(url) <= _MAX_URL else escape(name)


def _version(campaign: Campaign) -> str:
    return escape(campaign.factors_version[:_MAX_VERSION])

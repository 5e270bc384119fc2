"""The source of a pledge's figure, and how certain it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.campaign.model import Campaign, Evidence, Pledge
from bot.messages.blocks import context, escape, link, section
from bot.messages.estimates import kilograms_range
from bot.messages.message import Block
from bot.messages.modals.modal import View, modal
from bot.messages.modals.pledge import figure, pledge_words, title
from bot.messages.words import Words

CALLBACK = "why"

_EVIDENCE: Mapping[Evidence, str] = {
    Evidence.PUBLISHED: "evidence.published",
    Evidence.PARTLY_JUDGEMENT: "evidence.partly_judgement",
    Evidence.PHYSICS: "evidence.physics",
    Evidence.SYMBOLIC: "evidence.symbolic",
}
_MAX_SOURCE = 400
_MAX_URL = 300
_MAX_VERSION = 60


def draw(words: Words, campaign: Campaign, pledge: Pledge, country: str | None) -> View:
    """Draw the modal, which is pushed on top of another one and can only be closed."""
    lines = [title(words, campaign, pledge), figure(words, campaign, pledge, country)]
    blocks = [
        section("\n".join(lines), "figure"),
        *_range(words, campaign, pledge, country),
        *_grid(words, pledge, country),
        section(words(_EVIDENCE[pledge.evidence]), "evidence"),
        section(words("line.source", source=_source(pledge)), "source"),
        context("about", [words("form.why.version", version=_version(campaign)), words("form.why.awareness")]),
    ]
    return modal(words, CALLBACK, "form.why.title", blocks)


def _range(words: Words, campaign: Campaign, pledge: Pledge, country: str | None) -> Iterator[Block]:
    low, high = pledge.span(country)
    # Without a country the figure above is a range already.
    if low < high and pledge.kilograms(country) is not None:
        unit = escape(pledge_words(words, campaign, pledge.id).unit)
        yield section(words("form.why.range", range=kilograms_range(words, low, high), unit=unit), "range")


def _grid(words: Words, pledge: Pledge, country: str | None) -> Iterator[Block]:
    if country in pledge.kg_by_country:
        yield section(words("form.why.country", country=escape(words.country(country or ""))), "country")
    elif pledge.kg_by_country:
        yield section(words("form.why.no_country"), "country")


def _source(pledge: Pledge) -> str:
    """Return the source, as a link where possible, and shortened to what Slack accepts."""
    name = pledge.source if len(pledge.source) <= _MAX_SOURCE else f"{pledge.source[:_MAX_SOURCE]}…"
    url = pledge.source_url
    return link(name, url) if url and len(url) <= _MAX_URL else escape(name)


def _version(campaign: Campaign) -> str:
    return escape(campaign.factors_version[:_MAX_VERSION])

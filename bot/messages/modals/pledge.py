"""The words for one pledge, as several modals show it."""

from __future__ import annotations

import re

from bot.campaign.model import PLEDGE_ID, Campaign, Pledge, PledgeWords
from bot.messages.blocks import escape
from bot.messages.estimates import kilometres_by_car, pledge_estimate
from bot.messages.modals.modal import StaleViewError
from bot.messages.words import Words

_ID = re.compile(PLEDGE_ID)


def pledge_words(words: Words, campaign: Campaign, pledge: str) -> PledgeWords:
    """Return the campaign's own words for a pledge, in the language of `words`."""
    return campaign.pledge_words[pledge, words.language]


def title(words: Words, campaign: Campaign, pledge: Pledge) -> str:
    """Return the title of a pledge in bold."""
    return f"*{escape(pledge_words(words, campaign, pledge.id).title)}*"


def figure(words: Words, campaign: Campaign, pledge: Pledge, country: str | None) -> str:
    """Return the amount that a pledge saves in a country, or a range if that depends on an unknown country."""
    unit = escape(pledge_words(words, campaign, pledge.id).unit)
    kilograms = pledge.kilograms(country)
    each = pledge_estimate(words, pledge, country, unit)
    return f"{each} · {kilometres_by_car(words, kilograms)}" if kilograms and pledge.by_car else each


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

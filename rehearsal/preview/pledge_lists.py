"""The pledges of a campaign as the preview shows them, one list for each language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from babel.numbers import format_decimal

from bot.campaign.model import Campaign, Pledge, PledgeWords
from bot.locales.catalogues import words
from bot.messages.words import Words
from rehearsal.preview.names import country_name, language_name


@dataclass(frozen=True)
class PledgeEntry:
    """A pledge in one language. `figures` are kilograms and `impacts` their labels, by country where these differ."""

    pledge: Pledge
    words: PledgeWords
    figures: tuple[tuple[str, str], ...]
    impacts: tuple[tuple[str, str], ...]
    range: str
    goals: tuple[str, ...]


@dataclass(frozen=True)
class PledgeList:
    """All pledges in one language."""

    words: Words
    name: str
    offers: tuple[PledgeEntry, ...]


def pledge_lists(campaign: Campaign) -> list[PledgeList]:
    """Return the pledges in every language of the campaign; no lists where there is nothing to pledge."""
    return [
        PledgeList(spoken, language_name(spoken), tuple(_offers(campaign, spoken)))
        for spoken in map(words, campaign.languages)
        if campaign.pledges
    ]


def _offers(campaign: Campaign, spoken: Words) -> Iterator[PledgeEntry]:
    for pledge in campaign.pledges:
        yield PledgeEntry(
            pledge=pledge,
            words=campaign.pledge_words[pledge.id, spoken.language],
            figures=tuple(_figures(campaign, pledge, spoken)),
            impacts=tuple(_impacts(campaign, pledge, spoken)),
            range=f"{_kilograms(pledge.low, spoken)} \N{EN DASH} {_kilograms(pledge.high, spoken)}",
            goals=tuple(f"{goal} {spoken(f'sdg.{goal}')}" for goal in pledge.sdgs),
        )


def _figures(campaign: Campaign, pledge: Pledge, spoken: Words) -> Iterator[tuple[str, str]]:
    if pledge.high == 0:
        return
    figures = {country.code: pledge.kilograms(country.code) for country in campaign.countries}
    if pledge.kg is not None and set(figures.values()) <= {pledge.kg}:
        yield "", _kilograms(pledge.kg, spoken)
        return
    for code, figure in figures.items():
        if figure is not None:
            yield country_name(spoken, code), _kilograms(figure, spoken)


def _impacts(campaign: Campaign, pledge: Pledge, spoken: Words) -> Iterator[tuple[str, str]]:
    impacts = {country.code: pledge.impact(country.code).value for country in campaign.countries}
    if len(set(impacts.values())) == 1:
        yield "", next(iter(impacts.values()))
        return
    for code, impact in impacts.items():
        yield country_name(spoken, code), impact


def _kilograms(kilograms: float, spoken: Words) -> str:
    return format_decimal(kilograms, format="#,##0.###", locale=spoken.locale)

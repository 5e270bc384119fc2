"""The people who organise a campaign: its managers, and the representatives of each country with their stand-ins."""

from __future__ import annotations

from collections.abc import Iterator

from bot.campaign.model import Audience, Campaign, Country
from bot.campaign.schedule import Addressee


def organisers(campaign: Campaign) -> dict[str, Addressee]:
    """Return everybody who organises, by user ID: a representative on the clock of the first country of theirs."""
    found = [*managers(campaign), *(to for country in reversed(campaign.countries) for to in representatives(country))]
    # Later ones replace earlier ones, so that a manager who represents a country is on the clock of that country.
    return {to.recipient: to for to in found}


def managers(campaign: Campaign) -> Iterator[Addressee]:
    """Yield the managers, on the company's clock."""
    if company := campaign.company:
        for user in company.managers:
            yield Addressee(Audience.REPRESENTATIVES, user, company.zone, company.language)


def representatives(country: Country) -> Iterator[Addressee]:
    """Yield the representatives of a country, on its clock."""
    for user in country.representatives:
        yield Addressee(Audience.REPRESENTATIVES, user, country.zone, country.language, country.code)


def countries_of(campaign: Campaign, user: str) -> tuple[Country, ...]:
    """List the countries that somebody organises, which for a manager are all."""
    is_manager = campaign.company is not None and user in campaign.company.managers
    return tuple(each for each in campaign.countries if is_manager or user in each.representatives)


def approvers(campaign: Campaign, post: str, language: str) -> dict[str, Addressee]:
    """Return who approves a post in a language, by user ID.

    These are the representatives of the countries that have the post and speak the language, and the managers where
    there are none, as for what everybody reads in the company's channel.
    """
    entries = [each for each in campaign.posts if each.post == post and each.audience is not Audience.COMPANY]
    homes = [
        country
        for country in campaign.countries
        if language in country.languages and any(each.reaches(country.code) for each in entries)
    ]
    found = [to for country in homes for to in representatives(country)] or list(managers(campaign))
    return {to.recipient: to for to in found}

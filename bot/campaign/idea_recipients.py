"""Finds the representatives who read what colleagues of a country write."""

from __future__ import annotations

from collections.abc import Iterator

from bot.campaign.model import Audience, Campaign, Country
from bot.campaign.schedule import Addressee


def readers(campaign: Campaign, country: str | None) -> dict[str, Addressee]:
    """Return by user ID the country's representatives, else the managers, else the representatives of all countries."""
    home = campaign.country(country)
    company = campaign.company
    if home and home.representatives:
        found = list(_of(home))
    elif company and company.managers:
        managers = company.managers
        found = [Addressee(Audience.REPRESENTATIVES, user, company.zone, company.language) for user in managers]
    else:
        found = [to for each in campaign.countries for to in _of(each)]
    # By user, because one person may represent several countries and should get a message once.
    return {to.recipient: to for to in found}


def _of(country: Country) -> Iterator[Addressee]:
    for user in country.representatives:
        yield Addressee(Audience.REPRESENTATIVES, user, country.zone, country.language, country.code)


def has_duty(campaign: Campaign, user: str) -> bool:
    """Return whether the campaign's files name somebody as a representative or a manager."""
    managers = campaign.company.managers if campaign.company else ()
    return user in managers or any(user in country.representatives for country in campaign.countries)

"""Finds the organisers who read what colleagues of a country write, and decide about it."""

from __future__ import annotations

from bot.campaign.model import Campaign
from bot.campaign.organisers import managers, representatives
from bot.campaign.schedule import Addressee


def readers(campaign: Campaign, country: str | None) -> dict[str, Addressee]:
    """Return by user ID the country's representatives, else the managers, else the representatives of all countries."""
    home = campaign.country(country)
    company = campaign.company
    if home and home.representatives:
        found = list(representatives(home))
    elif company and company.managers:
        found = list(managers(campaign))
    else:
        found = [to for each in campaign.countries for to in representatives(each)]
    # By user, because one person may represent several countries and should get a message once.
    return {to.recipient: to for to in found}


def may_decide(campaign: Campaign, country: str | None, user: str) -> bool:
    """Return whether somebody decides about an idea from a country: its readers do, and the managers."""
    managers = campaign.company.managers if campaign.company else ()
    return user in managers or user in readers(campaign, country)


def is_listed(campaign: Campaign, page: str, country: str | None, user: str) -> bool:
    """Return whether an idea from a country is listed for an organiser on the page of a country.

    Those from no country of the campaign are on every page of whoever decides about them.
    """
    is_here = country == page or campaign.country(country) is None
    return is_here and may_decide(campaign, country, user)


def has_duty(campaign: Campaign, user: str) -> bool:
    """Return whether the campaign's files name somebody as a representative or a manager."""
    managers = campaign.company.managers if campaign.company else ()
    return user in managers or any(user in country.representatives for country in campaign.countries)

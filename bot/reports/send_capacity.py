"""Warnings, before the week, about posts that cannot reach so many people in time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from bot.campaign.model import PEOPLE, Audience, Campaign
from bot.campaign.send_capacity import Home, Shortfall, shortfalls
from bot.store.people import MessageDemand


def of_askers(campaign: Campaign, asked: Iterable[MessageDemand], per_minute: int) -> list[Shortfall]:
    """Find the posts that would be late for the people who have asked for them so far."""
    homes: dict[Audience, dict[Home, int]] = {audience: {} for audience in PEOPLE}
    for each in asked:
        homes[Audience.JOINED][each.zone, each.country] = each.messages
        homes[Audience.EARTH_HOUR_REMINDER][each.zone, each.country] = each.earth_hour
    return shortfalls(campaign, homes, per_minute)


def of_everybody(campaign: Campaign, per_minute: int) -> list[Shortfall]:
    """Find the posts that would be late if every colleague asked for them."""
    homes: dict[Home, int] = {}
    for country in campaign.countries:
        home = (country.zone, country.code)
        # Two countries can share a zone, and a country without a headcount adds nobody.
        homes[home] = homes.get(home, 0) + (country.headcount or 0)
    asked: Mapping[Audience, Mapping[Home, int]] = dict.fromkeys(PEOPLE, homes)
    return shortfalls(campaign, asked, per_minute)


def sentence(shortfall: Shortfall, per_minute: int) -> str:
    """Say what is wrong and what to do."""
    problem = (
        f"{shortfall.post} is too late for {shortfall.missed:,} of {shortfall.people:,} people, "
        f"because at most {per_minute} messages leave in a minute."
    )
    if shortfall.lead is None:
        return f"{problem} A day more would not be enough; raise EARTHWEEK_MESSAGES_PER_MINUTE if Slack allows it."
    return f"{problem} {shortfall.lead // timedelta(minutes=1)} minutes earlier everybody would get it in time."

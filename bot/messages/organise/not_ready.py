"""Finds what stands in the way of the week, as the page of organisers and the messages before the week name it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from bot.campaign.figure_publication_times import set_times
from bot.campaign.live_reload import LiveCampaign
from bot.campaign.localtime import local
from bot.campaign.model import Campaign, Country
from bot.messages.organise.overview import NotReady, NotSaid


def not_ready(live: LiveCampaign, missing_channels: Iterable[str], own: Collection[Country]) -> NotReady:
    """Find what is not ready now.

    `missing_channels` are those in which the bot cannot post, and `own` the countries that the reader decides about.
    """
    campaign = live.campaign
    # The goal is in per cent of all colleagues.
    uncounted = [each for each in own if each.headcount is None] if campaign.goal else []
    # Looked up only where somebody is to be told.
    published = min(set_times(campaign), default=None) if uncounted else None
    first_figures = local(published, campaign.zone).date() if published else None
    return NotReady(
        examples=live.examples,
        channels=sorted(missing_channels),
        unapproved=live.unapproved if campaign.approval_required else (),
        is_earth_hour_unconfirmed=not campaign.earth_hour.confirmed,
        headcounts=[_not_said(campaign, each, first_figures) for each in uncounted],
        works_councils=[_not_said(campaign, each, campaign.opens) for each in own if _waits_for_works_council(each)],
    )


def _not_said(campaign: Campaign, home: Country, day: date | None) -> NotSaid:
    managers = campaign.company.managers if campaign.company else ()
    return NotSaid(home.code, home.representatives or managers, day)


def _waits_for_works_council(home: Country) -> bool:
    # A file that does not name the key has none to inform.
    return "works_council_informed" in home.model_fields_set and not home.works_council_informed

"""Finds what stands in the way of the week, as the page of organisers and the messages before the week name it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from bot.campaign.figure_publication_times import set_times
from bot.campaign.live_reload import LiveCampaign
from bot.campaign.localtime import local
from bot.campaign.measures import MeasureStatus
from bot.campaign.model import Campaign, Country
from bot.messages.organise.overview import NotReady, NotSaid


def not_ready(live: LiveCampaign, missing_channels: Iterable[str], own: Collection[Country], today: date) -> NotReady:
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
        stale_figures=list(_stale(campaign, own, today)),
    )


def _stale(campaign: Campaign, own: Collection[Country], today: date) -> Iterator[tuple[str, date]]:
    """Yield goals, and measures that go on, whose newest figure is older than a year, with its day."""
    values = [(goal, goal.latest.date) for goal in campaign.goals if goal.is_stale(today)]
    going_on = (each for each in campaign.measures if each.status is MeasureStatus.UNDER_WAY)
    figures = ((each, each.figure) for each in going_on)
    for each, day in [*values, *((m, figure.date) for m, figure in figures if figure and figure.is_stale(today))]:
        if any(each.reaches(home.code) for home in own):
            yield each.id, day


def _not_said(campaign: Campaign, home: Country, day: date | None) -> NotSaid:
    managers = campaign.company.managers if campaign.company else ()
    return NotSaid(home.code, home.representatives or managers, day)


def _waits_for_works_council(home: Country) -> bool:
    # A file that does not name the key has none to inform.
    return "works_council_informed" in home.model_fields_set and not home.works_council_informed

"""`earthweek site`."""

from __future__ import annotations

import typer

from bot.campaign.model import Campaign
from bot.cli.campaign_loader import settings_for
from bot.cli.options import CampaignOption, DraftOption, OutOption
from bot.cli.outside_files import outgoing_campaign, write_outside
from bot.cli.report import read_published
from bot.clock import SystemClock
from bot.database.errors import DatabaseUnusableError
from bot.reports.outside.site import SiteContent, shown_ideas, site_files
from bot.reports.results import Results, results


def site(out: OutOption, campaign: CampaignOption = None, allow_examples: DraftOption = False) -> None:
    """Write a page for customers and users in each language, with what was published of the week."""
    settings, now = settings_for(campaign), SystemClock().now()
    found, is_draft = outgoing_campaign(settings, now, allow_examples=allow_examples)
    published = _newest(settings.database_url, found)
    write_outside(out, site_files(SiteContent(found, published, shown_ideas(found), now, is_draft)))


def _newest(url: str, campaign: Campaign) -> Results | None:
    """Read the last publication. Before the week there is none, and the page is worth showing all the same."""
    try:
        days, _ = read_published(url, campaign)
    except DatabaseUnusableError as error:
        typer.echo(f"The page has no figures: {error}", err=True)
        return None
    return results(campaign, days[-1]) if days else None

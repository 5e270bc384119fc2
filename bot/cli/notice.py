"""`earthweek notice`."""

from __future__ import annotations

from importlib.metadata import version

import typer

from bot.cli.atomic_files import write_files
from bot.cli.campaign_loader import folder_to_try, settings_for, usable_campaign
from bot.cli.options import CampaignOption, OutOption
from bot.database.urls import is_sqlite, parse_url
from bot.reports.notice import Installation, notices
from bot.slack.manifest import SCOPES


def notice(out: OutOption, campaign: CampaignOption = None) -> None:
    """Write what is stored of people, for employees and for works councils, in each language of the campaign."""
    found, _ = usable_campaign(folder_to_try(campaign))
    database = parse_url(settings_for(campaign).database_url)
    pages = notices(found, Installation(version("earthweek"), is_sqlite(database), SCOPES))
    write_files(out, pages)
    typer.echo(
        f"Wrote {len(pages)} pages into {out}. Fill in what stands in [square brackets]; this is no legal advice."
    )

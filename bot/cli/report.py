"""`earthweek report`."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.campaign.figure_publication_times import set_times
from bot.campaign.localtime import local
from bot.campaign.model import Campaign
from bot.cli.campaign_loader import settings_for, usable_campaign
from bot.cli.options import CampaignOption, OutOption
from bot.cli.output import fail
from bot.database.urls import read_only
from bot.reports.formats import Format, write_report
from bot.reports.published_participation import Report
from bot.standings.figures import Standings
from bot.standings.publisher import published
from bot.store.schema import require_current


def report(
    out: OutOption,
    formats: Annotated[
        list[Format] | None, typer.Option("--format", help="Can be given more than once; otherwise all of them.")
    ] = None,
    campaign: CampaignOption = None,
) -> None:
    """Write the published figures of who took part, for people outside Slack."""
    settings = settings_for(campaign)
    # No starter campaign here: its figures would be nobody's.
    found, _ = usable_campaign(settings.earthweek_campaign)
    days = read_published(settings.database_url, found)
    if not days:
        fail(f"there are no figures of {found.id} yet; the bot publishes them {_publications(found)}")
    try:
        written = write_report(Report.of(found, days), out, formats or list(Format))
    except OSError as error:
        fail(f"{out} cannot be written: {error.strerror}")
    for path in written:
        typer.echo(f"Wrote {path}")


def _publications(campaign: Campaign) -> str:
    """Return the days on which figures come out, in words."""
    days = [f"{local(at, campaign.zone):%d %B %Y}" for at in set_times(campaign)]
    return f"on {', '.join(days)}" if days else "on no day: look at [figures] in campaign.toml"


def read_published(url: str, campaign: Campaign) -> list[Standings]:
    """Read all publications, oldest first. The database is neither created nor upgraded nor locked.

    Raises:
        DatabaseUnusableError: There is no database yet, it cannot be read, or it is another version's.
    """
    # An older schema is not read: its snapshots may lack what the report shows.
    require_current(url)
    with read_only(url) as connection:
        return published(connection, campaign)

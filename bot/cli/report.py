"""`earthweek report`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.campaign.figure_publication_times import set_times
from bot.campaign.localtime import local
from bot.campaign.model import Campaign
from bot.cli.atomic_files import write_files
from bot.cli.campaign_loader import settings_for, usable_campaign
from bot.cli.console import fail
from bot.cli.options import CampaignOption, OutOption
from bot.database.urls import read_only
from bot.reports.formats import Format, files_of
from bot.reports.published_participation import Report
from bot.reports.results import ResultsUnreadableError, former_figures, read_results_json
from bot.standings.published_figures import Standings
from bot.standings.publisher import former, published
from bot.standings.year_on_year import Former
from bot.store.schema import require_current


def report(
    out: OutOption,
    formats: Annotated[
        list[Format] | None, typer.Option("--format", help="Can be given more than once; otherwise all of them.")
    ] = None,
    language: Annotated[
        str | None, typer.Option("--language", help="One of the campaign's languages; otherwise the company's.")
    ] = None,
    last_year: Annotated[
        Path | None,
        typer.Option(
            "--last-year",
            help="The results.json of the campaign before; otherwise what this database has of one.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    campaign: CampaignOption = None,
) -> None:
    """Write the published figures, first on one page for the management review, for people outside Slack."""
    settings = settings_for(campaign)
    # No starter campaign here: its figures would be nobody's.
    found, _ = usable_campaign(settings.earthweek_campaign)
    if language and language not in found.languages:
        fail(f"the campaign is not in {language}; its languages are {', '.join(found.languages)}")
    days, before = read_published(settings.database_url, found)
    if last_year:
        before = _read_results(last_year)
    if not days:
        fail(f"there are no figures of {found.id} yet; the bot publishes them {_publications(found)}")
    files = files_of(Report.of(found, days, language, before), formats or list(Format))
    write_files(out, files)
    for name in files:
        typer.echo(f"Wrote {out / name}")


def _publications(campaign: Campaign) -> str:
    """Return the days on which figures come out, in words."""
    days = [f"{local(at, campaign.zone):%d %B %Y}" for at in set_times(campaign)]
    return f"on {', '.join(days)}" if days else "on no day: look at [figures] in campaign.toml"


def _read_results(path: Path) -> Former:
    try:
        return former_figures(read_results_json(path.read_text(encoding="utf-8")))
    except OSError as error:
        fail(f"{path} cannot be read: {error.strerror}")
    except (UnicodeDecodeError, ResultsUnreadableError) as error:
        reason = error if isinstance(error, ResultsUnreadableError) else "it is no text"
        fail(f"{path}: {reason}")


def read_published(url: str, campaign: Campaign) -> tuple[list[Standings], Former | None]:
    """Read all publications, oldest first, and the last figures of the campaign before.

    The database is neither created nor upgraded nor locked.

    Raises:
        DatabaseUnusableError: There is no database yet, it cannot be read, or it is another version's.
    """
    # An older schema is not read: its snapshots may lack what the report shows.
    require_current(url)
    with read_only(url) as connection:
        return published(connection, campaign), former(connection, campaign)

"""`earthweek headcounts`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.campaign.campaign_reader import FILE
from bot.campaign.folder import Folder
from bot.campaign.headcounts import read_headcounts, with_headcounts
from bot.campaign.problems import Problems
from bot.cli.atomic_files import write_text
from bot.cli.campaign_loader import settings_for, usable_campaign
from bot.cli.console import fail
from bot.cli.options import CampaignOption

TableFile = Annotated[Path, typer.Argument(help="A table: country, headcount, date.", metavar="FILE.csv")]


def headcounts(table: TableFile, campaign: CampaignOption = None) -> None:
    """Write headcounts from a table into a campaign, where they are then no examples any more.

    The columns are country, headcount and date, in any order. If a line cannot be read, nothing is written.
    """
    # No starter campaign here: it is not the reader's own.
    folder = settings_for(campaign).earthweek_campaign
    found, _ = usable_campaign(folder)
    problems = Problems()
    text = Folder(table.parent).read(table.name, problems, "name a file with the columns country, headcount, date")
    counted = read_headcounts(table.as_posix(), text, found, problems) if text is not None else []
    if problems.errors:
        fail("\n".join([*map(str, problems.errors), "Nothing was written, because of what is listed above."]))
    if not counted:
        fail(f"{table} has no line below the names of the columns; nothing was written")
    schedule = Folder(folder).read(FILE, problems, "") or ""
    try:
        write_text(folder / FILE, with_headcounts(schedule, found, counted))
    except LookupError:
        fail(f"the countries in {FILE} are not written as [[countries]], so write the headcounts by hand")
    except OSError as error:
        fail(f"{folder / FILE} cannot be written: {error.strerror or error}")
    written = ", ".join(f"{each.country} {each.number} ({each.day})" for each in counted)
    typer.echo(f"Wrote into {folder / FILE}: {written}.")
    without = {country.code for country in found.countries} - {each.country for each in counted}
    if without:
        typer.echo(f"Not in the table, and as before: {', '.join(sorted(without))}.")

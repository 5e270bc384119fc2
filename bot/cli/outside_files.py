"""The campaign that `earthweek site` and `earthweek kit` write from, and the files that they write."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import typer

from bot.campaign.earth_hour import Origin
from bot.campaign.folder import Folder
from bot.campaign.model import Campaign
from bot.campaign.outside_text_claims import claims_outside, unlisted
from bot.campaign.overlay import apply
from bot.campaign.problems import Severity, summarized
from bot.cli.atomic_files import write_files
from bot.cli.campaign_loader import read_decisions, usable_campaign
from bot.cli.console import fail
from bot.settings import Settings


def outgoing_campaign(settings: Settings, now: datetime, *, allow_examples: bool) -> tuple[Campaign, bool]:
    """Return the campaign as organisers have it now, and whether anything in it is still an example.

    Raises:
        UnusableCampaignError: Its files have errors.
    """
    files, problems = usable_campaign(settings.earthweek_campaign)
    found = apply(files, read_decisions(settings, files), now)
    _refuse_claims(found, settings.earthweek_campaign)
    if problems.examples and not allow_examples:
        listed = "\n".join(summarized(problems.examples))
        fail(f"{listed}\nNothing was written: examples are not for others to read. For a draft, add --allow-examples")
    if files.earth_hour.origin is Origin.RULE:
        what = f"Nobody has confirmed {files.earth_hour.day} for Earth Hour; look it up at earthhour.org"
        typer.echo(f"{what}, and write it into campaign.toml.", err=True)
    return found, bool(problems.examples)


def _refuse_claims(campaign: Campaign, folder: Path) -> None:
    """End if customers must not read something in the campaign, be it from its files or written in Slack.

    What only a person can judge is said, and so is a language in which nobody has looked.
    """
    found = list(claims_outside(campaign, Folder(folder)))
    if claims := [each for each in found if each.weight is Severity.OUTSIDE]:
        listed = "\n".join(summarized(claims))
        fail(f"{listed}\nNothing was written: customers and users must not read what is listed above.")
    for line in summarized([*found, *unlisted(campaign, Folder(folder))]):
        typer.echo(f"warning: {line}", err=True)


def write_outside(out: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files by their paths in a folder, and say where to begin looking at them."""
    write_files(out, files)
    typer.echo(f"Wrote {len(files)} files into {out}; open {out / 'index.html'}")

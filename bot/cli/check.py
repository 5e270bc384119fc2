"""`earthweek check`."""

from __future__ import annotations

import typer

from bot.campaign.bot_words import file_of
from bot.campaign.campaign_reader import Reading
from bot.campaign.folder import Folder
from bot.campaign.outside_text_claims import unlisted
from bot.campaign.problems import Problem, Severity, summarized
from bot.cli.campaign_loader import folder_to_try, read_campaign
from bot.cli.console import fail
from bot.cli.options import CampaignOption
from bot.listeners.command_parsing import doubled
from bot.reports.schedule import earth_hour


def check(campaign: CampaignOption = None) -> None:
    """List everything that is wrong with a campaign, and what is still an example."""
    folder = Folder(folder_to_try(campaign))
    reading = read_campaign(folder.root)
    _warn_of_doubled_words(reading, folder)
    _warn_of_unlisted(reading, folder)
    problems = reading.problems
    warnings = [each for each in problems.warnings if each.weight is not Severity.OUTSIDE]
    # Errors go to standard error, so that a pipe that reads the report still shows them.
    _show(problems.errors)
    _show(problems.outside)
    _show(warnings, "warning: ")
    counts = f"{_count(problems.errors, 'error')}, {_count(warnings, 'warning')}"
    if problems.errors:
        fail(f"{counts}: nothing would be sent")
    if reading.campaign:
        typer.echo(earth_hour(reading.campaign.earth_hour))
    if problems.outside:
        claims = _count(problems.outside, "claim")
        fail(f"{counts}, {claims}: colleagues would get everything, and site and kit would write nothing")
    typer.echo(f"{counts}.".capitalize())


def _warn_of_doubled_words(reading: Reading, folder: Folder) -> None:
    """Warn of words that people type and that the campaign's words give two meanings."""
    brought = reading.campaign.bot_words.by_language if reading.campaign else {}
    for language, texts in brought.items():
        for word, meant, name in doubled(texts):
            what = f"{word!r} stands under typed.{name}, and means {meant}"
            reading.problems.warn(folder.name(file_of(language)), 1, what, f"take it away under typed.{name}")


def _warn_of_unlisted(reading: Reading, folder: Folder) -> None:
    for warning in unlisted(reading.campaign, folder) if reading.campaign else ():
        reading.problems.add(warning)


def _show(problems: list[Problem], before: str = "") -> None:
    for line in summarized(problems):
        typer.echo(f"{before}{line}", err=not before)


def _count(problems: list[Problem], name: str) -> str:
    return f"{len(problems) or 'no'} {name}{'' if len(problems) == 1 else 's'}"

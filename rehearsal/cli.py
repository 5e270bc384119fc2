"""`earthweek rehearse` and `earthweek preview`, which the bot finds as entry points."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bot import logs
from bot.campaign.model import Campaign
from bot.cli.campaign_loader import folder_to_try, read_campaign, usable_campaign
from bot.cli.console import console, fail, print_json
from bot.cli.options import CampaignOption, JsonOption
from rehearsal.event_log import Timeline
from rehearsal.headless import RehearsalResult, Step, play
from rehearsal.people.person import UnansweredError
from rehearsal.preview.live_preview import WatchedCampaign, serve
from rehearsal.preview.page import write
from rehearsal.simulation import Rehearsal, database_url
from rehearsal.verify import report
from rehearsal.web.server import watch

_NEXT = (
    "To go on: `make room`, or `earthweek rehearse` without --headless, opens this week in a browser, where you can be "
    "anybody.\nREADME.md says what it takes to go live."
)


def preview(
    out: Annotated[Path | None, typer.Option("--out", help="The folder to write the page into.")] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Show the page in a browser while you write.")] = False,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The page's port; a free one if taken.")] = 8028,
    campaign: CampaignOption = None,
) -> None:
    """Show every post in every language, as Slack would show it: as a file, or with --watch while you write.

    With --watch the page loads again when a file is saved, and names every problem at the text that has it.
    """
    folder = folder_to_try(campaign)
    if watch:
        _watch(folder, port)
    elif out is None:
        fail("say what it is for: --watch to see the week in a browser while you write, or --out FOLDER for a file")
    else:
        _write(folder, out)


def _watch(folder: Path, port: int) -> None:
    if not folder.is_dir():
        fail(f"there is no folder {folder}; name the campaign with --campaign")
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(WatchedCampaign(folder, read_campaign), port, typer.echo))


def _write(folder: Path, out: Path) -> None:
    found, _ = usable_campaign(folder)
    try:
        page = write(found, out)
    except OSError as error:
        fail(f"{out} cannot be written: {error.strerror}")
    typer.echo(f"Open {page} in a browser.")


def rehearse(  # noqa: PLR0913, PLR0917 - each is an option
    campaign: CampaignOption = None,
    headless: Annotated[bool, typer.Option("--headless", help="Play everything at once, without a page.")] = False,
    people: Annotated[int, typer.Option("--people", min=0, max=100_000, help="How many made-up colleagues.")] = 0,
    seed: Annotated[int, typer.Option("--seed", help="The same seed makes the same colleagues.")] = 1,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The page's port; a free one if taken.")] = 8027,
    keep: Annotated[Path | None, typer.Option("--keep", help="Keep the database of --headless in this folder.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Play the whole campaign in virtual time against a Slack on this machine; nothing leaves it.

    Without --headless it opens a page on which you can be anybody, press every button and turn the clock.
    """
    folder = folder_to_try(campaign)
    # Warnings of the bot about faults that are injected on purpose would bury the timeline.
    logs.set_up("ERROR", as_json=False)
    found, problems = usable_campaign(folder)
    if problems.examples:
        typer.echo(f"{len(problems.examples)} values are still examples (earthweek check lists them).", err=True)
    if headless:
        _play_through(Rehearsal(folder, people, seed, keep=keep), found, as_json=as_json)
    elif as_json or keep:
        fail("--json and --keep are for what comes of playing everything at once: add --headless")
    else:
        _open_room(Rehearsal(folder, people, seed, guests=True), port)


def _open_room(rehearsal: Rehearsal, port: int) -> None:
    try:
        asyncio.run(watch(rehearsal, port, typer.echo))
    except ValueError as error:
        fail(str(error))
    except KeyboardInterrupt:
        typer.echo("The rehearsal is over; nothing of it is kept.")


def _play_through(rehearsal: Rehearsal, campaign: Campaign, *, as_json: bool) -> None:
    try:
        result = asyncio.run(play(rehearsal)) if as_json else _play_aloud(rehearsal, campaign)
    except (ValueError, OSError, UnansweredError) as error:
        fail(str(error))
    if as_json:
        print_json(report.as_json(result))
    else:
        _print_outcome(result)
        _print_next(rehearsal)
    # On standard error, so that --json stays one document on standard output.
    for difference in report.differences(result):
        typer.echo(difference, err=True)
    if not report.is_well(result):
        raise typer.Exit(1)


def _print_outcome(result: RehearsalResult) -> None:
    page = console()
    for table in report.tables(result):
        page.print(table)
    page.print(report.verdict(result), highlight=False)


def _print_next(rehearsal: Rehearsal) -> None:
    typer.echo(_NEXT)
    if rehearsal.keep:
        typer.echo(
            "What comes of the week can be made from it now, as `earthweek report --out FOLDER` does, with\n"
            f"    DATABASE_URL={database_url(rehearsal.keep)}"
        )


def _play_aloud(rehearsal: Rehearsal, campaign: Campaign) -> RehearsalResult:
    """Play, with a bar that moves and a line for everything that is posted."""
    page, timeline = console(), Timeline(campaign)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    # Disabled without a terminal: control sequences would fill a log file.
    with Progress(*columns, console=page, transient=True, disable=not page.is_terminal) as progress:
        bar = progress.add_task("rehearsing", total=1.0)

        def show(moment: Step) -> None:
            progress.update(bar, completed=moment.share)
            for line in timeline.lines(moment):
                page.print(line, markup=False, highlight=False)

        return asyncio.run(play(rehearsal, show))

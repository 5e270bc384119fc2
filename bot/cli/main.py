"""The commands a person types.

A command imports what it alone needs: the service, which runs for weeks, does not carry the rehearsal with it.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from bot.cli import terminal
from bot.clock import SystemClock
from bot.reports.format import Format

if TYPE_CHECKING:
    from rich.console import Console

    from bot.campaign.model import Campaign
    from bot.campaign.problems import Problem, Problems
    from bot.campaign.reader import Reading
    from bot.settings import Settings
    from bot.store.store import Store
    from bot.web.address import Address
    from rehearsal.headless import Outcome
    from rehearsal.simulation import Rehearsal

_CLEAN_UPS = 50
"""Tries within some seconds; after that a running bot does it, at the latest the next day."""

_WIDE = 140
"""Columns when the output goes to a file or a pipe: a plan that is cut to 80 says little."""

app = typer.Typer(
    help="A company's Earth Week in Slack: tips, pledges and Earth Hour, in every country's language and local time.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

CampaignOption = Annotated[
    Path | None,
    typer.Option("--campaign", help="The campaign's folder. Otherwise EARTHWEEK_CAMPAIGN.", metavar="FOLDER"),
]
ExamplesOption = Annotated[bool, typer.Option("--allow-examples", help="Send what is still an example, too.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead.")]


def main() -> None:
    """Run a command; what can be mended by the person who typed it is said in a sentence, without a traceback."""
    terminal.prepare()
    try:
        app()
    except Exception as error:
        sentences = _sentences(error)
        if not sentences:
            raise
        sys.exit("\n".join(sentences))
    finally:
        if lost := terminal.finish():
            sys.exit(lost)


def _sentences(error: Exception) -> list[str]:
    """What can be mended by the person who typed the command; nothing where a mistake of the bot is to blame."""
    from bot.campaign.live import UnusableCampaign
    from bot.run import CannotStart
    from bot.settings import SettingsError
    from bot.store.database import DatabaseUnusable

    if isinstance(error, UnusableCampaign):
        return [*map(str, error.problems), "Nothing is sent from this campaign; mend what is listed above."]
    if isinstance(error, SettingsError | DatabaseUnusable | CannotStart):
        return str(error).splitlines()
    full = terminal.unwritable(error)
    return [full] if full else []


@app.command()
def check(campaign: CampaignOption = None) -> None:
    """List everything that is wrong with a campaign, and what is still an example."""
    from bot.locales.catalogues import speaks
    from bot.reports.schedule import earth_hour

    reading = _read(_settings(campaign).earthweek_campaign)
    _show(reading.problems.errors)
    _show(reading.problems.warnings, "warning: ")
    errors, warnings = _count(reading.problems.errors, "error"), _count(reading.problems.warnings, "warning")
    if reading.problems.errors:
        _refuse(f"{errors}, {warnings}: nothing would be sent")
    if reading.campaign:
        for language in filter(lambda code: not speaks(code), reading.campaign.languages):
            typer.echo(f"note: the bot has no words of its own in {language!r}; its buttons are English there")
        typer.echo(earth_hour(reading.campaign.earth_hour))
    typer.echo(f"{errors}, {warnings}.".capitalize())


@app.command()
def plan(
    campaign: CampaignOption = None,
    as_json: JsonOption = False,
    ics: Annotated[bool, typer.Option("--ics", help="Print a calendar file instead.")] = False,
) -> None:
    """Show when everything is posted, in local time and UTC."""
    from bot.reports import calendar, capacity, schedule

    found = _campaign(campaign)
    slots = schedule.plan(found)
    if as_json:
        _print_json(schedule.as_json(slots))
    elif ics:
        sys.stdout.write(calendar.as_ics(found, slots, SystemClock().now()))
    else:
        console = _console()
        console.print(schedule.as_table(found, slots))
        console.print(schedule.earth_hour(found.earth_hour))
        per_minute = _settings(campaign).earthweek_messages_per_minute
        for each in capacity.of_everybody(found, per_minute):
            console.print(f"If every colleague asks for it: {capacity.sentence(each, per_minute)}")


@app.command()
def preview(
    out: Annotated[Path, typer.Option("--out", help="The folder to write the page into.", metavar="DIR")],
    campaign: CampaignOption = None,
) -> None:
    """Write a page that shows every post in every language, as Slack would show it."""
    from rehearsal.preview.page import write

    try:
        page = write(_campaign(campaign), out)
    except OSError as error:
        _refuse(f"{out} cannot be written: {error.strerror}")
    typer.echo(f"Open {page} in a browser.")


@app.command()
def report(
    out: Annotated[Path, typer.Option("--out", help="The folder to write the files into.", metavar="DIR")],
    formats: Annotated[
        list[Format] | None, typer.Option("--format", help="Can be given more than once; otherwise all of them.")
    ] = None,
    campaign: CampaignOption = None,
) -> None:
    """Write the published figures of who took part, for people outside Slack."""
    from bot.reports.files import write
    from bot.reports.participation import Report
    from bot.reports.published import published

    settings = _settings(campaign)
    found = _campaign(campaign)
    days = asyncio.run(published(settings.database_url, found))
    if not days:
        _refuse(f"there are no figures of {found.id} yet; the bot publishes them {_publications(found)}")
    try:
        written = write(Report.of(found, days), out, formats or list(Format))
    except OSError as error:
        _refuse(f"{out} cannot be written: {error.strerror}")
    for path in written:
        typer.echo(f"Wrote {path}")


def _publications(campaign: Campaign) -> str:
    """The days on which figures come out, in words."""
    from bot.campaign.localtime import local
    from bot.campaign.publications import set_times

    days = [f"{local(at, campaign.zone):%d %B %Y}" for at in set_times(campaign)]
    return f"on {', '.join(days)}" if days else "on no day: look at [figures] in campaign.toml"


@app.command()
def manifest(
    url: Annotated[str | None, typer.Option("--url", help="The bot's public https address, for HTTP.")] = None,
) -> None:
    """Print the app manifest that Slack asks for, for Socket Mode or, with --url, for HTTP."""
    from bot.slack.manifest import manifest as made

    try:
        _print_json(made(url))
    except ValueError as error:
        _refuse(f"--url: {error}")


@app.command()
def doctor(
    campaign: CampaignOption = None,
    allow_examples: ExamplesOption = False,
    ready: Annotated[bool, typer.Option("--ready", help="Ask the bot that runs here whether it is ready.")] = False,
) -> None:
    """Look at everything the bot needs before it runs; each line has a tick or says what to do."""
    if ready:
        _ask()
    elif not asyncio.run(_examine(_settings(campaign), allow_examples=allow_examples)):
        raise typer.Exit(1)


def _ask() -> None:
    from bot.cli.probe import probe

    address = _address()
    pulse = probe(address.host, address.port)
    typer.echo(pulse.summary)
    if not pulse.ready:
        raise typer.Exit(1)


def _address() -> Address:
    from bot.web.address import Address, written

    try:
        return Address.model_validate(written())
    except ValueError:
        # Whoever reads all the settings says it in a sentence.
        return _settings(None)


async def _examine(settings: Settings, *, allow_examples: bool) -> bool:
    from bot.cli.doctor import examine

    well = True
    async for finding in examine(settings, SystemClock(), allow_examples=allow_examples):
        typer.echo(f"{'✓' if finding.ok else '✗'} {finding.name}: {finding.detail}")
        well = well and finding.ok
    return well


@app.command()
def run(campaign: CampaignOption = None, allow_examples: ExamplesOption = False) -> None:
    """Run the bot until it is told to stop (SIGTERM or Ctrl-C)."""
    from bot import logs
    from bot.settings import read_logging

    logging = read_logging()
    logs.set_up(logging.log_level, logging.log_format)
    logs.catch_the_rest()
    try:
        asyncio.run(_run(_settings(campaign), allow_examples=allow_examples))
    except Exception as error:  # noqa: BLE001 - the last edge
        # Whoever reads the log reads all of it in one form, also why there is no more of it.
        logs.say_why_it_ended(error, _sentences(error))
        raise typer.Exit(1) from None


async def _run(settings: Settings, *, allow_examples: bool) -> None:
    from bot import run
    from bot.app import assemble

    async with assemble(settings, SystemClock(), allow_examples=allow_examples) as bot:
        await run.serve(bot)


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="Where the copy goes; it must not be there yet.")]) -> None:
    """Copy a SQLite database into a file, also while the bot runs; for PostgreSQL it says what to do instead."""
    from bot.store.backup import NoBackup
    from bot.store.backup import backup as copy

    try:
        copy(_settings(None).database_url, file)
    except NoBackup as error:
        _refuse(str(error))
    typer.echo(f"The database is in {file}. What people did is in it too: keep it as safe as the database.")


@app.command()
def move(
    origin: Annotated[str, typer.Option("--from", help="The database to leave, such as sqlite:///earthweek.db.")],
) -> None:
    """Copy everything from another database into the empty one that DATABASE_URL names. No bot may run on either."""
    from bot.store.transfer import move as copy

    try:
        moved = asyncio.run(copy(origin, _settings(None).database_url, SystemClock().now()))
    except ValueError as error:
        _refuse(f"--from: {error}")
    for table, rows in moved.items():
        typer.echo(f"{table}: {rows:,} {'row' if rows == 1 else 'rows'}")
    typer.echo("All of it is there. The old database is as it was; remove it when the bot runs well on the new one.")


def _group(name: str, about: str) -> typer.Typer:
    group = typer.Typer(help=about, no_args_is_help=True)
    app.add_typer(group, name=name)
    return group


people_app = _group("people", "Removes what is kept of people.")


@people_app.command("purge")
def people_purge(
    everything: Annotated[bool, typer.Option("--all", help="Every campaign, not only the one of the files.")] = False,
    campaign: CampaignOption = None,
    sure: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove what people did in a campaign, now; by itself it goes 90 days after. Published figures stay."""
    name = None if everything else _campaign(campaign).id
    whose = "every campaign" if everything else name
    if not sure:
        typer.confirm(f"Remove what people did in {whose}? It cannot be brought back.", abort=True)
    ended = asyncio.run(_erase(_settings(None), name))
    typer.echo(f"Removed: {', '.join(ended)}." if ended else f"Nothing was kept of {whose}.")


async def _erase(settings: Settings, campaign: str | None) -> list[str]:
    async with _store(settings) as store:
        ended = await store.privacy.erase(campaign)
        await _clean_up(store)
        return ended


@people_app.command("forget")
def people_forget(user: Annotated[str, typer.Argument(help="The Slack user ID, such as U012ABC.")]) -> None:
    """Remove everything about one person who cannot type /earthweek forget, such as a colleague who has left."""
    from bot.store.user_id import user_id

    try:
        who = user_id(user)
    except ValueError as error:
        _refuse(f"Nothing was removed: {error}")
    known = asyncio.run(_forget(_settings(None), who))
    typer.echo(f"Everything about {who} is removed." if known else f"Nothing was kept of {who}.")


async def _forget(settings: Settings, user: str) -> bool:
    async with _store(settings) as store:
        known = await store.privacy.forget(user)
        await _clean_up(store)
        return known


async def _clean_up(store: Store) -> None:
    """A bot that is just counting keeps what was removed in the database's log; it does not count for long."""
    for _ in range(_CLEAN_UPS):
        if await store.privacy.clean_up():
            return
        await asyncio.sleep(0.1)


@asynccontextmanager
async def _store(settings: Settings) -> AsyncIterator[Store]:
    """What is kept, for a command that changes it while a bot may run."""
    from bot.store.database import open_database, require_current
    from bot.store.store import Store

    await require_current(settings.database_url)
    engine = open_database(settings.database_url)
    try:
        yield Store(engine, owner="cli", lease=timedelta(0))
    finally:
        await engine.dispose()


@app.command()
def rehearse(
    campaign: CampaignOption = None,
    headless: Annotated[bool, typer.Option("--headless", help="Play everything at once, without a page.")] = False,
    people: Annotated[int, typer.Option("--people", min=0, max=100_000, help="How many made-up colleagues.")] = 0,
    seed: Annotated[int, typer.Option("--seed", help="The same seed makes the same colleagues.")] = 1,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The page's port; a free one if taken.")] = 8027,
    as_json: JsonOption = False,
) -> None:
    """Play the whole campaign in virtual time against a Slack on this machine; nothing leaves it.

    Without --headless it opens a page on which you can be anybody, press every button and turn the clock.
    """
    from bot import logs
    from bot.settings import LogFormat
    from rehearsal.simulation import Rehearsal

    folder = _settings(campaign).earthweek_campaign
    logs.set_up("ERROR", LogFormat.TEXT)
    found, problems = _usable(folder)
    if problems.examples:
        typer.echo(f"{len(problems.examples)} values are still examples (earthweek check lists them).", err=True)
    if headless:
        _play_through(Rehearsal(folder, people, seed), found, as_json=as_json)
    elif as_json:
        _refuse("--json is what comes of playing everything at once: add --headless")
    else:
        _open_room(Rehearsal(folder, people, seed, guests=True), port)


def _open_room(rehearsal: Rehearsal, port: int) -> None:
    from rehearsal.web.launch import watch

    try:
        asyncio.run(watch(rehearsal, port, typer.echo))
    except ValueError as error:
        _refuse(str(error))
    except KeyboardInterrupt:
        typer.echo("The rehearsal is over; nothing of it is kept.")


def _play_through(rehearsal: Rehearsal, found: Campaign, *, as_json: bool) -> None:
    from rehearsal.people.person import UnansweredError
    from rehearsal.verify import report

    try:
        outcome = _play_quietly(rehearsal) if as_json else _play(rehearsal, found)
    except (ValueError, UnansweredError) as error:
        _refuse(str(error))
    if as_json:
        _print_json(report.as_json(outcome))
    else:
        _tell(outcome)
    for difference in report.differences(outcome):
        typer.echo(difference, err=True)
    if not report.is_well(outcome):
        raise typer.Exit(1)


def _tell(outcome: Outcome) -> None:
    from rehearsal.verify import report

    console = _console()
    for table in report.tables(outcome):
        console.print(table)
    console.print(report.verdict(outcome), highlight=False)


def _play_quietly(rehearsal: Rehearsal) -> Outcome:
    from rehearsal.headless import play

    return asyncio.run(play(rehearsal))


def _play(rehearsal: Rehearsal, campaign: Campaign) -> Outcome:
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    from rehearsal.headless import Moment, play
    from rehearsal.timeline import Timeline

    console = _console()
    timeline = Timeline(campaign)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task("rehearsing", total=1.0)

        def watch(moment: Moment) -> None:
            progress.update(bar, completed=moment.share)
            for line in timeline.lines(moment):
                console.print(line, markup=False, highlight=False)

        return asyncio.run(play(rehearsal, watch))


def _settings(campaign: Path | None) -> Settings:
    from bot.settings import read_settings

    settings = read_settings()
    return settings.model_copy(update={"earthweek_campaign": campaign}) if campaign else settings


def _campaign(option: Path | None) -> Campaign:
    return _usable(_settings(option).earthweek_campaign)[0]


def _usable(folder: Path) -> tuple[Campaign, Problems]:
    from bot.campaign.live import UnusableCampaign

    reading = _read(folder)
    if reading.campaign is None:
        raise UnusableCampaign(reading.problems.errors)
    return reading.campaign, reading.problems


def _read(folder: Path) -> Reading:
    from bot.campaign.reader import read
    from bot.messages.posts import KINDS

    return read(folder, KINDS)


def _show(problems: list[Problem], before: str = "") -> None:
    for problem in problems:
        typer.echo(f"{before}{problem}", err=not before)


def _count(problems: list[Problem], name: str) -> str:
    return f"{len(problems) or 'no'} {name}{'' if len(problems) == 1 else 's'}"


def _refuse(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)


def _console() -> Console:
    from rich.console import Console

    console = Console()
    return console if console.is_terminal else Console(width=_WIDE)


def _print_json(value: Any) -> None:
    json.dump(value, sys.stdout, ensure_ascii=not terminal.takes_unicode(), indent=2)
    sys.stdout.write("\n")

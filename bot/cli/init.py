"""`earthweek init`."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from datetime import date
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Annotated

import typer

from bot.campaign import earth_hour
from bot.cli.campaign_loader import folder_to_try, read_campaign, starter_campaign
from bot.cli.console import fail
from bot.cli.dotenv_template import dotenv
from bot.cli.new import CountriesOption, LanguagesOption, make_campaign
from bot.cli.setting_explanations import default_of
from bot.clock import SystemClock
from bot.database.private_files import OWNER_ONLY

InitFolder = Annotated[Path, typer.Argument(help="The folder to begin in. Otherwise this one.", metavar="FOLDER")]
YearOption = Annotated[int | None, typer.Option("--year", help="The campaign's year. Otherwise the next Earth Week's.")]

_SETTINGS, _CAMPAIGNS = ".env", "campaigns"


def init(
    folder: InitFolder = Path(),
    countries: CountriesOption = "",
    languages: LanguagesOption = "",
    year: YearOption = None,
) -> None:
    """Begin in an empty folder: make `.env` and a campaign, and say what comes next.

    Nothing that is there already is overwritten.
    """
    for name in (_SETTINGS, _CAMPAIGNS):
        if os.path.lexists(folder / name):
            fail(f"{folder / name} is there already, and nothing is overwritten; begin in another folder")
    beginning = starter_campaign() or folder_to_try(None)
    wanted = year or _next_year(SystemClock().now().date())
    campaign = Path(_CAMPAIGNS, f"earth-week-{wanted}")
    _write_settings(folder / _SETTINGS, campaign)
    try:
        make_campaign(folder / campaign, beginning, year=wanted, countries=countries, languages=languages)
    except BaseException:
        # All or nothing, so that the command can be typed again.
        (folder / _SETTINGS).unlink()
        raise
    examples = len(read_campaign(folder / campaign).problems.examples)
    typer.echo(f"Made {folder / _SETTINGS} and {folder / campaign}. What comes next:")
    for number, step in enumerate(_steps(folder, examples), 1):
        typer.echo(f"{number}. {step}")


def _next_year(today: date) -> int:
    return next(year for year in count(today.year) if earth_hour.settle(year).day >= today)


def _write_settings(file: Path, campaign: Path) -> None:
    given = {"POSTGRES_PASSWORD": secrets.token_hex(24)}
    if campaign.as_posix() != default_of("EARTHWEEK_CAMPAIGN"):
        given["EARTHWEEK_CAMPAIGN"] = campaign.as_posix()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # It will hold tokens, so it is made for its owner alone.
        with os.fdopen(
            os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "w", encoding="utf-8"
        ) as opened:
            opened.write(dotenv(given))
    except OSError as error:
        fail(f"{file} cannot be written: {error.strerror or error}")


def _steps(folder: Path, examples: int) -> Iterator[str]:
    if folder != Path():
        yield f"`cd {folder}`: a command reads the `{_SETTINGS}` of the folder in which it is typed."
    yield (
        f"Make the campaign yours: {examples} of its values are examples, which `earthweek check` lists. "
        "`earthweek plan` shows when everything is posted."
    )
    # The image is built without it.
    if find_spec("rehearsal"):
        yield "`earthweek preview --watch` shows every post, and `earthweek rehearse` is a Slack to try them in."
    yield (
        "Make the Slack app: at https://api.slack.com/apps, under Create New App, From a manifest, paste what "
        "`earthweek manifest` prints, and install it."
    )
    yield f"Write its tokens into `{_SETTINGS}`, which says where each one is."
    yield "`earthweek doctor` looks at everything: each line has a tick or says what to do."
    yield "`earthweek run` runs the bot. It keeps what it has sent in earthweek.db in this folder."

"""`earthweek new`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from bot.campaign import country_codes
from bot.campaign.campaign_reader import FILE
from bot.campaign.checks import is_language
from bot.campaign.folder import Folder
from bot.campaign.kept_ideas import FILE as IDEAS
from bot.campaign.measures_file import FILE as MEASURES
from bot.campaign.model import Campaign
from bot.campaign.new_campaign import NewCampaign, is_in_one_language, make_new
from bot.campaign.new_schedule import Wanted
from bot.campaign.pledges import FILE as PLEDGES
from bot.campaign.problems import Problems
from bot.campaign.toml_table import YEARS
from bot.cli.atomic_files import copied_to, write_text
from bot.cli.campaign_loader import folder_to_try, read_campaign, usable_campaign
from bot.cli.console import fail
from bot.reports.left_to_do import left_to_do

NewFolder = Annotated[Path, typer.Argument(help="The folder to make; it must be new.", metavar="FOLDER")]
SourceOption = Annotated[
    Path | None, typer.Option("--from", help="The campaign to begin with. Otherwise EARTHWEEK_CAMPAIGN.")
]
CountriesOption = Annotated[str, typer.Option("--countries", help="Its countries, such as FI,PL,BR.", metavar="CODES")]
LanguagesOption = Annotated[str, typer.Option("--languages", help="Its languages, such as en,fi.", metavar="CODES")]
YearOption = Annotated[int | None, typer.Option("--year", help="Its year. Otherwise the one after.")]


def new(
    folder: NewFolder,
    source: SourceOption = None,
    countries: CountriesOption = "",
    languages: LanguagesOption = "",
    year: YearOption = None,
) -> None:
    """Make next year's campaign from one that is there, for the same countries and languages or for others.

    Days move with Earth Hour, Easter and Earth Day; what only the company knows is marked as an example again.
    """
    made = make_campaign(folder, folder_to_try(source), year=year, countries=countries, languages=languages)
    reading = read_campaign(folder)
    typer.echo(f"Made {folder}: {_summary(reading.campaign)}. What is left to do:")
    for line in left_to_do(folder, reading.campaign, reading.problems, made):
        typer.echo(f"- {line}")
    typer.echo(f"After each change, `earthweek check --campaign {folder}` says what is still left.")


def make_campaign(folder: Path, beginning: Path, *, year: int | None, countries: str, languages: str) -> NewCampaign:
    """Make a folder with a campaign from one that is there, as the options of a command say. It has to be new."""
    found, _ = usable_campaign(beginning)
    wanted = Wanted(
        _year(year or found.first_day.year + 1),
        _codes(countries, _country) or [country.code for country in found.countries],
        _codes(languages, _language) or list(found.languages),
    )
    with copied_to(folder, beginning) as draft:
        return _write(draft, beginning, found, wanted)


def _year(year: int) -> int:
    if year not in YEARS:
        fail(f"--year {year} is in no year of an Earth Hour; write it as --year 2028")
    return year


def _codes(written: str, read: Callable[[str], str]) -> list[str]:
    """Read codes with commas or spaces between them, each of them once."""
    return list(dict.fromkeys(read(code) for code in written.replace(",", " ").split()))


def _country(code: str) -> str:
    if not country_codes.is_country(code.upper()):
        meant = country_codes.meant(code)
        todo = f"write {meant} for {country_codes.name(meant)}" if meant else "use two capital letters, such as SE"
        fail(f"--countries: there is no country {code!r}; {todo}")
    return code.upper()


def _language(code: str) -> str:
    if not is_language(code):
        fail(f"--languages: there is no language {code!r}; use a code such as sv, nb, da, de, en")
    return code


def _write(draft: Path, beginning: Path, source: Campaign, wanted: Wanted) -> NewCampaign:
    """Write the new campaign over a copy of the folder."""
    folder = Folder(beginning)
    paths = [path.relative_to(draft).as_posix() for path in sorted(draft.rglob("*")) if path.is_file()]
    edited = [path for path in paths if path in {FILE, PLEDGES, MEASURES, IDEAS} or is_in_one_language(path)]
    # Read as the campaign's reader does, which has found no problem in these files.
    texts = {path: folder.read(path, Problems(), "") for path in edited}
    try:
        made = make_new({path: text for path, text in texts.items() if text is not None}, source, wanted)
    except LookupError as error:
        fail(f"{beginning} cannot be edited, since {error}; write it as a table of its own, or copy the folder by hand")
    for path in edited:
        (draft / path).unlink()
    for path, text in made.files.items():
        write_text(draft / path, text)
    for each in (each for each in sorted(draft.rglob("*"), reverse=True) if each.is_dir() and not any(each.iterdir())):
        each.rmdir()
    return made


def _summary(campaign: Campaign | None) -> str:
    if campaign is None:
        return "it has mistakes that you have to mend"
    first, last = campaign.first_day, campaign.last_day
    codes = ", ".join(country.code for country in campaign.countries)
    days = f"{first:%A} {first.day} {first:%B} to {last:%A} {last.day} {last:%B} {last:%Y}"
    return f"{days}, for {codes}, in {', '.join(campaign.languages)}"

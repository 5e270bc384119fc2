"""Reads the pledges of a campaign: figures from `pledges.toml`, words from `pledges/`, one file a language."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.campaign import toml
from bot.campaign.country_codes import is_country, meant
from bot.campaign.folder import Folder
from bot.campaign.grid_emissions import with_kilograms
from bot.campaign.model import Evidence, Per, Pledge, PledgeWords
from bot.campaign.problems import Problems
from bot.campaign.toml_table_parsing import tables, value

FILE = "pledges.toml"

OBSTACLES = ("time", "cost", "no_alternative", "forgot", "colleagues", "rules", "information", "other")
"""Answers in a check-in to what would have made a pledge easier."""

OBSTACLE = "obstacle_"
"""Prefix of the measures that count who named one of them."""

_WHOLE_YEAR = 20_000
"""Kilograms. Hardly anybody in Europe causes as much in a year, so a larger figure is most likely in grams."""


@dataclass
class PledgeBook:
    """All pledges of a campaign. `version` is stored with every outcome, so that old reports never change."""

    version: str = ""
    pledges: tuple[Pledge, ...] = ()
    words: dict[tuple[str, str], PledgeWords] = field(default_factory=dict)


def read_pledges(
    folder: Folder, languages: Iterable[str], countries: Sequence[str], themes: Collection[str], problems: Problems
) -> PledgeBook:
    """Read the campaign's pledges. A campaign need not have any."""
    book = PledgeBook()
    if not folder.exists(FILE):
        return book
    raw = folder.read(FILE, problems, "put the file itself here, or take the link away")
    document = toml.parse(folder.name(FILE), raw, problems) if raw is not None else None
    if document is None:
        return book
    book.version = _version(document)
    found: list[Pledge] = []
    named = tables(document, "pledges")
    for index, table in enumerate(named):
        pledge = _read_pledge(table, countries, document, ("pledges", index))
        if pledge:
            _check(pledge, document, ("pledges", index), countries, found)
            _check_theme(pledge, document, ("pledges", index), themes)
            found.append(pledge)
    book.pledges = tuple(found)
    # Of all tables, also those with mistakes, so that their words are not reported as belonging to no pledge.
    known = {str(table.get("id")) for table in named}
    for language in languages:
        book.words |= _read_words(folder, language, known, problems)
    return book


def _read_pledge(
    table: Mapping[str, Any], countries: Iterable[str], document: toml.Document, at: toml.Location
) -> Pledge | None:
    if "kwh" not in table:
        return value(Pledge, table, document, at)
    for key in ("kg", "low", "high"):
        if key in table:
            document.error((*at, key), f"a pledge with `kwh` has no `{key}`", "take it away, the grids say it")
    bare = {key: given for key, given in table.items() if key != "kg"}
    pledge = value(Pledge, with_kilograms(bare, countries), document, at)
    if pledge and pledge.kwh and pledge.kwh_range and not pledge.kwh_range[0] <= pledge.kwh <= pledge.kwh_range[1]:
        document.error((*at, "kwh"), f"`kwh` of {pledge.id!r} is outside `kwh_range`", "correct the range")
        return None
    return pledge


def _version(document: toml.Document) -> str:
    version = document.data.get("version")
    if isinstance(version, str) and version:
        for key in set(document.data) - {"version", "pledges"}:
            document.error((key,), f"the key `{key}` is not known here", "take it away")
        return version
    document.error((), "`version` is missing", 'add it at the top, for example `version = "2027.1"`')
    return ""


def _check(
    pledge: Pledge, document: toml.Document, at: toml.Location, countries: Sequence[str], before: list[Pledge]
) -> None:
    _check_ranges(pledge, document, at)
    _check_countries(pledge, document, at, countries)
    if pledge.high == 0 and pledge.evidence is not Evidence.SYMBOLIC:
        what = f"{pledge.id!r} saves nothing, and its evidence is {pledge.evidence}"
        document.warn((*at, "evidence"), what, 'correct `high`, or write evidence = "symbolic"')
    if pledge.high > _WHOLE_YEAR:
        what = f"{pledge.id!r} saves more than a person causes in a year"
        document.warn((*at, "high"), what, "write kilograms, not grams")
    if pledge.lasting and pledge.per is not Per.ONCE:
        document.error(at, f"{pledge.id!r} is lasting and counted per {pledge.per}", 'write `per = "once"`')
    if any(other.id == pledge.id for other in before):
        document.error(at, f"the pledge {pledge.id!r} is there twice", "keep one of the two")


def _check_theme(pledge: Pledge, document: toml.Document, at: toml.Location, themes: Collection[str]) -> None:
    if pledge.theme and pledge.theme not in themes:
        todo = f"write one of {', '.join(themes)}" if themes else f"add [themes.{pledge.theme}] to campaign.toml"
        document.error((*at, "theme"), f"there is no theme {pledge.theme!r}", todo)


def _check_countries(pledge: Pledge, document: toml.Document, at: toml.Location, countries: Sequence[str]) -> None:
    bare = [code for code in countries if pledge.is_offered(code) and pledge.kilograms(code) is None]
    if bare:
        todo = f"add it under [pledges.kg_by_country], or write left_out = {json.dumps([*pledge.left_out, *bare])}"
        document.error(at, f"{pledge.id!r} has no figure for {', '.join(bare)}", todo)
    for key in ("kg_by_country", "source_by_country"):
        for code in filter(lambda code: not is_country(code), getattr(pledge, key)):
            found = meant(code)
            todo = f'write "{found}"' if found else "use its two capital letters, such as SE"
            document.error((*at, key), f"there is no country {code!r}", todo)
    for code in pledge.left_out:
        if code not in countries:
            document.error((*at, "left_out"), f"{code!r} is no country of the campaign", "correct or remove it")
    if countries and not any(map(pledge.is_offered, countries)):
        document.warn((*at, "left_out"), f"{pledge.id!r} is left out everywhere", "take the pledge away")


def _check_ranges(pledge: Pledge, document: toml.Document, at: toml.Location) -> None:
    figures = [kg for kg in (pledge.kg, *pledge.kg_by_country.values()) if kg is not None]
    if pledge.low > pledge.high or any(not pledge.low <= kg <= pledge.high for kg in figures):
        document.error(at, f"the figures of {pledge.id!r} do not lie between low and high", "correct the range")
    for country, (low, high) in pledge.range_by_country.items():
        kilograms = pledge.kg_by_country.get(country)
        if kilograms is None:
            document.error(at, f"{pledge.id!r} has a range and no figure for {country}", "add it in kg_by_country")
        elif not low <= kilograms <= high:
            document.error(at, f"the figure of {pledge.id!r} for {country} is outside its range", "correct the range")


def _read_words(
    folder: Folder, language: str, known: set[str], problems: Problems
) -> dict[tuple[str, str], PledgeWords]:
    path = f"pledges/{language}.toml"
    raw = folder.read(path, problems, "write the pledges in this language too")
    document = toml.parse(folder.name(path), raw, problems) if raw is not None else None
    if document is None:
        return {}
    words: dict[tuple[str, str], PledgeWords] = {}
    for pledge_id, table in document.data.items():
        if pledge_id not in known:
            document.error((pledge_id,), f"there is no pledge {pledge_id!r}", f"compare with {FILE}")
        elif made := value(PledgeWords, table, document, (pledge_id,)):
            words[pledge_id, language] = made
    for pledge_id in sorted(known - set(document.data)):
        document.error((), f"the pledge {pledge_id!r} is missing", f"add [{pledge_id}] with its words")
    return words

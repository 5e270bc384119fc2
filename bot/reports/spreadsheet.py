"""The report for spreadsheets: a table of figures, and a table of definitions, notes and sources."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from bot.reports.published_participation import FIGURES, GROUPS, Report, definitions, hidden_figures, notes, place_label
from bot.standings.published_figures import ELSEWHERE, Band, Kilograms, Standing, Standings

# With the mark, Excel reads UTF-8 and not what is usual where it runs; programs know it as utf-8-sig.
ENCODING = "utf-8-sig"

COLUMNS = (
    "campaign",
    "day",
    "taken_at",
    "place",
    "place_name",
    "headcount",
    "headcount_date",
    "participants",
    "rate_percent",
    "goal_percent",
    "opted_out",
    "pledges",
    "pledged_kg_low",
    "pledged_kg_about",
    "pledged_kg_high",
    "confirmed_pledges",
    "confirmed_kg_low",
    "confirmed_kg_about",
    "confirmed_kg_high",
    "response_rate_percent",
    "continuing",
    "earth_hour_people",
    "earth_hour_minutes",
    *GROUPS["obstacles"],
    "few",
    "nearly_all",
    "hidden",
    "smallest_group",
    "max_kg",
    "definition",
    "factors",
)
"""The columns, which are the same in all languages and years.

A figure that is empty is listed in `few`, in `nearly_all` or in `hidden`, or there is no such figure.
"""

_NOTE_COLUMNS = ("kind", "name", "text", "version", "url")

_PLACES = {ELSEWHERE: "elsewhere"}

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""Beginnings of cells that a spreadsheet takes for formulas (OWASP), also as full-width characters."""

Cell = str | float | None


def as_csv(report: Report) -> str:
    """Make a row for each day and place: all countries together (`all`), each one that is shown, and `elsewhere`."""
    return _table(COLUMNS, (_row(report, day, each) for day in report.days for each in day.rows()))


def notes_as_csv(report: Report) -> str:
    """Make rows with the definitions of the figures, the notes, and the sources of the factors."""
    return _table(_NOTE_COLUMNS, _notes(report))


def _row(report: Report, day: Standings, standing: Standing) -> list[Cell]:
    cells: dict[str, Cell] = {
        **_known(standing),
        **_kilograms("pledged", standing.pledged),
        **_kilograms("confirmed", standing.confirmed),
        "campaign": day.campaign,
        "day": report.day(day).isoformat(),
        "taken_at": day.taken_at.isoformat(),
        "place": _PLACES.get(standing.place, standing.place),
        "place_name": place_label(report.words, standing.place),
        "headcount_date": standing.headcount_date.isoformat() if standing.headcount_date else None,
        "rate_percent": standing.rate,
        "response_rate_percent": standing.response_rate,
        "goal_percent": day.goal_percent,
        "few": _named(standing, Band.FEW),
        "nearly_all": _named(standing, Band.NEARLY_ALL),
        "hidden": " ".join(hidden_figures(standing)),
        "smallest_group": day.smallest_group,
        "max_kg": day.max_kg,
        "definition": day.definition,
        "factors": day.factors,
    }
    return [cells[name] for name in COLUMNS]


def _known(standing: Standing) -> dict[str, Cell]:
    """Return the figures that have a column of their own name."""
    found = {name: getattr(standing, name) for name in COLUMNS if name in Standing.model_fields}
    return {name: None if isinstance(value, Band) else value for name, value in found.items()}


def _named(standing: Standing, band: Band) -> str:
    return " ".join(name for name in FIGURES if getattr(standing, name) == band)


def _kilograms(name: str, kilograms: Kilograms | None) -> dict[str, Cell]:
    parts = ("low", "about", "high")
    return {f"{name}_kg_{part}": getattr(kilograms, part) if kilograms else None for part in parts}


def _notes(report: Report) -> Iterator[list[Cell]]:
    newest, campaign = report.newest, report.campaign
    for name, text in definitions(report.words).items():
        yield ["definition", name, text, newest.definition, None]
    for text in notes(report):
        yield ["note", None, text, None, None]
    for pledge in campaign.pledges:
        yield ["source", pledge.id, pledge.source, campaign.factors_version, pledge.source_url]
        for code, source in pledge.source_by_country.items():
            yield ["source", f"{pledge.id} {code}", source, campaign.factors_version, None]


def _table(columns: Iterable[str], cells: Iterable[Iterable[Cell]]) -> str:
    written = io.StringIO()
    # The default dialect: commas and CRLF, as in RFC 4180.
    table = csv.writer(written)
    table.writerow(columns)
    table.writerows([_safe(cell) for cell in row] for row in cells)
    return written.getvalue()


def _safe(cell: Cell) -> Cell:
    """Make a cell safe for spreadsheets: text is never a formula, and whole numbers have no `.0`."""
    match cell:
        case str():
            # Spreadsheets skip spaces before a formula.
            return f"'{cell}" if cell.lstrip(" ").startswith(_FORMULA) else cell
        case float() if cell.is_integer():
            return int(cell)
        case _:
            return cell

"""The formats of a report, and its files in each of them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from enum import StrEnum

from bot.reports.html_report import page
from bot.reports.published_participation import Report, as_json
from bot.reports.results import results, results_json
from bot.reports.spreadsheet import ENCODING, as_csv, notes_as_csv


class Format(StrEnum):
    """A format of a report: for programs, for spreadsheets, for readers. The value is the file's suffix."""

    JSON = "json"
    CSV = "csv"
    HTML = "html"


def files_of(report: Report, formats: Collection[Format] = tuple(Format)) -> dict[str, bytes]:
    """Make a file for each format, by their names, as they are on every system.

    The spreadsheet has a second one with its definitions, and JSON one with the results for a later year.
    """
    found = _texts(report, formats)
    return {f"report-{report.campaign.id}{end}": text.encode(_encoding(end)) for end, text in found}


def _texts(report: Report, formats: Collection[Format]) -> Iterator[tuple[str, str]]:
    """Yield the end of each file's name, and its text."""
    if Format.JSON in formats:
        yield ".json", json.dumps(as_json(report), ensure_ascii=False, indent=2) + "\n"
        yield "-results.json", results_json(results(report.campaign, report.newest))
    if Format.CSV in formats:
        yield ".csv", as_csv(report)
        yield "-notes.csv", notes_as_csv(report)
    if Format.HTML in formats:
        yield ".html", page(report)


def _encoding(name: str) -> str:
    return ENCODING if name.endswith(".csv") else "utf-8"

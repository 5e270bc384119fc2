"""The formats of a report."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    """What a report is written as: for programs, for spreadsheets, for readers. The value ends the file's name."""

    JSON = "json"
    CSV = "csv"
    HTML = "html"

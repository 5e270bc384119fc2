"""The formats of a report."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    """A format of a report: for programs, for spreadsheets, for readers. The value is the file's suffix."""

    JSON = "json"
    CSV = "csv"
    HTML = "html"

from __future__ import annotations

from bot.reports.formats import Format, files_of
from bot.reports.published_participation import Report

ALL = [
    "report-earth-week-2027.json",
    "report-earth-week-2027-results.json",
    "report-earth-week-2027.csv",
    "report-earth-week-2027-notes.csv",
    "report-earth-week-2027.html",
]


def test_all_formats_are_made_unless_some_are_chosen(report: Report) -> None:
    assert list(files_of(report)) == ALL
    assert list(files_of(report, [Format.CSV])) == ALL[2:4]
    assert list(files_of(report, [Format.HTML, Format.JSON])) == [ALL[0], ALL[1], ALL[4]]


def test_spreadsheets_have_byte_order_mark_and_windows_newlines(report: Report) -> None:
    files = files_of(report)
    for name in ALL[2:4]:
        assert files[name].startswith(b"\xef\xbb\xbf")
        assert files[name].count(b"\n") == files[name].count(b"\r\n")
    for name in (ALL[0], ALL[1], ALL[4]):
        assert not files[name].startswith(b"\xef\xbb\xbf")

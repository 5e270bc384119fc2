from __future__ import annotations

from pathlib import Path

import pytest

from bot.reports.formats import Format, write_report
from bot.reports.published_participation import Report

ALL = [
    "report-earth-week-2027.json",
    "report-earth-week-2027-results.json",
    "report-earth-week-2027.csv",
    "report-earth-week-2027-notes.csv",
    "report-earth-week-2027.html",
]


def test_all_formats_are_written_unless_some_are_chosen(report: Report, tmp_path: Path) -> None:
    assert [path.name for path in write_report(report, tmp_path / "new" / "all")] == ALL
    assert [path.name for path in write_report(report, tmp_path, [Format.CSV])] == ALL[2:4]
    assert [path.name for path in write_report(report, tmp_path / "two", [Format.HTML, Format.JSON])] == [
        ALL[0],
        ALL[1],
        ALL[4],
    ]


def test_other_files_stay_and_earlier_reports_are_replaced(report: Report, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / ALL[0]).write_text("old")
    write_report(report, tmp_path)
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert (tmp_path / ALL[0]).read_text(encoding="utf-8").startswith("{")


def test_spreadsheets_have_byte_order_mark_and_windows_newlines(report: Report, tmp_path: Path) -> None:
    write_report(report, tmp_path)
    for name in ALL[2:4]:
        written = (tmp_path / name).read_bytes()
        assert written.startswith(b"\xef\xbb\xbf")
        assert written.count(b"\n") == written.count(b"\r\n")
    for name in (ALL[0], ALL[1], ALL[4]):
        assert not (tmp_path / name).read_bytes().startswith(b"\xef\xbb\xbf")


def test_folder_that_cannot_be_made_raises_an_error(report: Report, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        write_report(report, tmp_path / "file")

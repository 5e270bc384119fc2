from __future__ import annotations

from pathlib import Path

import pytest
import typer

from bot.cli.atomic_files import write_files

CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


def test_files_come_into_folders_that_are_made(tmp_path: Path) -> None:
    write_files(tmp_path / "new", {"sv/index.html": "Å", "hour.ics": CALENDAR})
    assert (tmp_path / "new/sv/index.html").read_text("utf-8") == "Å"
    assert (tmp_path / "new/hour.ics").read_bytes() == CALENDAR


def test_former_files_are_replaced_and_others_stay(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    for text in ("old", "new"):
        write_files(tmp_path, {"page.html": text})
    assert {each.name: each.read_text() for each in tmp_path.iterdir()} == {"mine.txt": "mine", "page.html": "new"}


def test_no_other_file_is_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    for name in ("page.html", ".page.html.draft"):
        (tmp_path / name).symlink_to(tmp_path / "mine.txt")
    write_files(tmp_path, {"page.html": "new"})
    assert (tmp_path / "mine.txt").read_text() == "mine"
    assert not (tmp_path / "page.html").is_symlink()


def test_place_that_cannot_be_written_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(typer.Exit):
        write_files(tmp_path / "file", {"page.html": ""})
    assert capsys.readouterr().err == f"{tmp_path}/file cannot be written: File exists\n"

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.campaigns import Folder, shipped

from .conftest import Command

TABLE = "country;headcount;date\nSE;1 200;1.2.2027\nNO;80;2027-02-01\n"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return shipped(tmp_path / "week")


def test_table_is_written_into_the_campaign(earthweek: Command, folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(TABLE, "utf-8-sig")
    said = earthweek("headcounts", "people.csv", campaign=folder.root)
    assert (said.code, said.err) == (0, "")
    assert said.out == (
        f"Wrote into {folder.root}/campaign.toml: SE 1200 (2027-02-01), NO 80 (2027-02-01).\n"
        "Not in the table, and as before: DE, DK.\n"
    )
    sweden, _norway, denmark, _germany = folder.campaign().countries
    assert (sweden.headcount, sweden.headcount_date) == (1200, date(2027, 2, 1))
    assert sweden.examples == ("channel", "representatives")
    assert "headcount" in denmark.examples


def test_bad_line_writes_nothing(earthweek: Command, folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text(f"{TABLE}UK;5;soon\n", "utf-8")
    before = folder.text("campaign.toml")
    said = earthweek("headcounts", "people.csv", campaign=folder.root)
    assert said.code == 1
    assert said.err.splitlines() == [
        "people.csv:4: 'UK' is no country of the campaign; write one of SE, NO, DK, DE",
        "people.csv:4: the date 'soon' is no day; write it as 2027-01-01 or 1.1.2027",
        "Nothing was written, because of what is listed above.",
    ]
    assert folder.text("campaign.toml") == before


def test_table_without_lines_or_file_is_told(earthweek: Command, folder: Folder, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("country,headcount,date\n", "utf-8")
    said = earthweek("headcounts", "people.csv", campaign=folder.root)
    assert (said.code, said.err) == (1, "people.csv has no line below the names of the columns; nothing was written\n")
    said = earthweek("headcounts", "other.csv", campaign=folder.root)
    assert said.code == 1
    assert "other.csv:1: the file is missing; name a file with the columns country, headcount, date" in said.err

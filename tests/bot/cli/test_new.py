from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from tests.campaigns import SHIPPED, Folder, small

from .conftest import Command, Said


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return small(tmp_path / "week")


def make(earthweek: Command, folder: Folder, *words: str) -> Said:
    return earthweek("new", "next", "--from", str(folder.root), *words, campaign=None)


def test_next_year_is_made_and_can_be_checked(earthweek: Command, tmp_path: Path) -> None:
    said = earthweek("new", "next", "--from", str(SHIPPED), campaign=None)
    first, *todo, last = said.out.splitlines()
    assert (said.code, said.err) == (0, "")
    assert first == (
        "Made next: Monday 20 March to Saturday 25 March 2028, for SE, NO, DK, DE, in en, sv, nb, da, de. "
        "What is left to do:"
    )
    assert [line.partition(":")[0] for line in todo][:10] == [
        "- Earth Hour",
        "- Name",
        "- Channels",
        "- Representatives",
        "- Managers",
        "- Headcounts",
        "- Goal",
        "- Texts",
        "- Works council",
        "- Whatever of this is right by now",
    ]
    assert last == "After each change, `earthweek check --campaign next` says what is still left."
    made = Folder(tmp_path / "next")
    assert made.errors() == []
    assert set(made.files) == {file for file in Folder(SHIPPED).files if not file.startswith("words/")}
    assert "2027" not in "".join(
        made.text(file) for file in made.files if not re.search("pledges|measures", file) and not file.endswith(".png")
    ).replace("headcount_date = 2027-01-01", "")


def test_countries_languages_and_year_are_chosen(earthweek: Command, folder: Folder, tmp_path: Path) -> None:
    folder.change("pledges.toml", "low = 0.1\nhigh = 2\n", "kg = 1\nlow = 0.1\nhigh = 2\n")
    said = make(earthweek, folder, "--countries", "no, FI", "--languages", "en,fi", "--year", "2030")
    assert said.code == 0
    campaign = Folder(tmp_path / "next").campaign()
    assert [country.code for country in campaign.countries] == ["NO", "FI"]
    assert (campaign.languages, campaign.first_day) == (("en", "fi"), date(2030, 3, 25))
    assert said.out.startswith("Made next: Monday 25 March to Saturday 30 March 2030, for NO, FI, in en, fi. ")


def test_other_files_come_along(earthweek: Command, folder: Folder, tmp_path: Path) -> None:
    folder.write("README.md", "# Ours\n")
    folder.write("posts/tip/dryer.png", b"\x89PNG")
    (folder.root / ".git").mkdir()
    make(earthweek, folder, "--languages", "en")
    made = Folder(tmp_path / "next")
    assert set(folder.files) - set(made.files) == {file for file in folder.files if "sv" in Path(file).stem}
    assert not (tmp_path / "next" / ".git").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--countries", "FI,UK"), "--countries: there is no country 'UK'; write GB for United Kingdom"),
        (("--countries", "XX"), "--countries: there is no country 'XX'; use two capital letters, such as SE"),
        (("--languages", "en,xx"), "--languages: there is no language 'xx'; use a code such as sv, nb, da, de, en"),
        (("--year", "28"), "--year 28 is in no year of an Earth Hour; write it as --year 2028"),
    ],
)
def test_what_is_not_known_is_told(earthweek: Command, folder: Folder, words: tuple[str, ...], says: str) -> None:
    said = make(earthweek, folder, *words)
    assert (said.code, said.err) == (1, f"{says}\n")
    assert not Path("next").exists()


def test_folder_that_is_there_is_refused(earthweek: Command, folder: Folder, tmp_path: Path) -> None:
    shutil.copytree(folder.root, tmp_path / "next")
    said = make(earthweek, folder)
    assert (said.code, said.err) == (1, "next is there already, and nothing in it is overwritten; name a new folder\n")
    said = earthweek("new", str(folder.root / "next"), "--from", str(folder.root), campaign=None)
    assert "would be within the campaign's own folder" in said.err


def test_campaign_with_errors_is_no_beginning(earthweek: Command, folder: Folder) -> None:
    folder.change("campaign.toml", 'kind = "tip"', 'kind = "tap"')
    said = make(earthweek, folder)
    assert said.code == 1
    assert "there is no kind 'tap'" in said.err
    assert not Path("next").exists()


def test_tables_that_cannot_be_edited_are_told(earthweek: Command, folder: Folder) -> None:
    folder.change("campaign.toml", '\n[title]\nen = "Small week"\nsv = "Liten vecka"\n', "")
    folder.change("campaign.toml", "first_day", 'title.en = "Small week"\ntitle.sv = "Liten vecka"\nfirst_day')
    said = make(earthweek, folder, "--languages", "en")
    assert said.code == 1
    assert "cannot be edited, since ('title',) is written on several lines" in said.err
    assert not Path("next").exists()

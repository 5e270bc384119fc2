from __future__ import annotations

from pathlib import Path

import pytest

from bot.locales.catalogues import vocabulary
from tests.campaigns import Folder, small

from .conftest import Command

FILE = "words/fi.toml"
TOTAL = len(vocabulary().by_key("fi"))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return small(tmp_path / "week")


def test_a_new_file_has_every_word(earthweek: Command, folder: Folder) -> None:
    said = earthweek("words", "fi", campaign=folder.root)
    assert (said.code, said.err) == (0, "")
    assert said.out == f"Wrote {folder.root}/{FILE}: {TOTAL} of {TOTAL} words left to translate.\n"
    assert '"button.join" = ""' in folder.text(FILE)


def test_what_is_translated_stays(earthweek: Command, folder: Folder) -> None:
    folder.write(FILE, '"button.join" = "Tule mukaan"\n"button.old" = "Vanha"\n')
    said = earthweek("words", "fi", campaign=folder.root)
    assert f"{TOTAL - 1} of {TOTAL} words left" in said.out
    assert '"button.join" = "Tule mukaan"' in folder.text(FILE)
    assert '# "button.old" = "Vanha"' in folder.text(FILE)
    before = folder.text(FILE)
    assert earthweek("words", "fi", campaign=folder.root).code == 0
    assert folder.text(FILE) == before


@pytest.mark.parametrize("broken", ['"button.join" = "Tule', 'button.join = "Tule"', '"a" = "b"\n"a" = "c"'])
def test_unreadable_file_is_not_overwritten(earthweek: Command, folder: Folder, broken: str) -> None:
    folder.write(FILE, broken)
    said = earthweek("words", "fi", campaign=folder.root)
    assert said.code == 1
    assert f"{folder.root}/{FILE}:" in said.err
    assert "Nothing was written; mend what is listed above." in said.err
    assert folder.text(FILE) == broken


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("finnish", "there is no language 'finnish'; use a code such as fi, pl or pt"),
        ("../fi", "there is no language '../fi'"),
        ("nn", "the bot speaks nb by itself; to change single words, write only those into"),
    ],
)
def test_other_languages_are_refused(earthweek: Command, folder: Folder, language: str, sentence: str) -> None:
    said = earthweek("words", language, campaign=folder.root)
    assert (said.code, said.out) == (1, "")
    assert sentence in said.err
    assert not (folder.root / "words").exists()


def test_without_a_campaign_nothing_is_written(earthweek: Command, tmp_path: Path) -> None:
    said = earthweek("words", "fi", campaign=tmp_path / "nowhere")
    assert said.code == 1
    assert "nowhere/campaign.toml is missing; name the campaign's folder with --campaign" in said.err
    assert not (tmp_path / "nowhere").exists()

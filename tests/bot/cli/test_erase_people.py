"""`earthweek people purge` and `earthweek people forget`."""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli import erase_people

from .conftest import Command
from .kept import CAMPAIGN, known, make_version


def test_purge_removes_one_campaign_and_keeps_another(kept: Command) -> None:
    said = kept("people", "purge", "--yes")
    assert (said.code, said.out) == (0, f"Removed: {CAMPAIGN}.\n")
    assert known() == {"U0BO"}
    assert "Nothing was kept" in kept("people", "purge", "--yes").out


def test_every_campaign_can_be_ended_at_once(kept: Command) -> None:
    said = kept("people", "purge", "--all", "--yes", campaign=None)
    assert (said.code, known()) == (0, set())
    assert said.out == f"Removed: another, {CAMPAIGN}.\n"


def test_purge_without_confirmation_removes_nothing(kept: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert kept("people", "purge").code == 1
    assert known() == {"U0ANN", "U0BO"}


def test_a_colleague_who_has_left_can_be_forgotten(kept: Command) -> None:
    said = kept("people", "forget", "U0BO", campaign=None)
    assert (said.code, said.out) == (0, "Everything about U0BO is removed.\n")
    assert known() == {"U0ANN"}
    assert kept("people", "forget", "U0BO", campaign=None).out == "Nothing was kept of U0BO.\n"


def test_reader_of_the_log_delays_nobody_for_long(kept: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erase_people, "_CLEAN_UP_ATTEMPTS", 2)
    monkeypatch.setattr(erase_people, "_CLEAN_UP_INTERVAL", 0)
    with closing(sqlite3.connect("earthweek.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM people").fetchone() == (2,)
        said = kept("people", "forget", "U0BO", campaign=None)
    assert (said.code, said.out) == (0, "Everything about U0BO is removed.\n")
    assert known() == {"U0ANN"}


def test_mention_is_forgotten_as_its_user(kept: Command) -> None:
    said = kept("people", "forget", "<@u0bo|bo>", campaign=None)
    assert (said.code, said.out) == (0, "Everything about U0BO is removed.\n")
    assert known() == {"U0ANN"}


def test_what_is_no_id_forgets_nobody(kept: Command) -> None:
    said = kept("people", "forget", "Anna", campaign=None)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("Nothing was removed: 'Anna' is not a Slack user ID")
    assert known() == {"U0ANN", "U0BO"}


@pytest.mark.parametrize("words", [("purge", "--all", "--yes"), ("forget", "U0BO")])
@pytest.mark.parametrize("revision", ["0001", "9999"])
def test_database_of_another_version_stays_unchanged(kept: Command, words: tuple[str, ...], revision: str) -> None:
    make_version(revision)
    before = Path("earthweek.db").read_bytes()
    said = kept("people", *words, campaign=None)
    assert said.code == 1
    assert f"schema {revision}" in said.err
    assert "Traceback" not in said.err
    assert Path("earthweek.db").read_bytes() == before


@pytest.mark.parametrize("words", [("purge", "--all", "--yes"), ("forget", "U0ANN")])
def test_without_a_database_none_is_made(earthweek: Command, words: tuple[str, ...]) -> None:
    said = earthweek("people", *words, campaign=None)
    assert said.code == 1
    assert "earthweek.db" in said.err
    assert not list(Path().iterdir())


def test_campaign_with_errors_ends_nothing(kept: Command, tmp_path: Path) -> None:
    said = kept("people", "purge", "--yes", campaign=tmp_path)
    assert said.code == 1
    assert "campaign.toml:1: the file is missing" in said.err
    assert known() == {"U0ANN", "U0BO"}

"""`earthweek move`."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.database.urls import sole_process

from .conftest import Command
from .kept import URL, known, make_version


def test_everything_moves_into_an_empty_database(kept: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///new.db")
    said = kept("move", "--from", URL, campaign=None)
    assert said.code == 0
    assert "people: 2 rows" in said.out
    assert known("sqlite:///new.db") == known() == {"U0ANN", "U0BO"}
    again = kept("move", "--from", URL, campaign=None)
    assert again.code == 1
    assert "move into an empty database" in again.err


def test_invalid_database_address_is_explained(kept: Command) -> None:
    said = kept("move", "--from", "somewhere", campaign=None)
    assert said.code == 1
    assert "it is not a database address" in said.err


def test_nothing_moves_while_a_bot_has_the_database(kept: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///new.db")
    lock = sole_process(URL)
    assert lock
    said = kept("move", "--from", URL, campaign=None)
    lock.release()
    assert said.code == 1
    assert "in use by another process" in said.err


def test_one_row_is_no_rows(kept: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    kept("people", "forget", "U0BO", campaign=None)
    monkeypatch.setenv("DATABASE_URL", "sqlite:///new.db")
    lines = kept("move", "--from", URL, campaign=None).out.splitlines()
    assert "people: 1 row" in lines
    assert "outbox: 0 rows" in lines
    assert lines[-1].startswith("All of it is there. The old database is as it was")


@pytest.mark.parametrize("revision", ["0001", "9999"])
def test_database_of_another_version_stays_unmoved(
    kept: Command, revision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_version(revision)
    before = Path("earthweek.db").read_bytes()
    monkeypatch.setenv("DATABASE_URL", "sqlite:///new.db")
    assert f"schema {revision}" in kept("move", "--from", URL, campaign=None).err
    assert not Path("new.db").exists()
    assert Path("earthweek.db").read_bytes() == before

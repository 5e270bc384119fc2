"""`earthweek backup`."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.database.urls import sole_process

from .conftest import Command
from .kept import URL, known


def test_backup_is_complete_while_bot_uses_the_database(kept: Command) -> None:
    lock = sole_process(URL)
    assert lock
    said = kept("backup", "copy.db", campaign=None)
    lock.release()
    assert (said.code, known("sqlite:///copy.db")) == (0, {"U0ANN", "U0BO"})


def test_a_backup_never_replaces_a_file(kept: Command) -> None:
    Path("copy.db").write_text("precious", encoding="utf-8")
    said = kept("backup", "copy.db", campaign=None)
    assert said.code == 1
    assert "copy.db is there already" in said.err
    assert Path("copy.db").read_text("utf-8") == "precious"


def test_postgresql_backup_names_pg_dump_without_the_password(kept: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://bot:hunter2@db/earthweek")
    said = kept("backup", "copy.db", campaign=None)
    assert said.code == 1
    assert "pg_dump" in said.err
    assert "hunter2" not in said.out + said.err


def test_without_a_database_there_is_no_copy(earthweek: Command) -> None:
    said = earthweek("backup", "copy.db", campaign=None)
    assert said.code == 1
    assert "earthweek.db" in said.err
    assert not list(Path().iterdir())

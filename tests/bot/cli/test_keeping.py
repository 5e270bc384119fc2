"""The commands about what is kept: backup, move, people."""

from __future__ import annotations

import asyncio
import io
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.database.urls import open_database, sole_process
from bot.store.actions import Action, ActionKind
from bot.store.people import Person
from bot.store.schema import upgrade
from bot.store.store import Store

from .conftest import Command

NOW = datetime(2027, 3, 15, 9, tzinfo=UTC)
CAMPAIGN = "earth-week-2027"
URL = "sqlite:///earthweek.db"


@pytest.fixture
def kept(earthweek: Command) -> Command:
    """In a folder where somebody took part in this campaign and somebody else in another one."""
    asyncio.run(_keep())
    return earthweek


async def _keep() -> None:
    database = open_database(URL)
    await upgrade(database)
    store = Store(database, "test", timedelta(seconds=30))
    for user, campaign in (("U0ANN", CAMPAIGN), ("U0BO", "another")):
        await store.write(store.people.keep, [Person("T0", user, "Europe/Oslo", NOW, "NO")])
        await store.write(store.actions.record, Action(campaign, user, ActionKind.JOINED, "", "NO", NOW))
    await database.close()


def known(url: str = URL) -> set[str]:
    async def users() -> set[str]:
        database = open_database(url)
        found = await database.read(Store(database, "test", timedelta(seconds=30)).people.among, ["U0ANN", "U0BO"])
        await database.close()
        return set(found)

    return asyncio.run(users())


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


@pytest.mark.parametrize("written", ["u0bo", " U0BO", "@U0BO", "<@U0BO>", "<@u0bo|bo>"])
def test_an_id_is_understood_however_it_is_written(kept: Command, written: str) -> None:
    said = kept("people", "forget", written, campaign=None)
    assert (said.code, said.out) == (0, "Everything about U0BO is removed.\n")
    assert known() == {"U0ANN"}


@pytest.mark.parametrize(
    "written", ["anna@example.com", "Anna", "Walter", "@anna", "C0123456789", "U0BO U0ANN", "", "*"]
)
def test_what_is_no_id_is_refused(kept: Command, written: str) -> None:
    said = kept("people", "forget", written, campaign=None)
    assert (said.code, said.out) == (1, "")
    assert "is not a Slack user ID" in said.err
    assert "Copy member ID" in said.err
    assert known() == {"U0ANN", "U0BO"}


@pytest.mark.parametrize("revision", ["0001", "9999"])
def test_database_of_another_version_stays_unchanged(
    kept: Command, revision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect("earthweek.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
        connection.commit()
    before = Path("earthweek.db").read_bytes()
    monkeypatch.setenv("DATABASE_URL", URL)
    for said in (
        kept("people", "forget", "U0BO", campaign=None),
        kept("people", "purge", "--all", "--yes", campaign=None),
        kept("report", "--out", "figures"),
    ):
        assert said.code == 1
        assert f"schema {revision}" in said.err
        assert "Traceback" not in said.err
    monkeypatch.setenv("DATABASE_URL", "sqlite:///new.db")
    assert f"schema {revision}" in kept("move", "--from", URL, campaign=None).err
    assert not Path("new.db").exists()
    assert Path("earthweek.db").read_bytes() == before


def test_without_a_database_nothing_is_made(earthweek: Command) -> None:
    for command in (["backup", "copy.db"], ["people", "forget", "U0ANN"]):
        said = earthweek(*command, campaign=None)
        assert said.code == 1
        assert "earthweek.db" in said.err
    assert not list(Path().iterdir())

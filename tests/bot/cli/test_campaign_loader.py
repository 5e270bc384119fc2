"""The campaign that a command works on: named, set, or the one that comes with the package."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.campaign.live_reload import UnusableCampaignError
from bot.campaign.organiser_decisions import Decisions
from bot.cli import campaign_loader
from bot.cli.campaign_loader import (
    folder_to_try,
    read_campaign,
    read_decisions,
    settings_for,
    starter_campaign,
    usable_campaign,
)
from bot.database.urls import open_database
from bot.database.worker_threads import Kind
from bot.settings import read_settings
from bot.store.organiser_acts import Actor
from bot.store.pauses import Pauses
from bot.store.schema import migrate
from tests.campaigns import SHIPPED, Folder, shipped_campaign, small

from .conftest import Command
from .kept import CAMPAIGN, URL, make_version

pytestmark = pytest.mark.usefixtures("earthweek")
"""Each is in an empty folder and an environment that says nothing."""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return small(tmp_path / "small")


@pytest.fixture
def starter(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The campaign that comes with the package; the first place for it is empty."""
    made = tmp_path_factory.mktemp("package")
    monkeypatch.setattr(campaign_loader, "_STARTERS", (made / "nowhere", made))
    return made


def test_named_campaign_is_used_for_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EARTHWEEK_CAMPAIGN", "set")
    assert settings_for(Path("named")).earthweek_campaign == Path("named")
    assert settings_for(None).earthweek_campaign == Path("set")
    assert settings_for(Path("named")).database_url == read_settings().database_url


def test_starter_is_tried_where_nothing_is_named(starter: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert folder_to_try(None) == starter
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(
        f"No campaign is named, so this is the starter campaign, {starter}; `earthweek new FOLDER`"
    )


@pytest.mark.usefixtures("starter")
def test_campaign_that_was_meant_is_never_replaced(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert folder_to_try(Path("mistyped")) == Path("mistyped")
    (tmp_path / ".env").write_text("EARTHWEEK_CAMPAIGN=in-a-file", "utf-8")
    assert folder_to_try(None) == Path("in-a-file")
    monkeypatch.setenv("EARTHWEEK_CAMPAIGN", "in-the-environment")
    assert folder_to_try(None) == Path("in-the-environment")
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("starter")
def test_usual_folder_comes_before_the_starter(capsys: pytest.CaptureFixture[str]) -> None:
    usual = read_settings().earthweek_campaign
    usual.mkdir(parents=True)
    assert folder_to_try(None) == usual
    assert capsys.readouterr().err == ""


def test_without_a_starter_the_usual_folder_is_missed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(campaign_loader, "_STARTERS", (tmp_path / "nowhere",))
    assert starter_campaign() is None
    assert folder_to_try(None) == read_settings().earthweek_campaign


def test_checkout_begins_with_the_shipped_campaign() -> None:
    assert starter_campaign() == SHIPPED


def test_usable_campaign_comes_with_its_warnings(folder: Folder) -> None:
    folder.write("posts/tip/fi.md", folder.text("posts/tip/en.md"))
    campaign, problems = usable_campaign(folder.root)
    assert campaign.id == "small-week"
    assert [each.what for each in problems] == ["this file is never read"]


def test_campaign_with_errors_is_read_and_not_usable(folder: Folder) -> None:
    folder.change("campaign.toml", "Europe/Oslo", "Europe/Asgard")
    reading = read_campaign(folder.root)
    assert reading.campaign is None
    with pytest.raises(UnusableCampaignError) as refused:
        usable_campaign(folder.root)
    assert list(refused.value.problems) == reading.problems.errors != []


# What organisers have decided


@pytest.fixture
def paused(earthweek: Command) -> None:  # noqa: ARG001 - it has chosen the folder
    """A database in which Norway is paused."""
    database = open_database(URL)
    with database.transaction(Kind.ALONE) as connection:
        migrate(connection)
    with database.transaction() as connection:
        Pauses().pause(connection, Actor(CAMPAIGN, "U0BOSS", datetime(2027, 3, 1, tzinfo=UTC)), "NO")
    database.engine.dispose()


def decided() -> Decisions:
    return read_decisions(read_settings(), shipped_campaign())


@pytest.mark.usefixtures("paused")
def test_decisions_are_those_of_the_campaign(folder: Folder) -> None:
    assert [pause.country for pause in decided().pauses] == ["NO"]
    assert read_decisions(read_settings(), folder.campaign()) == Decisions()


def test_without_a_database_nothing_is_decided(tmp_path: Path) -> None:
    assert decided() == Decisions()
    assert [*tmp_path.iterdir()] == [], "none is made"


@pytest.mark.usefixtures("paused")
@pytest.mark.parametrize("revision", ["0001", "9999"])
def test_database_of_another_version_is_not_asked(revision: str) -> None:
    make_version(revision)
    assert decided() == Decisions()


@pytest.mark.parametrize("raw", [b"", b"no database at all, whatever its name says" * 50])
def test_file_that_is_no_database_decides_nothing(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "earthweek.db").write_bytes(raw)
    assert decided() == Decisions()
    assert (tmp_path / "earthweek.db").read_bytes() == raw


def test_commands_say_which_campaign_they_have_tried(earthweek: Command, starter: Path) -> None:
    said = earthweek("check", campaign=None)
    assert said.code == 1
    assert f"this is the starter campaign, {starter}" in said.err
    assert f"{starter}/campaign.toml:1: the file is missing" in said.err

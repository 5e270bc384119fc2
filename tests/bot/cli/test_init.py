from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli import campaign_loader, init
from bot.settings import read_settings
from tests.campaigns import Folder, small
from tests.simulation import MachineClock

from .conftest import Command

AUTUMN = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_autumn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(init, "SystemClock", lambda: MachineClock(AUTUMN))


def test_settings_and_a_campaign_are_made(earthweek: Command, tmp_path: Path) -> None:
    without = read_settings()
    said = earthweek("init", campaign=None)
    assert (said.code, said.err) == (0, "")
    first, *steps = said.out.splitlines()
    assert first == "Made .env and campaigns/earth-week-2027. What comes next:"
    named = re.findall(r"`earthweek (\w+)", said.out)
    assert named == ["check", "plan", "preview", "rehearse", "manifest", "doctor", "run"]
    assert [int(step.partition(".")[0]) for step in steps] == [*range(1, 7)]
    made = Folder(tmp_path / "campaigns" / "earth-week-2027")
    assert made.errors() == []
    assert made.campaign().first_day.year == 2027
    assert read_settings() == without, "what stands in .env is what holds without it"
    assert earthweek("check", campaign=None).err == "", "the campaign is found where it was made"


@pytest.fixture
def small_starter(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Begin with a campaign that is read faster than the shipped one."""
    starter = small(tmp_path_factory.mktemp("starter") / "small")
    monkeypatch.setattr(campaign_loader, "_STARTERS", (starter.root,))


@pytest.mark.usefixtures("small_starter")
def test_settings_are_for_their_owner_alone(earthweek: Command, tmp_path: Path) -> None:
    earthweek("init", campaign=None)
    assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600
    [password] = re.findall(r"^POSTGRES_PASSWORD=([0-9a-f]{48})$", (tmp_path / ".env").read_text("utf-8"), re.MULTILINE)
    earthweek("init", "other", campaign=None)
    assert password not in (tmp_path / "other" / ".env").read_text("utf-8")


@pytest.mark.usefixtures("small_starter")
def test_year_countries_and_folder_are_chosen(
    earthweek: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = earthweek("init", "ours", "--countries", "FI", "--languages", "en", "--year", "2028", campaign=None)
    assert said.out.splitlines()[1].startswith("1. `cd ours`: ")
    monkeypatch.chdir(tmp_path / "ours")
    folder = read_settings().earthweek_campaign
    assert folder == Path("campaigns/earth-week-2028")
    campaign = Folder(tmp_path / "ours" / folder).campaign()
    assert ([each.code for each in campaign.countries], campaign.languages) == (["FI"], ("en",))


@pytest.mark.usefixtures("small_starter")
@pytest.mark.parametrize(("month", "day", "year"), [(3, 20, 2027), (3, 21, 2028)])
def test_next_earth_week_is_the_one_made(
    earthweek: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, month: int, day: int, year: int
) -> None:
    monkeypatch.setattr(init, "SystemClock", lambda: MachineClock(datetime(2027, month, day, tzinfo=UTC)))
    earthweek("init", campaign=None)
    assert [each.name for each in (tmp_path / "campaigns").iterdir()] == [f"earth-week-{year}"]


@pytest.mark.parametrize("name", [".env", "campaigns"])
def test_what_is_there_is_kept(earthweek: Command, tmp_path: Path, name: str) -> None:
    # A link to nowhere, too: nothing is written through it.
    (tmp_path / name).symlink_to("elsewhere")
    said = earthweek("init", campaign=None)
    assert said.code == 1
    assert said.err == f"{name} is there already, and nothing is overwritten; begin in another folder\n"
    assert [each.name for each in tmp_path.iterdir()] == [name]


@pytest.mark.usefixtures("small_starter")
def test_what_cannot_be_made_leaves_nothing(earthweek: Command, tmp_path: Path) -> None:
    said = earthweek("init", "--countries", "UK", campaign=None)
    assert (said.code, "write GB for United Kingdom" in said.err) == (1, True)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").touch()
    said = earthweek("init", "file", campaign=None)
    assert (said.code, said.err) == (1, "file/.env cannot be written: File exists\n")

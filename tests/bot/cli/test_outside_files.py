"""What customers and users may read: the campaign as organisers have it, without claims and examples."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer

from bot.campaign.live_reload import UnusableCampaignError
from bot.campaign.model import Campaign
from bot.campaign.text_hash import text_hash
from bot.cli.outside_files import outgoing_campaign, write_outside
from bot.database.urls import open_database
from bot.database.worker_threads import Kind
from bot.settings import read_settings
from bot.store.organiser_acts import Actor
from bot.store.schema import migrate
from bot.store.text_revisions import Edit, Revisions
from tests.campaigns import Folder, also_in, shipped, small

from .conftest import Command

CLAIM = "EXEMPEL: Vi lagar datorer"
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def campaign(tmp_path: Path) -> Folder:
    return shipped(tmp_path / "mine")


@pytest.fixture
def folder(earthweek: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:  # noqa: ARG001 - it has chosen the folder
    """The small campaign, which a setting names."""
    made = small(tmp_path / "small")
    monkeypatch.setenv("EARTHWEEK_CAMPAIGN", str(made.root))
    return made


def outgoing(*, allow_examples: bool = False) -> tuple[Campaign, bool]:
    return outgoing_campaign(read_settings(), NOW, allow_examples=allow_examples)


@pytest.mark.parametrize("command", [("site",), ("kit", "--url", "https://example.com/week")])
def test_a_claim_keeps_everything_in_the_house(
    earthweek: Command, tmp_path: Path, campaign: Folder, command: tuple[str, ...]
) -> None:
    campaign.change("measures/sv.toml", CLAIM, "Vi är klimatneutrala")
    campaign.write("words/da.toml", '"site.why_page" = "Vi er en bæredygtig virksomhed."\n')
    said = earthweek(*command, "--out", "out", "--allow-examples", campaign=campaign.root)
    assert said.code == 1
    assert f"{campaign.at('measures/sv.toml', 'klimatneutrala')}: “klimatneutrala” must not leave the house" in said.err
    assert f"{campaign.at('words/da.toml', 'bæredygtig')}: “bæredygtig" in said.err
    assert "Nothing was written" in said.err
    assert not (tmp_path / "out").exists()


def test_what_a_person_must_judge_is_said(earthweek: Command, tmp_path: Path) -> None:
    folder = also_in(tmp_path / "mine", "fi")
    folder.change("measures/en.toml", 'responsible = "IT"', 'responsible = "IT, fossil-free"')
    said = earthweek("site", "--out", "site", "--allow-examples", campaign=folder.root)
    assert said.code == 0
    at = folder.at("measures/en.toml", "fossil-free")
    assert f"warning: {folder.root}/{at}: “fossil-free” needs a look before it leaves the house" in said.err
    assert "there is no list of claims in 'fi'" in said.err


@pytest.mark.parametrize("command", [("site",), ("kit", "--url", "https://example.com/week")])
def test_nothing_is_written_through_a_link(earthweek: Command, tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    (tmp_path / "out" / "index.html").symlink_to(tmp_path / "mine.txt")
    assert earthweek(*command, "--out", "out", "--allow-examples").code == 0
    assert (tmp_path / "mine.txt").read_text("utf-8") == "mine"
    assert "<html" in (tmp_path / "out" / "index.html").read_text("utf-8")


def test_earth_hour_by_the_rule_alone_is_said(earthweek: Command, campaign: Folder) -> None:
    campaign.change("campaign.toml", 'date = 2027-03-20\nstarts = 20:30:00\nexamples = ["date"]', "starts = 20:30:00")
    said = earthweek("site", "--out", "site", "--allow-examples", campaign=campaign.root)
    assert said.code == 0
    assert "Nobody has confirmed 2027-03-20 for Earth Hour" in said.err


def test_campaign_without_examples_goes_out(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    found, has_examples = outgoing()
    assert (found.id, has_examples) == (folder.campaign().id, False)
    assert capsys.readouterr().out == ""


def test_draft_is_told_from_what_may_be_read(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    folder.change("campaign.toml", "headcount = 50", 'headcount = 50\nexamples = ["headcount"]')
    with pytest.raises(typer.Exit):
        outgoing()
    said = capsys.readouterr().err.splitlines()
    assert said[0].partition(": ")[2].startswith("SE: headcount is still an example; put in your own")
    assert said[1].startswith("Nothing was written: examples are not for others to read.")
    assert outgoing(allow_examples=True)[1]


def test_campaign_with_errors_does_not_go_out(folder: Folder) -> None:
    folder.change("campaign.toml", "Europe/Oslo", "Europe/Asgard")
    with pytest.raises(UnusableCampaignError):
        outgoing(allow_examples=True)


def test_words_written_in_slack_go_out(folder: Folder) -> None:
    database = open_database(read_settings().database_url)
    with database.transaction(Kind.ALONE) as connection:
        migrate(connection)
    before = folder.campaign().text("tip", "en")
    edited = Edit("tip", "en", before.model_copy(update={"title": "As edited"}), text_hash(before), None)
    with database.transaction() as connection:
        Revisions().revise(connection, Actor("small-week", "U0BOSS", NOW), edited)
    database.engine.dispose()
    assert outgoing()[0].text("tip", "en").title == "As edited"
    assert folder.campaign().text("tip", "en").title == before.title


def test_files_are_written_by_their_paths(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    write_outside(out, {"index.html": "grön", "sv/poster.svg": b"\x00\xff"})
    assert (out / "index.html").read_text("utf-8") == "grön"
    assert (out / "sv" / "poster.svg").read_bytes() == b"\x00\xff"
    assert capsys.readouterr().out == f"Wrote 2 files into {out}; open {out / 'index.html'}\n"

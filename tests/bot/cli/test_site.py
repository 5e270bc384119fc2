"""`earthweek site`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.campaign.model import Campaign
from tests.campaigns import Folder, shipped

from .conftest import Command
from .test_report import names, published, week


@pytest.fixture
def campaign(tmp_path: Path) -> Folder:
    return shipped(tmp_path / "mine")


def test_page_has_the_newest_figures(earthweek: Command, tmp_path: Path) -> None:
    published(*week())
    said = earthweek("site", "--out", "site", "--allow-examples")
    assert (said.code, said.err) == (0, "")
    assert said.out == f"Wrote 13 files into site; open {Path('site', 'index.html')}\n"
    assert "About 67 of 400 colleagues" in (tmp_path / "site" / "en.html").read_text("utf-8")
    written = json.loads((tmp_path / "site" / "results.json").read_text("utf-8"))
    (people,) = (each for each in written["figures"] if each["name"] == "participants")
    assert people["values"]["all"] == 67
    assert set(people["definition"]) == {"en", "sv", "nb", "da", "de"}


def test_without_a_database_there_is_a_page_without_figures(earthweek: Command, tmp_path: Path) -> None:
    said = earthweek("site", "--out", "site", "--allow-examples")
    assert said.code == 0
    assert said.err.startswith("The page has no figures: there is no database at ")
    assert names(tmp_path) == {"site"}
    assert "results.json" not in names(tmp_path / "site")


def test_examples_are_refused_unless_a_draft_is_wanted(earthweek: Command, tmp_path: Path) -> None:
    said = earthweek("site", "--out", "site")
    assert said.code == 1
    assert "campaign.toml:55: company: name is still an example" in said.err
    assert "For a draft, add --allow-examples" in said.err
    assert names(tmp_path) == set()


def test_an_address_for_customers_is_checked(campaign: Folder) -> None:
    campaign.change("campaign.toml", '# contact = "earth-week@example.com"', 'contact = "Anna in Växjö"')
    [error] = campaign.errors()
    assert "'Anna in Växjö' is no address; write an e-mail address, or https://…" in error
    campaign.change("campaign.toml", "Anna in Växjö", "week@example.com")
    found: Campaign = campaign.campaign()
    assert found.company
    assert found.company.contact == "week@example.com"


def test_ideas_are_shown_as_their_authors_agreed(earthweek: Command, tmp_path: Path, campaign: Folder) -> None:
    idea = '[[ideas]]\ncampaign = "earth-week-2027"\nlanguage = "sv"\ntext = "{}"\nstage = "{}"\ncustomers = {}\n'
    all_ideas = [("Cykelställ", "done", "true"), ("Hemligt", "done", "false"), ("Framtid", "planned", "true")]
    campaign.write("ideas.toml", "\n".join(idea.format(*each) for each in all_ideas))
    assert earthweek("site", "--out", "site", "--allow-examples", campaign=campaign.root).code == 0
    page = (tmp_path / "site" / "en.html").read_text("utf-8")
    assert [text for text, *_ in all_ideas if text in page] == ["Cykelställ"]
    campaign.change("ideas.toml", "Cykelställ", "Vi är klimatneutrala")
    assert earthweek("site", "--out", "site", "--allow-examples", campaign=campaign.root).code == 1

from __future__ import annotations

from pathlib import Path

import pytest

from tests.campaigns import SHIPPED, also_in, shipped

from .conftest import Command


def test_shipped_campaign_has_no_errors_and_lists_examples(earthweek: Command) -> None:
    said = earthweek("check")
    assert said.code == 0
    assert "SE: headcount is still an example" in said.out
    assert "our-measure: text is still an example" in said.out
    assert "Earth Hour: Saturday 20 March 2027, 20:30 local time" in said.out
    assert said.err == ""


def test_every_error_is_listed_and_command_fails(earthweek: Command, tmp_path: Path) -> None:
    folder = shipped(tmp_path / "week")
    (folder.root / "posts/monday-tip/nb.md").unlink()
    folder.change("campaign.toml", '"Europe/Oslo"', '"Europe/Asgard"')
    said, line = earthweek("check", campaign=folder.root), folder.at("campaign.toml", '"Europe/Asgard"')
    assert said.code == 1
    assert f"{folder.root}/{line}: there is no time zone 'Europe/Asgard'; use a name such as" in said.err
    assert (
        f"{folder.root}/posts/monday-tip/nb.md:1: the file is missing; write this post in this language too" in said.err
    )
    assert "nothing would be sent" in said.err


def test_missing_folder_is_told_in_sentence(earthweek: Command, tmp_path: Path) -> None:
    said = earthweek("check", campaign=tmp_path / "nowhere")
    assert said.code == 1
    assert "nowhere/campaign.toml:1: the file is missing; name a folder that holds a campaign.toml" in said.err


def test_the_folder_comes_from_the_environment_too(earthweek: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EARTHWEEK_CAMPAIGN", str(SHIPPED))
    assert earthweek("check", campaign=None).code == 0


def test_a_setting_that_cannot_be_used_is_named(earthweek: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://somewhere")
    said = earthweek("check")
    assert said.code == 1
    assert "DATABASE_URL: data is kept in SQLite or PostgreSQL" in said.err


def test_typed_word_of_two_commands_is_named(earthweek: Command, tmp_path: Path) -> None:
    folder = also_in(tmp_path / "week", "fi")
    assert "stands under typed" not in earthweek("check", campaign=folder.root).out
    folder.change("words/fi.toml", '"typed.pledge" = "', '"typed.pledge" = "liity, stop, ')
    said = earthweek("check", campaign=folder.root)
    assert said.code == 0
    where = f"warning: {folder.root}/words/fi.toml:1"
    assert f"{where}: 'liity' stands under typed.pledge, and means join; take it away under typed.pledge" in said.out
    assert f"{where}: 'stop' stands under typed.pledge, and means stop; take it away under typed.pledge" in said.out


def test_language_without_bot_words_is_named(earthweek: Command, tmp_path: Path) -> None:
    folder = also_in(tmp_path / "week", "pl")
    said = earthweek("check", campaign=folder.root)
    assert said.code == 0, said.err
    assert "the bot has no words of its own in 'pl', so its buttons and forms are in English there" in said.out
    assert f"run `earthweek words pl --campaign {folder.root}` and translate what is empty" in said.out
    assert "in 'nb'" not in said.out


def test_claim_for_customers_makes_it_fail(earthweek: Command, tmp_path: Path) -> None:
    folder = shipped(tmp_path / "week")
    folder.change("measures/sv.toml", 'about = "', 'about = "Vi är klimatsmarta. ')
    said, line = earthweek("check", campaign=folder.root), folder.at("measures/sv.toml", "klimatsmarta")
    assert said.code == 1
    assert f"{folder.root}/{line}: “klimatsmarta” must not leave the house: a generic environmental claim" in said.err
    assert "; säg exakt vad som gjordes" in said.err
    assert "1 claim: colleagues would get everything, and site and kit would write nothing" in said.err


def test_language_without_list_of_claims_is_named(earthweek: Command, tmp_path: Path) -> None:
    said = earthweek("check", campaign=also_in(tmp_path / "week", "fi").root)
    assert said.code == 0, said.err
    assert "there is no list of claims in 'fi', so texts for customers are not looked through in it" in said.out

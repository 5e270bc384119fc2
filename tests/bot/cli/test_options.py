"""Options that commands share are the same in each of them."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from bot.cli.options import CampaignOption, DraftOption, JsonOption, OutOption

from .conftest import Command


def taken(*words: str) -> dict[str, object]:
    """What a command is given that has all of these options."""
    found: dict[str, object] = {}
    app = typer.Typer()

    def command(
        campaign: CampaignOption = None,
        draft: DraftOption = False,
        as_json: JsonOption = False,
        out: OutOption = Path("out"),
    ) -> None:
        found.update(campaign=campaign, draft=draft, as_json=as_json, out=out)

    app.command()(command)
    app(list(words), standalone_mode=False)
    return found


def test_without_words_nothing_is_chosen() -> None:
    assert taken() == {"campaign": None, "draft": False, "as_json": False, "out": Path("out")}


def test_each_word_chooses_one_thing() -> None:
    words = ("--campaign", "a/week", "--allow-examples", "--json", "--out", "b")
    assert taken(*words) == {"campaign": Path("a/week"), "draft": True, "as_json": True, "out": Path("b")}


def told(command: Command, name: str) -> str:
    """The help of a command, in one line."""
    return " ".join(command(name, "--help", campaign=None).out.replace("│", " ").split())


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("run", "Send what is still an example, too."),
        ("doctor", "Send what is still an example, too."),
        ("site", "Write a draft from what is still an example, too."),
        ("kit", "Write a draft from what is still an example, too."),
    ],
)
def test_examples_are_allowed_by_one_word(earthweek: Command, name: str, says: str) -> None:
    listed = told(earthweek, name)
    assert "--allow-examples" in listed
    assert says in listed


@pytest.mark.parametrize("name", ["check", "report", "doctor", "kit"])
def test_folder_is_explained_by_its_setting(earthweek: Command, name: str) -> None:
    listed = told(earthweek, name)
    assert "--campaign FOLDER" in listed
    assert "Otherwise EARTHWEEK_CAMPAIGN" in listed

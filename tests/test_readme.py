"""The README says what there is: a command, a setting or a kind that is not documented fails here."""

from __future__ import annotations

import re
from pathlib import Path

from bot.cli.main import app
from bot.messages.posts import KINDS
from bot.settings import Settings

TOP = Path(__file__).parents[1]
README = (TOP / "README.md").read_text(encoding="utf-8")


def test_every_command_is_in_the_readme() -> None:
    names = [command.callback.__name__ for command in app.registered_commands if command.callback]
    assert names
    for name in names:
        assert f"`earthweek {name}" in README


def test_every_setting_is_in_the_readme_and_in_the_example() -> None:
    example = (TOP / ".env.example").read_text(encoding="utf-8")
    for name in Settings.model_fields:
        assert f"`{name.upper()}`" in README
        if name != "slack_api_url":
            assert re.search(rf"^#?{name.upper()}=", example, re.MULTILINE)


def test_every_kind_is_explained_to_those_who_write() -> None:
    guide = (TOP / "campaigns" / "README.md").read_text(encoding="utf-8")
    for name in KINDS:
        assert f"| `{name}` |" in guide


def test_every_file_that_the_documents_link_to_is_there() -> None:
    for page in [TOP / "README.md", *TOP.glob("docs/**/*.md"), *TOP.glob("campaigns/*.md")]:
        for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page}: {target}"


def test_the_locks_name_no_index() -> None:
    for lock in TOP.glob("*.lock"):
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text
        assert text.count("--hash=sha256:") >= text.count("==")

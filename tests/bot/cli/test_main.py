from __future__ import annotations

import subprocess
import sys

import pytest

from bot.cli.main import COMMANDS

from .conftest import Command

HEAVY = {"sqlalchemy", "alembic", "aiohttp", "slack_bolt", "slack_sdk", "apscheduler", "babel", "jinja2"}


@pytest.mark.parametrize(("words", "more"), [(("--help",), set()), (("doctor", "--ready"), {"rich"})])
def test_listing_and_probing_import_nothing_heavy(words: tuple[str, ...], more: set[str]) -> None:
    program = (
        f"import sys; sys.argv = ['earthweek', *{words}]\n"
        "from bot.cli.main import main\n"
        "try: main()\n"
        "except SystemExit: print(*{name.partition('.')[0] for name in sys.modules})\n"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={"PORT": "9"})  # noqa: S603
    imported = set(done.stdout.splitlines()[-1].split())
    assert "typer" in imported
    assert not (HEAVY | more) & imported


@pytest.mark.parametrize("name", [*COMMANDS, "rehearse", "preview"])
def test_each_command_is_listed_with_its_help(earthweek: Command, name: str) -> None:
    listed = earthweek("--help", campaign=None).out
    # The first words: the list is cut into lines of the terminal's width.
    own = earthweek(name, "--help", campaign=None).out.split("Usage:")[1].splitlines()[2].split()[:3]
    assert f"{name} " in listed
    assert " ".join(own) in listed


def test_unknown_command_is_refused_in_a_sentence(earthweek: Command) -> None:
    said = earthweek("nothere", campaign=None)
    assert said.code == 2
    assert "No such command 'nothere'." in said.err

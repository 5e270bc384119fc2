"""The page for whoever operates the bot speaks of everything that the bot shows them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from bot.cli.main import app
from tests.acceptance.conftest import RunBot, over_http, run_bot
from tests.campaigns import Post, Week

__all__ = ["run_bot"]

TOP = Path(__file__).parents[1]
PAGE = (TOP / "docs" / "operations.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[str]:
    """The rows of the table under a heading."""
    [section] = re.findall(rf"^## {heading}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    return re.findall(r"^\| `.*", section, re.MULTILINE)


def told(heading: str) -> list[str]:
    """Every name in the first column of that table."""
    return [name for row in rows(heading) for name in re.findall(r"`(\w+)`", row.split("|")[1])]


def commands(command: Any, name: str = "earthweek") -> Iterator[tuple[str, set[str]]]:
    """Every command with its options, down to those of a group."""
    if isinstance(command, TyperGroup):
        for each in command.commands:
            yield from commands(command.commands[each], f"{name} {each}")
    else:
        yield name, {option for parameter in command.params for option in parameter.opts if option.startswith("--")}


COMMANDS = dict(commands(get_command(app)))
ALWAYS = {"--campaign"}
"""An option that most commands have, and that is told of above the table."""


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_explained_with_its_options(name: str) -> None:
    [explained] = [row for row in rows("Commands") if re.match(rf"\| `{name}[` ]", row)]
    assert set(re.findall(r"--[a-z-]+", explained)) == COMMANDS[name] - ALWAYS


def test_every_command_that_is_explained_exists() -> None:
    told_of = [row.split("|")[1].strip().strip("`") for row in rows("Commands")]
    assert [each for each in told_of if not any(each.startswith(name) for name in COMMANDS)] == []


@over_http
async def test_every_part_and_every_figure_is_explained(run_bot: RunBot) -> None:
    week = await run_bot(Week((Post("tip", date(2027, 3, 15), time(9), kind="tip"),)))
    parts, figures = await week.readiness(), await week.metrics()
    week.bot.delivery.dispatcher._metrics.refused("some_word")
    assert told("What each readiness line means") == list(parts)
    names = {name.partition("{")[0] for name in (*figures, *await week.metrics())}
    families = {re.sub(r"_(bucket|sum|count|created)$", "", name) for name in names}
    assert families
    assert [name for name in families if not re.search(rf"`{name}(_total)?`", PAGE)] == []


@pytest.mark.parametrize("name", re.findall(r"`(earthweek_\w+)`", PAGE))
def test_every_figure_that_is_explained_is_there(name: str) -> None:
    sources = (TOP / "bot").rglob("*.py")
    assert any(f'"{name}"' in source.read_text(encoding="utf-8") for source in sources)

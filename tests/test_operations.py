"""The page for whoever operates the bot speaks of everything that the bot shows them."""

from __future__ import annotations

import re
from datetime import date, time
from pathlib import Path

import pytest

from tests.acceptance.campaigns import Post, Week
from tests.acceptance.conftest import Opening, over_http, stage, transport

__all__ = ["stage", "transport"]

PAGE = (Path(__file__).parents[1] / "docs" / "operations.md").read_text(encoding="utf-8")


def told(heading: str) -> list[str]:
    """The first column of the table under a heading."""
    [section] = re.findall(rf"^## {heading}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    return re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)


@over_http
async def test_every_part_and_every_figure_is_explained(stage: Opening) -> None:
    week = await stage(Week((Post("tip", date(2027, 3, 15), time(9), kind="tip"),)))
    parts, figures = await week.readiness(), await week.metrics()
    week.bot.delivery.dispatcher._metrics.refused("some_word")
    assert told("What each readiness line means") == list(parts)
    names = {name.partition("{")[0] for name in (*figures, *await week.metrics())}
    families = {re.sub(r"_(bucket|sum|count|created)$", "", name) for name in names}
    assert families
    assert [name for name in families if not re.search(rf"`{name}(_total)?`", PAGE)] == []


@pytest.mark.parametrize("name", re.findall(r"`(earthweek_\w+)`", PAGE))
def test_every_figure_that_is_explained_is_there(name: str) -> None:
    sources = (Path(__file__).parents[1] / "bot").rglob("*.py")
    assert any(f'"{name}"' in source.read_text(encoding="utf-8") for source in sources)

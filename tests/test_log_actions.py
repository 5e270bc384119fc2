"""Every line that the bot can log is in the list of operations, with its level and its fields, and nothing else is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.sources import nodes

ROOT = Path(__file__).parents[1]
SOURCES = sorted(path for path in (ROOT / "bot").rglob("*.py") if "rehearsal" not in path.parts)
LEVELS = {name: name for name in ("debug", "info", "warning", "error", "critical")} | {"exception": "error"}
ROW = re.compile(r"^\| `([a-z_.]+)` \| ([a-z, ]+) \|([^|]*)\| [^|]+ \|$", re.MULTILINE)
SAYS_A_SENTENCE = {
    "campaign.unusable",
    "service.cannot_run",
    "service.waiting",
    "socket_mode.refused",
}
"""What the files, the settings or Slack keep the bot from, in the words that `doctor` has for it."""


@dataclass(frozen=True)
class Said:
    """One call in the source that logs something."""

    where: str
    action: str | None
    level: str
    fields: frozenset[str]
    event_is_fixed: bool


def calls() -> Iterator[Said]:
    for path in SOURCES:
        for node in nodes(path):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if node.func.attr in LEVELS and ast.unparse(node.func.value) == "log":
                yield said(path, node, LEVELS[node.func.attr])


def said(path: Path, node: ast.Call, level: str) -> Said:
    named = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
    action = named.pop("action", None)
    known = action.value if isinstance(action, ast.Constant) else None
    fixed = len(node.args) == 1 and isinstance(node.args[0], ast.Constant)
    where = f"{path.relative_to(ROOT).as_posix()}:{node.lineno}"
    return Said(where, str(known) if known else None, level, frozenset(named) - {"exc_info"}, fixed)


SAID = [*calls()]
LISTED = {
    action: (frozenset(levels.split(", ")), frozenset(re.findall(r"`(\w+)`", fields)))
    for action, levels, fields in ROW.findall((ROOT / "docs" / "operations.md").read_text("utf-8"))
}
BY_ITSELF = {"library.said"}
"""Made by the log of what libraries say."""


def test_the_list_has_every_action_and_no_other() -> None:
    assert {each.action for each in SAID} | BY_ITSELF == LISTED.keys()


@pytest.mark.parametrize("each", SAID, ids=lambda each: each.where)
def test_a_line_is_fixed_words_with_listed_fields(each: Said) -> None:
    assert each.action is not None, "the action is written where it is logged"
    assert each.event_is_fixed or each.action in SAYS_A_SENTENCE, "what differs belongs into a field"
    levels, fields = LISTED[each.action]
    assert each.level in levels
    assert each.fields <= fields

"""The alerts, played by promtool: each one fires for what it is about, after its time, and is quiet otherwise."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.deploy.promtool import promtool

TOP = Path(__file__).parents[2]
FILE = TOP / "deploy" / "prometheus" / "alerts.yaml"
RULES: list[dict[str, Any]] = YAML(typ="safe").load(FILE)["groups"][0]["rules"]
PAGE = (TOP / "docs" / "operations.md").read_text("utf-8")

ONE = 'job="earthweek",instance="one:3000"'
WELL = {
    f"up{{{ONE}}}": "1x120",
    f"earthweek_ready{{{ONE}}}": "1x120",
    **{f'earthweek_up{{{ONE},part="{part}"}}': "1x120" for part in ("failures", "signatures", "channels", "campaign")},
    f"earthweek_last_tick_timestamp_seconds{{{ONE}}}": "0+60x120",
    f"earthweek_oldest_overdue_seconds{{{ONE}}}": "0x120",
    f"earthweek_token_refused{{{ONE}}}": "0x120",
    f'earthweek_outbox{{{ONE},state="unconfirmed"}}': "0x120",
    f'earthweek_outbox{{{ONE},state="failed"}}': "0x120",
    f'earthweek_unsigned_requests_total{{{ONE},flaw="missing"}}': "0+5x120",
    f'earthweek_unsigned_requests_total{{{ONE},flaw="wrong"}}': "0x120",
    f'earthweek_interactions_total{{{ONE},kind="button",outcome="answered"}}': "0+30x120",
    f'earthweek_interactions_total{{{ONE},kind="button",outcome="failed"}}': "0x120",
    f'earthweek_interaction_seconds_bucket{{{ONE},kind="button",le="0.5"}}': "0+30x120",
    f'earthweek_interaction_seconds_bucket{{{ONE},kind="button",le="5"}}': "0+30x120",
    f'earthweek_interaction_seconds_bucket{{{ONE},kind="button",le="+Inf"}}': "0+30x120",
    f'earthweek_interaction_seconds_count{{{ONE},kind="button"}}': "0+30x120",
    f'earthweek_heartbeats_total{{{ONE},outcome="taken"}}': "0+1x120",
    f'earthweek_heartbeats_total{{{ONE},outcome="failed"}}': "0x120",
    f"process_start_time_seconds{{{ONE}}}": "1000x120",
}
"""Two hours of a bot that is well, a sample a minute."""


@dataclass(frozen=True)
class Case:
    """What is other than well, and which alerts fire after so many minutes."""

    name: str
    other: Mapping[str, str]
    firing: Mapping[int, set[str]]
    without: tuple[str, ...] = field(default=())


def series(name: str) -> str:
    """The series of the bot that is well with this name, or with a label's value after a colon."""
    metric, _, value = name.partition(":")
    [found] = [each for each in WELL if re.split(r"[{]", each)[0] == metric and f'"{value}"' in each + '""']
    return found


CASES = [
    Case("well", {}, {1: set(), 30: set(), 119: set()}),
    Case("nobody answers", {"up": "1x10 0x110"}, {14: set(), 17: {"EarthweekDown"}}),
    Case("nobody is asked", {"up": "_x120"}, {4: set(), 6: {"EarthweekDown"}}),
    Case("not ready", {"earthweek_ready": "1x10 0x20 1x90"}, {14: set(), 17: {"EarthweekNotReady"}, 33: set()}),
    Case("hangs", {"earthweek_last_tick_timestamp_seconds": "0+60x10 600x110"}, {11: set(), 14: {"EarthweekHangs"}}),
    Case("a burst", {"earthweek_oldest_overdue_seconds": "0x10 0+60x15 0x110"}, {25: set(), 30: set()}),
    Case("overdue", {"earthweek_oldest_overdue_seconds": "0x10 0+60x110"}, {30: set(), 33: {"EarthweekOverdue"}}),
    Case("token", {"earthweek_token_refused": "0x10 1x20 0x90"}, {11: set(), 14: {"EarthweekTokenRefused"}, 33: set()}),
    Case("asked soon", {"earthweek_outbox:unconfirmed": "0x10 2x20 0x90"}, {29: set(), 45: set()}),
    Case("unconfirmed", {"earthweek_outbox:unconfirmed": "0x10 2x110"}, {39: set(), 43: {"EarthweekUnconfirmed"}}),
    Case(
        "refused for good",
        {"earthweek_outbox:failed": "0x10 3x110", "earthweek_up:failures": "1x10 0x60 1x50"},
        {14: set(), 18: {"EarthweekRefused"}, 75: set()},
    ),
    Case(
        "another secret",
        {"earthweek_unsigned_requests_total:wrong": "0x10 0+2x110", "earthweek_up:signatures": "1x10 0x110"},
        {21: set(), 26: {"EarthweekSignatures"}, 119: {"EarthweekSignatures"}},
    ),
    Case(
        "a stranger at night",
        {"earthweek_unsigned_requests_total:wrong": "0x10 3x110", "earthweek_up:signatures": "1x10 0x110"},
        {20: set(), 23: set(), 60: set()},
    ),
    Case("a channel", {"earthweek_up:channels": "1x10 0x110"}, {24: set(), 28: {"EarthweekUnwell"}}),
    Case(
        "a press failed",
        {"earthweek_interactions_total:failed": "0x10 1x110"},
        {9: set(), 13: {"EarthweekAnswersFail"}, 40: set()},
    ),
    Case(
        "slow answers",
        {"earthweek_interaction_seconds_bucket:0.5": "0+30x10 300x110"},
        {12: set(), 40: {"EarthweekAnswersSlowly"}},
    ),
    Case(
        "heartbeats fail",
        {"earthweek_heartbeats_total:failed": "0x10 0+1x110", "earthweek_heartbeats_total:taken": "0+1x10 10x110"},
        {12: set(), 30: {"EarthweekHeartbeat"}},
    ),
    Case("one heartbeat is lost", {"earthweek_heartbeats_total:failed": "0x10 1x110"}, {12: set(), 18: set()}),
    Case("starts again", {"process_start_time_seconds": "0+60x20 1200x100"}, {10: {"EarthweekRestarts"}, 60: set()}),
]


def written(case: Case) -> str:
    """A case as a file of promtool's."""
    values = WELL | {series(name): value for name, value in case.other.items()}
    firing = 'count by (alertname) (ALERTS{alertstate="firing"})'
    checks = [
        {
            "expr": firing,
            "eval_time": f"{minute}m",
            "exp_samples": [{"labels": f'{{alertname="{name}"}}', "value": 1} for name in sorted(names)],
        }
        for minute, names in case.firing.items()
    ]
    test = {
        "interval": "1m",
        "input_series": [{"series": name, "values": value} for name, value in values.items()],
        "promql_expr_test": checks,
    }
    out = StringIO()
    YAML(typ="safe").dump({"rule_files": [str(FILE)], "evaluation_interval": "1m", "tests": [test]}, out)
    return out.getvalue()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_alert_fires_after_its_time_and_alone(case: Case, tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text(written(case), "utf-8")
    promtool("test", "rules", tmp_path / "case.yaml")


def test_each_alert_fires_in_some_case() -> None:
    fired = {name for case in CASES for names in case.firing.values() for name in names}
    assert fired == {rule["alert"] for rule in RULES}


def test_promtool_takes_the_rules() -> None:
    assert f"{len(RULES)} rules found" in promtool("check", "rules", FILE)


def test_each_alert_says_what_to_do() -> None:
    told = re.findall(r"^\| `(Earthweek\w+)` \| (\w+) \|", PAGE, re.MULTILINE)
    assert told == [(rule["alert"], rule["labels"]["severity"]) for rule in RULES]
    assert all(set(rule["annotations"]) == {"summary", "what_to_do"} for rule in RULES)

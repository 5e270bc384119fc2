"""`earthweek doctor --explain`: what a setting is, what it is now, and no secret."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.cli.setting_explanations import EXPLANATIONS, NOT_READ
from tests.settings_page import FILES

from .conftest import Command


@pytest.mark.parametrize("name", EXPLANATIONS)
def test_doctor_explains_each_setting_as_the_page(earthweek: Command, name: str) -> None:
    said = earthweek("doctor", "--explain", name.lower(), campaign=None)
    [page] = [file for file in FILES if file.name == "settings.md"]
    words = page.read_text("utf-8").split()
    told = re.sub(r"(^\w+:|\nTakes:|\nOtherwise:|\nNow: .*)", "", said.out).split()
    assert (said.code, said.err) == (0, "")
    # A full stop of the page's is not in what is printed.
    assert {word.rstrip(".") for word in told} <= {word.rstrip(".") for word in words}
    assert ("Now: not set" in said.out) == (name not in NOT_READ)


def test_where_a_value_comes_from_is_told(earthweek: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def now(name: str) -> str:
        return earthweek("doctor", "--explain", name, campaign=None).out.partition("Now: ")[2]

    assert now("PORT") == "not set, so it is 3000\n"
    (tmp_path / ".env").write_text("PORT=4000\nhost = ::1\nHTTPS_PROXY=http://ann:pa55@proxy:1", "utf-8")
    assert now("PORT") == "4000 (from .env)\n"
    assert now("HOST") == "::1 (from .env)\n"
    monkeypatch.setenv("PORT", "5000")
    assert now("PORT") == "5000 (from the environment, which comes before .env)\n"
    monkeypatch.setenv("PORT", "seventy")
    assert now("PORT").startswith("it cannot be used: it is not a whole number (from the environment")
    assert now("HOST") == "set (from .env)\n", "the port is what is wrong"


def test_no_secret_is_shown_by_an_explanation(earthweek: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = {
        "SLACK_BOT_TOKEN": "xoxb-5ec4e7", "SLACK_APP_TOKEN": "xapp-5ec4e7", "SLACK_SIGNING_SECRET": "5ec4e7" * 6,
        "HTTPS_PROXY": "http://ann:5ec4e7@proxy:1", "ALL_PROXY": "http://ann:5ec4e7@proxy:1",
        "DATABASE_URL": "postgresql://ann:5ec4e7@host/week", "POSTGRES_PASSWORD": "5ec4e7",
    }  # fmt: skip
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)
    said = [earthweek("doctor", "--explain", name, campaign=None) for name in secrets]
    assert not any("5ec4e7" in each.out + each.err for each in said)
    assert said[0].out.endswith("Now: set, and not shown here (from the environment, which comes before .env)\n")
    assert "Now: host/week (from" in said[5].out


def test_a_name_that_is_no_setting_is_corrected(earthweek: Command) -> None:
    said = earthweek("doctor", "--explain", "DATABASE", campaign=None)
    assert (said.code, said.err) == (1, "--explain: there is no setting DATABASE; perhaps DATABASE_URL is meant\n")
    said = earthweek("doctor", "--explain", "x", campaign=None)
    assert said.err.startswith("--explain: there is no setting X; there are SLACK_BOT_TOKEN, ")

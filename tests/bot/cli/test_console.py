from __future__ import annotations

import json

import pytest
import typer

from bot.cli import console


def test_failing_says_why_and_exits_with_one(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ended:
        console.fail("it cannot be done")
    assert ended.value.exit_code == 1
    assert capsys.readouterr().err == "it cannot be done\n"


def test_json_is_one_readable_document(capsys: pytest.CaptureFixture[str]) -> None:
    console.print_json({"name": "grön"})
    assert json.loads(capsys.readouterr().out) == {"name": "grön"}


def test_tables_have_room_without_a_terminal() -> None:
    assert console.console().width == 140

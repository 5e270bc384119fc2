from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.store.databases import migrated

from .conftest import Command


@pytest.fixture
def with_tokens(earthweek: Command, monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "5eed" * 8)
    monkeypatch.setenv("PORT", "0")
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/api/")
    return earthweek


def test_it_refuses_to_start_with_examples(with_tokens: Command) -> None:
    said = with_tokens("run")
    assert said.code == 1
    assert "SE: channel is still an example" in said.err
    assert "Nothing is sent from this campaign" in said.err


def test_run_refuses_without_any_way_to_receive_events(earthweek: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    said = earthweek("run", "--allow-examples")
    assert said.code == 1
    assert "set SLACK_APP_TOKEN" in said.err
    assert "SLACK_SIGNING_SECRET" in said.err


def test_run_refuses_without_a_bot_token(earthweek: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "5eed" * 8)
    said = earthweek("run", "--allow-examples")
    assert said.code == 1
    assert "SLACK_BOT_TOKEN is not set" in said.err


def test_foreign_host_address_is_named(with_tokens: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOST", "192.0.2.1")
    said = with_tokens("run", "--allow-examples")
    assert said.code == 1
    assert "HOST is 192.0.2.1, and this machine does not have that address" in said.err
    assert "Traceback" not in said.err


def test_impossible_database_path_is_explained(
    with_tokens: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/file/bot.db")
    said = with_tokens("run", "--allow-examples")
    assert said.code == 1
    assert "look at DATABASE_URL" in said.err
    assert "Traceback" not in said.err


def lines(said: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in said.splitlines()]


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SLACK_BOT_TOKEN", "", "SLACK_BOT_TOKEN is not set"),
        ("DATABASE_URL", "oracle://somewhere", "DATABASE_URL: "),
        ("DATABASE_URL", "sqlite:////proc/none/bot.db", "look at DATABASE_URL"),
    ],
)
def test_startup_failure_is_logged_in_the_chosen_format(
    with_tokens: Command, monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv("LOG_FORMAT", "json")
    monkeypatch.setenv(name, value)
    said = with_tokens("run", "--allow-examples")
    assert said.code == 1
    found = lines(said.err)
    assert {(line["action"], line["level"]) for line in found} == {("service.cannot_run", "critical")}
    assert any(sentence in line["event"] for line in found)


def test_blocking_examples_are_logged_one_per_line(with_tokens: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_FORMAT", "json")
    found = lines(with_tokens("run").err)
    assert len(found) > 2
    assert found[-1]["event"].startswith("Nothing is sent from this campaign")


def test_startup_error_is_logged_without_its_message(with_tokens: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    async def breaks(*_args: object, **_more: object) -> None:
        raise LookupError("the words of somebody")

    monkeypatch.setenv("LOG_FORMAT", "json")
    monkeypatch.setattr("bot.cli.run._run", breaks)
    [line] = lines(with_tokens("run", "--allow-examples").err)
    assert (line["action"], line["error"]) == ("process.uncaught", "LookupError")
    assert "somebody" not in str(line)


def test_file_that_is_no_database_is_explained(
    with_tokens: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "bot.db").write_text("a letter to my aunt, and not a database at all\n" * 40)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/bot.db")
    said = with_tokens("run", "--allow-examples")
    assert said.code == 1
    assert "the database cannot be used (file is not a database); look at DATABASE_URL" in said.err


@pytest.fixture
def read_only(with_tokens: Command, monkeypatch: pytest.MonkeyPatch) -> Iterator[Command]:
    """Beside a database of another user's, in whose folder this one may write."""
    with tempfile.TemporaryDirectory(prefix="earthweek-") as folder:
        migrated(f"sqlite:///{folder}/earthweek.db")
        Path(folder, "earthweek.db").chmod(0o444)
        Path(folder).chmod(0o777)
        monkeypatch.chdir(folder)
        monkeypatch.setenv("DATABASE_URL", f"sqlite:///{folder}/earthweek.db")
        # Root may write everything; and nobody else may read root's Python, so that all is imported once before.
        for command in ("run", "doctor"):
            with_tokens(command)
        is_root = os.geteuid() == 0
        if is_root:
            os.seteuid(65534)
        yield with_tokens
        if is_root:
            os.seteuid(0)


@pytest.mark.parametrize("command", ["run", "doctor"])
def test_file_of_another_user_is_reported_with_remedy(read_only: Command, command: str) -> None:
    said = read_only(command, "--allow-examples")
    assert said.code == 1
    assert "give the file and its folder to the user that runs the bot" in said.out + said.err
    assert "Traceback" not in said.err

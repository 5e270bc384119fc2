"""Tokens, secrets and passwords are in no log, no answer and no output, whatever goes wrong."""

from __future__ import annotations

import contextlib
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from bot.settings import SettingsError, read_settings
from bot.slack.manifest import SCOPES
from rehearsal.slack.background_server import RunningSlack, running_slack
from rehearsal.slack.faults import Phase
from rehearsal.slack.rate_limits import RateLimits
from rehearsal.slack.server import App
from tests.acceptance.process import HERE, Machine, Process, now, soon, wait_until
from tests.campaigns import Week, write
from tests.patience import PATIENCE
from tests.simulation import workspace_of

from .raw import exchange, whole
from .running import PRESS, form, signed

SECRETS: Mapping[str, str] = {
    "SLACK_BOT_TOKEN": "xoxb-4823-bottoken-fox",
    "SLACK_APP_TOKEN": "xapp-1-apptoken-badger",
    "SLACK_SIGNING_SECRET": "5f3c9a1b0ddba11cafef00d5facade42",
    "DATABASE_URL": "postgresql://earthweek:dbpasswordheron@127.0.0.1:1/none",
}
TELLING = ("bottoken-fox", "apptoken-badger", "ba11cafef00d5facade", "dbpasswordheron")
"""What nobody may ever read of them."""

SHOWN = ("/health/live", "/health/ready", "/metrics", "/", "/slack/events")


@pytest.fixture
def slack() -> Iterator[RunningSlack]:
    with running_slack(
        workspace_of(Week((), (HERE,))),
        now,
        app=App(
            SCOPES,
            bot_token=SECRETS["SLACK_BOT_TOKEN"],
            app_token=SECRETS["SLACK_APP_TOKEN"],
            signing_secret=SECRETS["SLACK_SIGNING_SECRET"],
        ),
        limits=RateLimits.none(),
    ) as running:
        yield running


def kept(*texts: str) -> None:
    """Nothing of them is in these."""
    for telling in TELLING:
        for text in texts:
            assert telling not in text, text[max(0, text.index(telling) - 400) :][:600]


def said(run: Process) -> list[str]:
    """Everything the process says, to whoever asks."""
    return [run.output(), *(run.get(path)[1] for path in SHOWN)]


def started(machine: Machine, form: str = "json", **env: str) -> Process:
    machine.env |= {name: SECRETS[name] for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET")}
    machine.env |= {"LOG_LEVEL": "DEBUG", "LOG_FORMAT": form, **env}
    return machine.run()


def send(run: Process, body: bytes, headers: Mapping[str, str] | None = None) -> None:
    proof = signed(body, SECRETS["SLACK_SIGNING_SECRET"]) if headers is None else headers
    exchange(int(run.address.rpartition(":")[2]), whole(body, proof))


def upset(slack: RunningSlack, machine: Machine, run: Process) -> None:
    """Let everything go wrong that can: at the door, in Slack and in the database."""
    answers = f"{slack.api_url.removesuffix('api/')}actions/1"
    for headers in ({}, signed(form(), "other"), {"X-Slack-Signature": "v0=é", "X-Slack-Request-Timestamp": "x"}):
        send(run, form(), headers)
    for body in (b"payload={", b"payload=5", form({**PRESS, "actions": []}), form()):
        send(run, body)
    send(run, form({**PRESS, "response_url": answers}))
    slack.call(
        lambda server: server.faults.status(500, "<html>no</html>", kind="text/html", method="views.open", times=2)
    )
    slack.call(lambda server: server.faults.answer("invalid_auth", method="views.open"))
    slack.call(lambda server: server.faults.reset(method="views.open"))
    for _ in range(5):
        send(run, form())
    with contextlib.closing(sqlite3.connect(machine.database)) as connection:
        connection.execute("ALTER TABLE people RENAME TO elsewhere")
        send(run, form())
        wait_until(lambda: "interaction.failed" in run.output())
        connection.execute("ALTER TABLE elsewhere RENAME TO people")


@pytest.mark.parametrize("form", ["json", "text"])
def test_bot_with_failing_calls_reveals_no_secret(slack: RunningSlack, machine: Machine, form: str) -> None:
    write(machine.campaign, soon(1, 2, 3))
    slack.call(lambda server: server.faults.answer("restricted_action"))
    run = started(machine, form)
    wait_until(lambda: "service.running" in run.output())
    if form == "json":
        upset(slack, machine, run)
    slack.call(lambda server: server.faults.down(now() + timedelta(seconds=5)))
    wait_until(lambda: "restricted_action" in run.output())
    kept(run.output())
    if form == "json":
        kept(*said(run))
        assert "(token)" not in "".join(said(run)[1:])
    run.send(signal.SIGTERM)
    assert run.ended() == 0
    kept(run.output())


def test_token_revoked_during_run_is_not_named(slack: RunningSlack, machine: Machine) -> None:
    write(machine.campaign, soon(1))

    async def revoke(_simulation: Phase) -> None:
        slack.slack.bot_token = "xoxb-another"

    slack.call(lambda server: server.faults.call(revoke))
    run = started(machine)
    wait_until(lambda: "invalid_auth" in run.output() or run.popen.poll() is not None)
    kept(run.output())


def test_socket_mode_keeps_both_tokens(slack: RunningSlack, machine: Machine) -> None:
    write(machine.campaign, soon(600))
    run = started(machine, SLACK_APP_TOKEN=SECRETS["SLACK_APP_TOKEN"])
    slack.until(lambda server: len(server.sockets.connections) == 2)
    run.until_running()
    slack.run(slack.slack.sockets.send("interactive", PRESS))
    slack.call(lambda server: server.faults.answer("invalid_auth", method="apps.connections.open", times=3))
    slack.run(slack.slack.sockets.close())
    wait_until(lambda: "invalid_auth" in run.output())
    kept(*said(run))


@pytest.mark.parametrize("wrong", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
def test_token_unknown_to_slack_is_not_repeated(slack: RunningSlack, machine: Machine, wrong: str) -> None:
    write(machine.campaign, soon(600))
    slack.call(lambda server: setattr(server, wrong.removeprefix("SLACK_").lower(), "xoxb-another"))
    run = started(machine, **{wrong: SECRETS[wrong]})
    wait_until(lambda: "invalid_auth" in run.output() or "not_allowed_token_type" in run.output() or _ended(run))
    kept(run.output())


def _ended(run: Process) -> bool:
    return run.popen.poll() is not None


ELSEWHERE = ("PORT", "LOG_LEVEL", "LOG_FORMAT", "SLACK_API_URL", "DATABASE_URL", "EARTHWEEK_MESSAGES_PER_MINUTE")


@pytest.mark.parametrize("name", ELSEWHERE)
def test_secret_in_wrong_setting_is_not_repeated(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """People paste; what they pasted is named by where it stands."""
    for secret in SECRETS.values():
        monkeypatch.setenv(name, secret)
        try:
            kept(str(read_settings().transport))
        except SettingsError as error:
            kept(str(error))


def typed(machine: Machine, *words: str, **env: str) -> str:
    """What a command prints, all of it."""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "bot", *words, "--campaign", str(machine.campaign), "--allow-examples"],
        cwd=machine.folder,
        env=machine._env(env),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    "fault", ["none", "invalid_auth", "missing_scope", "down", "html", "a database with a password"]
)
def test_doctor_names_no_secret(slack: RunningSlack, machine: Machine, fault: str) -> None:
    write(machine.campaign, soon(600))
    env = dict(SECRETS) if fault == "a database with a password" else {**SECRETS, "DATABASE_URL": "sqlite:///x.db"}
    if fault == "down":
        slack.call(lambda server: server.faults.down(now() + timedelta(hours=1)))
    elif fault == "html":
        slack.call(lambda server: server.faults.status(500, "<html>", kind="text/html", method="auth.test", times=9))
    elif fault in {"invalid_auth", "missing_scope"}:
        slack.call(lambda server: server.faults.answer(fault, method="auth.test", times=9))
    printed = typed(machine, "doctor", **env)
    assert "campaign" in printed or "DATABASE_URL" in printed
    kept(printed)


@pytest.mark.usefixtures("slack")
def test_database_password_is_named_nowhere(machine: Machine) -> None:
    write(machine.campaign, soon(600))
    kept(typed(machine, "report", **SECRETS))
    run = started(machine, **SECRETS)
    run.until_logged("service.waiting")
    kept(run.output())


@pytest.mark.usefixtures("slack")
def test_files_on_disk_hold_no_secret(machine: Machine) -> None:
    write(machine.campaign, soon(1))
    run = started(machine)
    run.until_running()
    send(run, form())
    machine.until_all_sent()
    run.send(signal.SIGTERM)
    assert run.ended() == 0
    for file in (path for path in Path(machine.folder).rglob("*") if path.is_file()):
        kept(file.read_bytes().decode("latin-1"))

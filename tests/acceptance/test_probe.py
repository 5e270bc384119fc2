"""`earthweek doctor --ready`, as a container asks it of the bot beside it."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta

from rehearsal.slack.background_server import RunningSlack
from tests.campaigns import write

from .process import ROOT, TOKENS, Machine, Process, now, soon, wait_until


def asked(run: Process, host: str = "127.0.0.1") -> tuple[int, str]:
    """The exit code and the line; it knows where the bot listens, and no token."""
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOST": host, "PORT": run.address.rpartition(":")[2]}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "doctor", "--ready"],
        cwd=run.log.parent, env=env, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_ready_bot_says_so_in_one_word(slack: RunningSlack, machine: Machine) -> None:  # noqa: ARG001
    write(machine.campaign, soon(600))
    run = machine.run(HOST="0.0.0.0")  # noqa: S104
    run.until_running()
    wait_until(lambda: run.readiness()[0] == 200)
    assert asked(run, "0.0.0.0") == (0, "ready\n")  # noqa: S104


def test_bot_waiting_for_slack_is_unready_with_reason(slack: RunningSlack, machine: Machine) -> None:
    write(machine.campaign, soon(600))
    slack.call(lambda server: server.faults.down(now() + timedelta(hours=1)))
    run = machine.run()
    run.until_logged("service.waiting")
    code, line = asked(run)
    assert code == 1
    assert line.startswith("not ready; scheduler: it has not started yet")
    assert line.count("\n") == 1
    assert not any(token in line for token in TOKENS.values())


def test_ready_bot_also_tells_minor_problems(slack: RunningSlack, machine: Machine) -> None:
    write(machine.campaign, soon(600))
    slack.call(lambda server: server.workspace.channels.pop(server.workspace.channel_named("week-se").id))  # type: ignore[union-attr]
    run = machine.run()
    run.until_running()
    wait_until(lambda: run.readiness()[0] == 200)
    code, line = asked(run)
    assert code == 0
    assert line.startswith("ready; ")
    assert "week-se" in line

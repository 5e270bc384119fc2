"""The bot as a process of its own, with the machine's clock and the real scheduler."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import bot
from bot.slack.manifest import SCOPES
from rehearsal.slack.background_server import RunningSlack, running_slack
from rehearsal.slack.rate_limits import RateLimits
from rehearsal.slack.server import App
from tests.campaigns import Place, Post, Week, said
from tests.patience import PATIENCE
from tests.simulation import workspace_of

ROOT = Path(bot.__file__).parents[1]
PATIENT = Path(__file__).with_name("patient.py")
TOKENS = {"bot_token": "xoxb-secret-1", "app_token": "xapp-secret-2", "signing_secret": "decade3" * 5}

HERE = Place("SE", "UTC", "sv", "week-se")
THERE = Place("DE", "UTC", "de", "week-de")


_ROWS = """
    SELECT post, recipient, state FROM outbox
    WHERE audience NOT IN ('countdown', 'digest', 'reach') ORDER BY due_at
"""


def wait_until(true: Callable[[], bool], within: float = PATIENCE) -> None:
    """Look until something is true."""
    deadline = time.monotonic() + within
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError(f"it did not become true within {within:.0f} s")
        time.sleep(0.02)


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def slack_with(*places: Place) -> Iterator[RunningSlack]:
    """A Slack on the machine's clock, with the channels of these places."""
    workspace, app = workspace_of(Week((), places)), App(SCOPES, **TOKENS)
    with running_slack(workspace, now, app=app, limits=RateLimits.none()) as running:
        yield running


def soon(*seconds: float, places: Sequence[Place] = (HERE,), back: timedelta = timedelta(0)) -> Week:
    """A campaign whose posts are due so many seconds from now, each with ten minutes to be late."""
    start = (now() - back).replace(microsecond=0, tzinfo=None)
    moments = [start + timedelta(seconds=after) for after in seconds]
    posts = [
        Post(f"post-{number}", at.date(), at.time(), until=at + timedelta(minutes=10))
        for number, at in enumerate(moments)
    ]
    return Week(posts, places, first=_day(start, -1), last=_day(start, 2), earth_hour=_day(start, 2))


def _day(start: datetime, after: int) -> date:
    return start.date() + timedelta(days=after)


def texts(week: Week, place: Place) -> list[str]:
    """What shall have been said in a country when all is over."""
    return [said(post.name, place.language) for post in week.posts]


@dataclass
class Process:
    """One run of the bot."""

    popen: subprocess.Popen[bytes]
    log: Path

    @property
    def pid(self) -> int:
        return self.popen.pid

    def lines(self) -> list[dict[str, Any]]:
        """What was logged so far, without a line that is just being written."""
        whole = self.output().rpartition("\n")[0]
        return [json.loads(line) for line in whole.splitlines() if line.startswith("{")]

    def output(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def logged(self, action: str) -> list[dict[str, Any]]:
        return [line for line in self.lines() if line.get("action") == action]

    def until_logged(self, action: str, within: float = PATIENCE) -> dict[str, Any]:
        """The first line of that action."""
        wait_until(lambda: bool(self.logged(action)) or self.popen.poll() is not None, within)
        assert self.logged(action), self.output()
        return self.logged(action)[0]

    def until_running(self) -> None:
        self.until_logged("service.running")

    def until_running_or_dead(self) -> None:
        wait_until(lambda: bool(self.logged("service.running")) or self.popen.poll() is not None)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.until_logged('service.listening')['port']}"

    def get(self, path: str, port: int | None = None) -> tuple[int, str]:
        address = f"http://127.0.0.1:{port}" if port else self.address
        return self.ask(urllib.request.Request(f"{address}{path}"))  # noqa: S310 - our own loopback address

    def post(self, path: str, body: str, headers: Mapping[str, str]) -> tuple[int, str]:
        return self.ask(
            urllib.request.Request(f"{self.address}{path}", body.encode(), dict(headers))  # noqa: S310
        )

    def ask(self, request: urllib.request.Request) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as response:  # noqa: S310
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def readiness(self) -> tuple[int, dict[str, dict[str, Any]]]:
        """The status, and the parts by name."""
        status, body = self.get("/health/ready")
        return status, {part["name"]: part for part in json.loads(body)["parts"]}

    def send(self, what: signal.Signals) -> None:
        os.kill(self.pid, what)

    def ended(self, within: float = PATIENCE) -> int:
        """Wait for the end; the exit code."""
        return self.popen.wait(within)

    def why_it_ended(self) -> str:
        """The last sentence of a bot that cannot run."""
        return str(self.logged("service.cannot_run")[-1]["event"])

    def kill(self) -> None:
        if self.popen.poll() is None:
            self.popen.kill()
        self.popen.wait(PATIENCE)


@dataclass
class Machine:
    """Where processes are started: one folder, one database, one Slack. `program` is what runs the bot's command."""

    folder: Path
    api_url: str
    env: dict[str, str] = field(default_factory=dict)
    program: Sequence[str] = ("-m", "bot")
    runs: list[Process] = field(default_factory=list)

    @property
    def campaign(self) -> Path:
        return self.folder / "campaign"

    @property
    def database(self) -> Path:
        return self.folder / "bot.db"

    def run(self, *, answer_within: int | None = None, **env: str) -> Process:
        """Start the bot; it gives Slack other than its own ten seconds for an answer where `answer_within` says so."""
        program = [str(PATIENT)] if answer_within else self.program
        env = {"ANSWER_WITHIN": str(answer_within), **env} if answer_within else env
        command = [sys.executable, *program, "run", "--campaign", str(self.campaign), "--allow-examples"]
        log = self.folder / f"run-{len(self.runs)}.log"
        with log.open("wb") as out:
            popen = subprocess.Popen(  # noqa: S603 - our own program
                command, cwd=self.folder, env=self._env(env), stdin=subprocess.DEVNULL, stdout=out, stderr=out
            )
        self.runs.append(Process(popen, log))
        return self.runs[-1]

    def _env(self, more: Mapping[str, str]) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "PYTHONPATH": str(ROOT),
            "SLACK_BOT_TOKEN": TOKENS["bot_token"],
            "SLACK_SIGNING_SECRET": TOKENS["signing_secret"],
            "SLACK_API_URL": self.api_url,
            "DATABASE_URL": f"sqlite:///{self.database}",
            "PORT": "0",
            "LOG_FORMAT": "json",
            **self.env,
            **more,
        }

    def rows(self) -> list[tuple[str, str, str]]:
        """Post, country and state of every row but those that organisers get by the calendar, as others read them."""
        if not self.database.exists():
            return []
        connection = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)
        try:
            return connection.execute(_ROWS).fetchall()
        except sqlite3.OperationalError:
            return []
        finally:
            connection.close()

    def make_due(self, post: str) -> None:
        """Let a post be due already, whatever the files say of it."""
        with closing(sqlite3.connect(self.database, isolation_level=None)) as connection:
            past = "2000-01-01 00:00:00.000000"
            connection.execute("UPDATE outbox SET due_at = ?, next_attempt_at = ? WHERE post = ?", (past, past, post))

    def states(self) -> set[str]:
        return {state for _post, _country, state in self.rows()}

    def until_all_sent(self, within: float = PATIENCE) -> None:
        wait_until(lambda: self.states() == {"sent"}, within)

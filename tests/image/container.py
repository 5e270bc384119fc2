"""The image at work: started as the README says, watched, and stopped."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.slack.manifest import SCOPES
from rehearsal import workspace_builder
from rehearsal.slack.background_server import RunningSlack, running_slack
from rehearsal.slack.rate_limits import RateLimits
from rehearsal.slack.server import App
from tests.campaigns import shipped_campaign

from .build import IMAGE
from .dockerfile import ROOT, Base
from .engine import Engine, Unfit

_TOKENS = {"SLACK_BOT_TOKEN": "xoxb-rehearsal", "SLACK_APP_TOKEN": "xapp-rehearsal"}
_LEAVES_WITHIN = 10
"""Seconds that Docker gives to a container before it kills it."""

# What every container has to live with. The last line is for machines without systemd or with few rights.
_STRICT = (
    "--read-only", "--read-only-tmpfs=false", "--tmpfs", "/tmp",  # noqa: S108 - the container's
    "--cap-drop", "ALL", "--security-opt", "no-new-privileges",
    "--no-healthcheck", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024",
)  # fmt: skip


@dataclass(frozen=True)
class Container:
    """A container of the image that runs the bot."""

    engine: Engine
    name: str
    began: float
    """When it was started, on the monotonic clock."""

    def does(self, *command: str) -> str:
        """What a command inside prints."""
        return self.engine.podman("exec", self.name, *command)

    def until(self, *command: str, within: float) -> tuple[str, float]:
        """Run a command inside until it ends well; what it printed then, and how long it took that last time."""
        deadline = time.monotonic() + within
        while True:
            began = time.monotonic()
            try:
                return self.does(*command).strip(), time.monotonic() - began
            except Unfit:
                if began > deadline:
                    raise
                time.sleep(0.5)

    def memory(self) -> int:
        """Bytes that its first process holds in memory."""
        [held] = [line for line in self.does("cat", "/proc/1/status").splitlines() if line.startswith("VmRSS:")]
        return int(held.split()[1]) * 1024

    def stop(self) -> float:
        """Stop it as Docker does; how many seconds it took.

        Raises:
            Unfit: It did not leave by itself in time.
        """
        began = time.monotonic()
        self.engine.podman("stop", "--time", str(_LEAVES_WITHIN), self.name)
        took = time.monotonic() - began
        code = self.engine.podman("inspect", "--format", "{{.State.ExitCode}}", self.name).strip()
        if code != "0":
            raise Unfit(f"it ended with {code} after {took:.1f} s: {self.engine.podman('logs', self.name)[-1000:]}")
        return took


def once(engine: Engine, *words: str, within: float = 60) -> str:
    """What a command of the bot prints in a container that is alone with itself."""
    return engine.contain("--rm", "--network", "none", *_STRICT, IMAGE, *words, within=within)


def python(engine: Engine, base: Base) -> str:
    """Which Python the image has.

    Raises:
        Unfit: It is not the one that the tag names.
    """
    alone = ["--rm", "--network", "none", *_STRICT, "--entrypoint", "python"]
    found = engine.contain(*alone, IMAGE, "--version").strip()
    if not found.startswith(f"Python {base.python}."):
        raise Unfit(f"the base has {found}, and its tag says {base.image}")
    return found


@contextmanager
def running(engine: Engine) -> Iterator[Container]:
    """The bot with `.env.example` filled in, a volume, and the campaigns mounted, beside a rehearsal Slack."""
    with _slack() as slack:
        settings = engine.folder / "env"
        settings.write_text(_filled_in({**_TOKENS, "SLACK_API_URL": slack.api_url, "PORT": str(_free_port())}), "utf-8")
        volumes = ["--volume", "earthweek:/data", "--volume", f"{ROOT}/campaigns:/campaigns:ro"]
        chosen = ["--env-file", str(settings)]
        here = ["--detach", "--name", "bot", "--network", "host"]
        began = time.monotonic()
        engine.contain(*here, *_STRICT, *volumes, *chosen, IMAGE, "run", "--allow-examples")
        yield Container(engine, "bot", began)


@contextmanager
def _slack() -> Iterator[RunningSlack]:
    with running_slack(
        workspace_builder.build_workspace(shipped_campaign(), []),
        lambda: datetime.now(UTC),
        app=App(SCOPES),
        limits=RateLimits.none(),
    ) as slack:
        yield slack


def _filled_in(values: dict[str, str]) -> str:
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    kept = [line for line in lines if line.partition("=")[0] not in values]
    return "\n".join([*kept, *(f"{name}={value}" for name, value in values.items()), ""])


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port

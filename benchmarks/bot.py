"""The bot as `earthweek run` starts it, against a Slack on this machine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.campaign import channel
from benchmarks.process import HOST, Process, free_port, running
from bot.slack.manifest import SCOPES
from rehearsal.slack.background_server import RunningSlack, running_slack
from rehearsal.slack.rate_limits import RateLimits
from rehearsal.slack.server import App
from rehearsal.slack.workspace import Channel, User, Workspace


@contextmanager
def slack(
    countries: Sequence[str], users: Sequence[User] = (), limits: RateLimits | None = None
) -> Iterator[RunningSlack]:
    """A Slack on the machine's clock, with a channel for each country; without others, Slack's usual limits hold."""
    channels = [Channel(f"C0BENCH{code}000", channel(code)) for code in countries]
    with running_slack(
        Workspace(users, channels), lambda: datetime.now(UTC), app=App(SCOPES), limits=limits or RateLimits()
    ) as serving:
        yield serving


def known_to(serving: RunningSlack) -> dict[str, str]:
    """What a program has in its environment that this Slack knows."""
    return {
        "SLACK_BOT_TOKEN": serving.slack.bot_token,
        "SLACK_SIGNING_SECRET": serving.slack.signing_secret,
        "SLACK_API_URL": serving.api_url,
    }


@contextmanager
def bot(folder: Path, campaign: Path, serving: RunningSlack, database: str | None = None) -> Iterator[Process]:
    """The bot as a process, with a database, or that of a folder, which is a new one where there is none."""
    port = free_port()
    env = {
        **known_to(serving),
        "DATABASE_URL": database or f"sqlite:///{folder / 'bot.db'}",
        "HOST": HOST,
        "PORT": str(port),
    }
    with running(["-m", "bot", "run", "--campaign", str(campaign)], folder, port, env) as process:
        yield process

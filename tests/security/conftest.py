from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.settings import Transport
from bot.slack.manifest import SCOPES
from rehearsal.slack.background_server import running_slack
from rehearsal.slack.limits import RateLimits
from rehearsal.slack.server import App
from rehearsal.slack.workspace import Channel, Workspace
from tests.acceptance.conftest import machine, nobody_is_told_to_wait, run_bot, slack
from tests.acceptance.process import HERE, TOKENS, Machine, now, soon
from tests.campaigns import write
from tests.simulation import channel_id

from .running import Running

__all__ = ["machine", "nobody_is_told_to_wait", "run_bot", "running", "slack", "transport"]


@pytest.fixture
def transport() -> Transport:
    """Raw requests come over HTTP."""
    return Transport.HTTP


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The bot as a process, and the Slack it belongs to."""
    channels = [Channel(channel_id(name), name) for name in ("week-all", HERE.channel)]
    with running_slack(Workspace((), channels), now, app=App(SCOPES, **TOKENS), limits=RateLimits.none()) as town:
        machine = Machine(tmp_path_factory.mktemp("running"), town.api_url)
        write(machine.campaign, soon(3600))
        run = machine.run()
        run.until_running()
        yield Running(town, machine, run)
        run.kill()

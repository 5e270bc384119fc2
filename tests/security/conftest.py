from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.settings import Transport
from tests.acceptance.conftest import machine, nobody_is_told_to_wait, run_bot, slack
from tests.acceptance.process import HERE, Machine, slack_with, soon
from tests.campaigns import write

from .running import Running

__all__ = ["machine", "nobody_is_told_to_wait", "run_bot", "running", "slack", "transport"]


@pytest.fixture
def transport() -> Transport:
    """Raw requests come over HTTP."""
    return Transport.HTTP


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The bot as a process, and the Slack it belongs to."""
    with slack_with(HERE) as town:
        machine = Machine(tmp_path_factory.mktemp("running"), town.api_url)
        write(machine.campaign, soon(3600))
        run = machine.run()
        run.until_running()
        yield Running(town, machine, run)
        run.kill()

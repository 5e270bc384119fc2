from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from typing import Protocol
from zlib import crc32

import pytest

from bot.listeners import interaction_handlers
from bot.settings import Transport
from bot.store.people import Person
from bot.store.tables import campaigns
from rehearsal.slack.background_server import RunningSlack
from rehearsal.slack.rate_limits import RateLimits
from tests.campaigns import Week
from tests.patience import PATIENCE
from tests.simulation import MIDNIGHT, MachineClock, Simulation, channel_id, simulate

from .process import HERE, THERE, Machine, slack_with

over_http = pytest.mark.parametrize("transport", [Transport.HTTP], ids=["http"])
over_sockets = pytest.mark.parametrize("transport", [Transport.SOCKET], ids=["socket"])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let people reach the bot both ways where the mark `both_ways` says so, and else one way, by the test's name."""
    test = metafunc.definition
    # By a mark, or by a fixture of the module, which parameters would replace.
    is_said = any("transport" in mark.args[0] for mark in test.iter_markers("parametrize"))
    is_said = is_said or hasattr(metafunc.module, "transport")
    if "transport" in metafunc.fixturenames and not is_said:
        ways = [Transport.HTTP, Transport.SOCKET]
        if not test.get_closest_marker("both_ways"):
            # Not by `hash`, which differs from one process to the next.
            ways = [ways[crc32(metafunc.function.__name__.encode()) % 2]]
        metafunc.parametrize("transport", ways, ids=[way.name.lower() for way in ways])


@pytest.fixture(autouse=True)
def the_same_blur(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every campaign is made with the same secret, so that a figure is the same in each run."""
    monkeypatch.setattr(campaigns.c.secret.default, "arg", lambda _context: "5ec4e7" * 10)


@pytest.fixture(autouse=True)
def nobody_is_told_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers come without the notice that they take longer, however busy the machine is. Tests of it set it anew."""
    monkeypatch.setattr(interaction_handlers, "LOADING_SECONDS", PATIENCE)
    monkeypatch.setattr(interaction_handlers, "WAIT_NOTICE_SECONDS", PATIENCE)
    monkeypatch.setattr(interaction_handlers, "ACKNOWLEDGE_SECONDS", PATIENCE)


class RunBot(Protocol):
    """Starts the bot on a campaign, in a simulation of its own."""

    async def __call__(
        self,
        campaign: Week | Path,
        people: Iterable[Person] = (),
        *,
        start: datetime = MIDNIGHT,
        limits: RateLimits | None = None,
        without: Iterable[str] = (),
    ) -> Simulation: ...


@pytest.fixture
async def run_bot(tmp_path: Path, transport: Transport) -> AsyncIterator[RunBot]:
    async with AsyncExitStack() as stack:

        async def running(
            campaign: Week | Path,
            people: Iterable[Person] = (),
            *,
            start: datetime = MIDNIGHT,
            limits: RateLimits | None = None,
            without: Iterable[str] = (),
        ) -> Simulation:
            made = await stack.enter_async_context(simulate(tmp_path, campaign, MachineClock(start), limits, transport))
            for channel in without:
                made.slack.workspace.channels.pop(channel_id(channel))
            await made.start(people)
            return made

        yield running


@pytest.fixture
def slack() -> Iterator[RunningSlack]:
    with slack_with(HERE, THERE) as running:
        yield running


@pytest.fixture
def machine(tmp_path: Path, slack: RunningSlack) -> Iterator[Machine]:
    made = Machine(tmp_path, slack.api_url)
    yield made
    for run in made.runs:
        run.kill()

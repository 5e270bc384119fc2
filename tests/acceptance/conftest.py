from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Protocol

import pytest

from bot.listeners import handlers
from bot.settings import Transport
from bot.slack.manifest import SCOPES
from bot.store.people import Person
from bot.store.tables import campaigns
from rehearsal.slack.background_server import RunningSlack, running_slack
from rehearsal.slack.limits import RateLimits
from rehearsal.slack.server import App
from rehearsal.slack.workspace import Channel, Workspace
from tests.campaigns import Week
from tests.patience import PATIENCE

from .process import HERE, THERE, TOKENS, Machine, now
from .stage import MIDNIGHT, Stage, channel_id, raise_shipped, raise_stage

over_http = pytest.mark.parametrize("transport", [Transport.HTTP], ids=["http"])
over_sockets = pytest.mark.parametrize("transport", [Transport.SOCKET], ids=["socket"])


@pytest.fixture(params=[Transport.HTTP, Transport.SOCKET], ids=["http", "socket"])
def transport(request: pytest.FixtureRequest) -> Transport:
    """How people reach the bot: both ways, unless a test is about one of them or nobody comes."""
    return Transport(request.param)


@pytest.fixture(autouse=True)
def the_same_blur(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every campaign is made with the same secret, so that a figure is the same in each run."""
    monkeypatch.setattr(campaigns.c.secret.default, "arg", lambda _context: "5ec4e7" * 10)


@pytest.fixture(autouse=True)
def nobody_is_told_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers come without the notice that they take longer, however busy the machine is. Tests of it set it anew."""
    monkeypatch.setattr(handlers, "WAIT_NOTICE_SECONDS", PATIENCE)
    monkeypatch.setattr(handlers, "ACKNOWLEDGE_SECONDS", PATIENCE)


class Opening(Protocol):
    """Raises the stage for a campaign and starts the bot on it."""

    async def __call__(
        self,
        week: Week,
        people: Iterable[Person] = (),
        *,
        start: datetime = MIDNIGHT,
        limits: RateLimits | None = None,
        without: Iterable[str] = (),
    ) -> Stage: ...


@pytest.fixture
async def stage(tmp_path: Path, transport: Transport) -> AsyncIterator[Opening]:
    raised: list[Stage] = []

    async def opening(
        week: Week,
        people: Iterable[Person] = (),
        *,
        start: datetime = MIDNIGHT,
        limits: RateLimits | None = None,
        without: Iterable[str] = (),
    ) -> Stage:
        made = await raise_stage(tmp_path, week, start, limits or RateLimits(), transport)
        raised.append(made)
        for channel in without:
            made.slack.workspace.channels.pop(channel_id(channel))
        await made.start(people)
        return made

    yield opening
    for made in raised:
        await made.stop()
        await made.slack.stop()


class Premiere(Protocol):
    """Raises the stage for the campaign that is shipped, and starts the bot on it."""

    async def __call__(self, *, start: datetime = MIDNIGHT, limits: RateLimits | None = None) -> Stage: ...


@pytest.fixture
async def shipped(tmp_path: Path, transport: Transport) -> AsyncIterator[Premiere]:
    raised: list[Stage] = []

    async def opening(*, start: datetime = MIDNIGHT, limits: RateLimits | None = None) -> Stage:
        made = await raise_shipped(tmp_path, start, limits or RateLimits.none(), transport)
        raised.append(made)
        await made.start()
        return made

    yield opening
    for made in raised:
        await made.stop()
        await made.slack.stop()


@pytest.fixture
def slack() -> Iterator[RunningSlack]:
    places = (HERE, THERE)
    channels = [Channel(channel_id(name), name) for name in ("week-all", *(place.channel for place in places))]
    with running_slack(Workspace((), channels), now, app=App(SCOPES, **TOKENS), limits=RateLimits.none()) as running:
        yield running


@pytest.fixture
def machine(tmp_path: Path, slack: RunningSlack) -> Iterator[Machine]:
    made = Machine(tmp_path, slack.api_url)
    yield made
    for run in made.runs:
        run.kill()

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.manifest import SCOPES
from rehearsal.slack.rate_limits import RateLimits
from rehearsal.slack.server import App, RehearsalSlack
from rehearsal.slack.workspace import BOT, Channel, User, Workspace

from .helpers import Clock, Desk


@pytest.fixture
def workspace() -> Workspace:
    return Workspace(
        [
            User("U1", "ann", tz="Europe/Oslo", locale="nb-NO"),
            User("U2", "bo", tz="Asia/Calcutta", locale="en-GB"),
            User("U3", "cai", tz=None),
            User("U4", "dag", deleted=True),
        ],
        [
            Channel("C1", "earth-week"),
            Channel("C2", "elsewhere"),
            Channel("C3", "secret", is_private=True),
            Channel("C4", "circle", is_private=True),
            Channel("C5", "old", is_archived=True),
        ],
        members={"C1": [BOT.id, "U1", "U2"], "C2": ["U1"], "C3": ["U1"], "C4": [BOT.id], "C5": [BOT.id]},
    )


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limits() -> RateLimits:
    return RateLimits.none()


@pytest.fixture
async def desk(workspace: Workspace, clock: Clock, limits: RateLimits) -> AsyncIterator[Desk]:
    slack = RehearsalSlack(workspace, clock, app=App(SCOPES), limits=limits)
    slack.scopes |= {"groups:read", "im:read", "im:write"}
    await slack.start()
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(slack.bot_token, base_url=slack.api_url, session=session, retry_handlers=[])
        yield Desk(slack, clock, client, session)
    await slack.stop()


@pytest.fixture
def client(desk: Desk) -> AsyncWebClient:
    return desk.client

"""Rooms with a small week in them, and whoever sits before the page."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp

from bot.delivery.sender import EVENT
from rehearsal.simulation import Rehearsal
from rehearsal.slack.workspace import Workspace
from rehearsal.web.clock_modes import Paused
from rehearsal.web.server import served
from rehearsal.web.session import Session
from tests.campaigns import Week, write
from tests.patience import PATIENCE

from .participants import MONDAY, VISITED, moment

GUEST, GERMAN = "U0GUESTSE", "U0GUESTDE"
TIP = moment(MONDAY, 9)
"""When the first post is due."""


@asynccontextmanager
async def opened(folder: Path, week: Week = VISITED, people: int = 0) -> AsyncIterator[Session]:
    """A room without a page."""
    write(folder, week)
    room = Session(Rehearsal(folder, people, guests=True))
    await room.open()
    try:
        yield room
    finally:
        await room.close()


async def arrival(room: Session) -> None:
    """Wait until the clock stands still and everything is done."""
    seen = -1
    async with asyncio.timeout(PATIENCE):
        while not isinstance(room.clock_mode, Paused):
            seen = await room.changed(seen, 1)


async def go(room: Session, target: datetime) -> None:
    """Run the clock to a moment, and wait until it is there."""
    await room.go(target)
    await arrival(room)


def channel(room: Session, name: str) -> str:
    """The id of a channel."""
    found = room.simulation.slack.workspace.channel_named(name)
    assert found
    return found.id


def again(town: Workspace) -> list[str]:
    """The posts that Slack took more than once."""
    posts = Counter(
        str(said.metadata["event_payload"]["id"])
        for said in town.log
        if said.metadata and said.metadata["event_type"] == EVENT
    )
    return [post for post, times in posts.items() if times > 1]


@dataclass
class Page:
    """The page in somebody's browser."""

    session: aiohttp.ClientSession
    address: str
    room: Session
    user: str = GUEST
    place: str = "home"
    tab: str = "week"
    shown: dict[str, str] = field(default_factory=dict)

    @property
    def query(self) -> dict[str, str]:
        return {"as": self.user, "in": self.place, "tab": self.tab}

    async def html(self) -> str:
        """The whole page."""
        async with self.session.get(self.address, params=self.query) as response:
            assert response.status == 200
            return await response.text()

    async def post(self, path: str, body: object) -> dict[str, Any]:
        """What the server answers to something done."""
        async with self.session.post(f"{self.address}{path}", json=body) as response:
            assert response.status == 200
            answer: dict[str, Any] = await response.json()
            return answer

    async def act(self, do: str, **more: object) -> str:
        """Do something as the person; what they are told."""
        answer = await self.post("act", {"as": self.user, "in": self.place, "do": do, **more})
        return str(answer["said"])

    async def turn(self, do: str, **more: object) -> str:
        """Turn the clock; what the person is told."""
        return str((await self.post("clock", {"do": do, **more}))["said"])

    async def spoil(self, do: str, **more: object) -> str:
        """Make something go wrong; what the person is told."""
        return str((await self.post("fault", {"do": do, **more}))["said"])

    async def sees(self, *words: str, region: str = "conversation", but_not: str | None = None) -> str:
        """Look until a region says all of this, and does not say the other; what it says."""
        async with asyncio.timeout(PATIENCE):
            async for shown in self.updates():
                said = shown.get(region)
                if (
                    said is not None
                    and all(word in said for word in words)
                    and (but_not is None or but_not not in said)
                ):
                    return said
        raise AssertionError("the page ended")

    async def updates(self) -> AsyncGenerator[dict[str, str], None]:
        """Every region as it stands after each event."""
        shown: dict[str, str] = {}
        async with self.session.get(f"{self.address}events", params=self.query) as response:
            assert response.status == 200
            async for line in response.content:
                if line.startswith(b"data: "):
                    event = json.loads(line[6:])
                    shown[event["id"]] = event["html"]
                    yield shown


@asynccontextmanager
async def before(folder: Path, week: Week = VISITED, people: int = 0) -> AsyncIterator[Page]:
    """Somebody before the page of a room."""
    write(folder, week)
    async with (
        served(Rehearsal(folder, people, guests=True), 0) as (room, address),
        aiohttp.ClientSession(read_bufsize=2**22) as session,
    ):
        yield Page(session, address, room)

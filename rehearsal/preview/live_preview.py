"""`earthweek preview --watch`: the page of the preview, which loads itself again when somebody saves a file."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from bot.campaign.campaign_reader import Reading
from bot.campaign.live_reload import Fingerprint, fingerprint
from bot.campaign.model import Campaign
from bot.campaign.problems import Problem
from rehearsal.local_page import LocalPage, is_there, serve_text, show_until_stopped
from rehearsal.preview.page import PagePlace, PlacedProblem, page, problems_page, reload_script

PORT = 8028
"""The usual port; another program may have it."""

_LOOKS_EVERY = 0.5
"""Seconds between two looks at the files."""

_ASKS_AGAIN = 25.0
"""Seconds after which a page that nothing has happened to asks again: proxies and browsers end longer requests."""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; img-src data:"


@dataclass
class WatchedCampaign:
    """A campaign's folder, read again when a file has changed. While it has errors, the last week without any stays."""

    folder: Path
    read: Callable[[Path], Reading]
    campaign: Campaign | None = None
    problems: Sequence[Problem] = ()
    # Random, so that a page that was left open loads again after the command was ended and begun once more.
    version: str = field(default_factory=lambda: uuid.uuid4().hex)
    _seen: Fingerprint | None = None

    def refresh(self) -> bool:
        """Read the files if they have changed. Returns whether they have."""
        found = fingerprint(self.folder)
        if found == self._seen:
            return False
        self._seen = found
        reading = self.read(self.folder)
        self.campaign = reading.campaign or self.campaign
        self.problems = tuple(reading.problems)
        self.version = uuid.uuid4().hex
        return True

    def page(self) -> str:
        """Draw the page, with every problem at the text that has it."""
        placed = tuple(_placed(self.folder, self.problems))
        if self.campaign is None:
            return problems_page(placed, self.version)
        return page(self.campaign, placed, self.version, policy=_POLICY)


def _placed(folder: Path, problems: Sequence[Problem]) -> Iterator[PlacedProblem]:
    for problem in problems:
        file = problem.file.removeprefix(f"{folder.as_posix()}/")
        yield PlacedProblem(_place(file), file, problem)


def _place(file: str) -> PagePlace:
    match file.removesuffix(".md").split("/"):
        case ["posts", post, language]:
            return PagePlace(post=post, language=language)
        case ["pledges", _] | ["pledges.toml"]:
            return PagePlace(is_pledges=True)
        case _:
            return PagePlace()


class _Preview:
    """Serves a watched campaign."""

    def __init__(self, watched: WatchedCampaign) -> None:
        self._watched = watched
        self._changed = asyncio.Condition()
        self.server = LocalPage()
        self.server.router.add_get("/", self._whole)
        self.server.router.add_get("/reload.js", serve_text(reload_script(), "text/javascript"))
        self.server.router.add_get("/version", self._version)

    async def watch(self) -> None:
        """Look at the files until this is cancelled."""
        while True:
            # On a thread: reading takes half a second, and pages are to be answered meanwhile.
            if await asyncio.to_thread(self._watched.refresh):
                async with self._changed:
                    self._changed.notify_all()
            await asyncio.sleep(_LOOKS_EVERY)

    async def _whole(self, _request: web.Request) -> web.Response:
        html = await asyncio.to_thread(self._watched.page)
        return web.Response(text=html, content_type="text/html", headers={"Content-Security-Policy": _POLICY})

    async def _version(self, request: web.Request) -> web.Response:
        """Answer with the version of the campaign, as soon as it is another one than the page shows."""
        shown = request.query.get("shown")
        with suppress(TimeoutError):
            async with asyncio.timeout(_ASKS_AGAIN), self._changed:
                await self._changed.wait_for(lambda: self._watched.version != shown or not is_there(request))
        return web.Response(text=self._watched.version)


@asynccontextmanager
async def served(watched: WatchedCampaign, port: int = PORT) -> AsyncIterator[str]:
    """Watch a campaign and serve its page for as long as the block lasts; yields the page's address."""
    watched.refresh()
    preview = _Preview(watched)
    address = await preview.server.start(port)
    watching = asyncio.create_task(preview.watch())
    try:
        yield address
    finally:
        watching.cancel()
        await preview.server.stop()


async def serve(watched: WatchedCampaign, port: int, say: Callable[[str], object]) -> None:
    """Serve the page, say where it is, and open it where there is a desktop; ends with SIGINT or SIGTERM."""
    async with served(watched, port) as address:
        say(f"The preview is at {address}  (it loads again when you save a file; Ctrl-C ends it)")
        await show_until_stopped(address)

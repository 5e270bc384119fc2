"""Serve the rehearsal's page over HTTP, to the browser on this machine and to nobody else."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any, get_args
from urllib.parse import quote

import structlog
from aiohttp import web
from pydantic_core import from_json

from bot.app import Bot
from rehearsal.local_page import LocalPage, is_there, serve_text, show_until_stopped
from rehearsal.simulation import Rehearsal
from rehearsal.slack.http_transport import NotAnsweredError
from rehearsal.web import control_requests, user_requests
from rehearsal.web.page import PageRenderer, script, style
from rehearsal.web.panel_content import Panel
from rehearsal.web.presenter import Presenter
from rehearsal.web.session import Session
from rehearsal.web.view_models import HOME, Tab, Viewpoint

PORT = 8027
"""The usual port; another program may have it."""

_GAP = 0.08
"""Seconds between two looks of a page: often enough for the eye, and the bot gets on with its work."""

_LOOK_AGAIN = 1.0
"""Seconds after which a page looks again though nobody said that anything had changed."""

_LARGEST = 256 * 1024
log = structlog.get_logger()

Work = Callable[[Any], Awaitable[str]]


class WebServer:
    """Serves one session."""

    def __init__(self, session: Session) -> None:
        """Read the templates; nothing listens before `start`."""
        self._session = session
        self._page = PageRenderer()
        self._panel = Panel(session)
        self._presenter = Presenter(session)
        self._server = LocalPage(_LARGEST)
        self._closing = asyncio.Event()

    async def start(self, port: int = PORT) -> str:
        """Listen on a port of this machine, or on a free one where that is taken; the page's address."""
        router = self._server.router
        router.add_get("/", self._whole)
        router.add_get("/style.css", serve_text(style(), "text/css"))
        router.add_get("/room.js", serve_text(script(), "text/javascript"))
        router.add_get("/events", self._events)
        router.add_get("/file/{id}", self._file)
        router.add_get("/picture/{id}", self._picture)
        router.add_post("/act", self._act)
        router.add_post("/clock", self._clock)
        router.add_post("/fault", self._fault)
        return await self._server.start(port)

    async def stop(self) -> None:
        """Stop listening, and let the pages that are open know."""
        self._closing.set()
        self._session.notify()
        await self._server.stop()
        await self._panel.stop()

    # What is shown

    async def _whole(self, request: web.Request) -> web.Response:
        viewpoint = self._standpoint(request.query)
        html = self._page.page(self._presenter.screen(viewpoint), self._panel.view(viewpoint.tab))
        return web.Response(text=html, content_type="text/html")

    async def _events(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        # The page was closed, or shows another place now.
        with suppress(ConnectionResetError):
            await response.prepare(request)
            await self._follow(request, response)
        return response

    async def _follow(self, request: web.Request, response: web.StreamResponse) -> None:
        """Send every region that has changed, for as long as somebody looks."""
        sent: dict[str, str] = {}
        seen, told = -1, None
        while not self._closing.is_set() and is_there(request):
            viewpoint = self._standpoint(request.query)
            told = await self._visit(viewpoint, told)
            regions = self._page.regions(self._presenter.screen(viewpoint), self._panel.view(viewpoint.tab))
            await _send(response, {name: html for name, html in regions.items() if sent.get(name) != html})
            sent = regions
            # Before waiting for a change, so that a fast clock does not redraw the page for each step.
            await asyncio.sleep(_GAP)
            seen = await self._session.changed(seen, _LOOK_AGAIN)

    async def _visit(self, viewpoint: Viewpoint, told: Bot | None) -> Bot | None:
        """Send `app_home_opened` when somebody looks at the Home, once to each bot; `told` is the last one."""
        session = self._session
        if viewpoint.place != HOME or session.bot in (None, told) or session.faults.is_down:
            return told
        async with session.clock_held():
            told = session.bot
            with suppress(NotAnsweredError):
                await session.user(viewpoint.user).open_home()
        return told

    async def _file(self, request: web.Request) -> web.Response:
        files = {file.id: file for file in self._session.simulation.slack.workspace.files}
        file = files.get(request.match_info["id"])
        if file is None:
            raise web.HTTPNotFound
        # As a download: a file that the bot made must not run as a page of this origin.
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"}
        return web.Response(body=file.content, content_type="application/octet-stream", headers=headers)

    async def _picture(self, request: web.Request) -> web.Response:
        """Answer with an image that the bot has uploaded; the page's policy keeps it from being anything else."""
        file = self._session.simulation.slack.workspace.uploads.images().get(request.match_info["id"])
        if file is None:
            raise web.HTTPNotFound
        return web.Response(body=file.content, content_type="image/png")

    def _standpoint(self, query: Mapping[str, str]) -> Viewpoint:
        """Read the viewpoint from the address; what does not exist is replaced by a default."""
        people = [user.id for user in self._session.simulation.slack.workspace.people()]
        wanted, place = query.get("as", ""), query.get("in", "")
        user = wanted if wanted in people else self._presenter.first(people)
        tab: Any = query.get("tab") if query.get("tab") in get_args(Tab) else "week"
        return Viewpoint(user, place if place in self._presenter.places(user) else self._presenter.home_of(user), tab)

    # What is done

    async def _act(self, request: web.Request) -> web.Response:
        return await self._answer(
            request, lambda body: user_requests.carry_out(self._session, user_requests.read(body))
        )

    async def _clock(self, request: web.Request) -> web.Response:
        return await self._answer(
            request, lambda body: control_requests.carry_out(self._session, control_requests.read(body))
        )

    async def _fault(self, request: web.Request) -> web.Response:
        async def spoil(body: Any) -> str:
            return control_requests.inject(self._session, control_requests.FaultRequest.model_validate(body))

        return await self._answer(request, spoil)

    async def _answer(self, request: web.Request, work: Work) -> web.Response:
        """Carry out a request. Whatever goes wrong becomes a sentence on the page."""
        # A form of another site can send other types without a preflight request.
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType(text="JSON is wanted")
        raw = await request.read()
        try:
            said = await work(from_json(raw, allow_inf_nan=False))
        except ValueError:
            return _told("The page and the rehearsal do not understand each other. Please load the page anew.")
        except LookupError:
            return _told("That is not on the screen any more.")
        except Exception:
            reference = uuid.uuid4().hex[:8]
            log.exception("a press in the room broke off", action="rehearsal.broke_off", reference=reference)
            return _told(f"Something went wrong here. The log has it under {reference}.")
        finally:
            self._panel.forget()
            self._session.notify()
        return _told(said, ok=not said)


@asynccontextmanager
async def served(rehearsal: Rehearsal, port: int = PORT) -> AsyncIterator[tuple[Session, str]]:
    """Open a session and its page for as long as the block lasts; yields the session and the page's address.

    Raises:
        UnusableCampaignError: The campaign has errors; examples are played.
        ValueError: The campaign has no posts for anybody.
    """
    session = Session(rehearsal)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(session.close)
        await session.open()
        server = WebServer(session)
        stack.push_async_callback(server.stop)
        yield session, await server.start(port)


def _told(said: str, *, ok: bool = False) -> web.Response:
    return web.json_response({"ok": ok, "said": said})


async def _send(response: web.StreamResponse, regions: Mapping[str, str]) -> None:
    for name, html in regions.items():
        data = json.dumps({"id": name, "html": html})
        await response.write(f"event: region\ndata: {data}\n\n".encode())


async def watch(rehearsal: Rehearsal, port: int, say: Callable[[str], object]) -> None:
    """Serve the page, say where it is, and open it where there is a desktop; ends with SIGINT or SIGTERM.

    Raises:
        UnusableCampaignError: The campaign has errors; examples are played.
        ValueError: The campaign has no posts for anybody.
    """
    async with served(rehearsal, port) as (_room, address):
        say(f"The rehearsal is at {address}  (Ctrl-C ends it; nothing leaves this machine, and nothing is kept)")
        await show_until_stopped(address)

"""Serve the rehearsal's page over HTTP, to the browser on this machine and to nobody else."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import threading
import uuid
import webbrowser
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any, get_args
from urllib.parse import quote

import structlog
from aiohttp import web
from pydantic_core import from_json

from bot.app import Bot
from rehearsal.simulation import Rehearsal
from rehearsal.slack.http_transport import NotAnsweredError
from rehearsal.web import control_requests, user_requests
from rehearsal.web.page import PageRenderer, script, style
from rehearsal.web.panel_content import Panel
from rehearsal.web.presenter import Presenter
from rehearsal.web.session import Session
from rehearsal.web.view_models import HOME, Tab, Viewpoint

HOST = "127.0.0.1"
PORT = 8027
"""The usual port; another program may have it."""

_GAP = 0.08
"""Seconds between two looks of a page: often enough for the eye, and the bot gets on with its work."""

_LOOK_AGAIN = 1.0
"""Seconds after which a page looks again though nobody said that anything had changed."""

_LARGEST = 256 * 1024
_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

log = structlog.get_logger()

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Work = Callable[[Any], Awaitable[str]]


class WebServer:
    """Serves one session."""

    def __init__(self, session: Session) -> None:
        """Read the templates; nothing listens before `start`."""
        self._session = session
        self._page = PageRenderer()
        self._panel = Panel(session)
        self._presenter = Presenter(session)
        self._runner: web.AppRunner | None = None
        self._authorities: set[str] = set()
        self._closing = asyncio.Event()

    async def start(self, port: int = PORT) -> str:
        """Listen on a port of this machine, or on a free one where that is taken; the page's address."""
        app = web.Application(client_max_size=_LARGEST, middlewares=[self._guard])
        app.on_response_prepare.append(_protect)
        app.router.add_get("/", self._whole)
        app.router.add_get("/style.css", _text(style(), "text/css"))
        app.router.add_get("/room.js", _text(script(), "text/javascript"))
        app.router.add_get("/events", self._events)
        app.router.add_get("/file/{id}", self._file)
        app.router.add_post("/act", self._act)
        app.router.add_post("/clock", self._clock)
        app.router.add_post("/fault", self._fault)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await _listen(self._runner, port)
        bound = self._runner.addresses[0][1]
        self._authorities = {f"{HOST}:{bound}", f"localhost:{bound}"}
        return f"http://{HOST}:{bound}/"

    async def stop(self) -> None:
        """Stop listening, and let the pages that are open know."""
        self._closing.set()
        self._session.notify()
        if self._runner:
            await self._runner.cleanup()
        await self._panel.stop()

    # Who may ask

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not self._is_own(request):
            raise web.HTTPForbidden(text="this page answers the browser on this machine only")
        return await handler(request)

    def _is_own(self, request: web.Request) -> bool:
        """Return whether a request comes from this page: by its `Origin`, and by a `Host` that is this machine."""
        # DNS rebinding: a web page can give its own name this address, but then sends that name as Host.
        if request.host not in self._authorities:
            return False
        origins = {f"http://{authority}" for authority in self._authorities}
        if request.headers.get("Origin", f"http://{request.host}") not in origins:
            return False
        # Links from other pages may open this one, but nothing else.
        from_elsewhere = request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}
        return not from_elsewhere or (request.method == "GET" and request.path == "/")

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
        while not self._closing.is_set() and _is_there(request):
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


async def _listen(runner: web.AppRunner, port: int) -> None:
    try:
        await web.TCPSite(runner, HOST, port).start()
    except OSError:
        # Another rehearsal may be running; a free port is better than an error.
        await web.TCPSite(runner, HOST, 0).start()


async def _protect(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(_HEADERS)


def _is_there(request: web.Request) -> bool:
    """Return whether the browser is still connected."""
    return request.transport is not None and not request.transport.is_closing()


def _text(content: str, kind: str) -> Handler:
    async def serve(_request: web.Request) -> web.StreamResponse:
        return web.Response(text=content, content_type=kind)

    return serve


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
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with served(rehearsal, port) as (_room, address):
        say(f"The rehearsal is at {address}  (Ctrl-C ends it; nothing leaves this machine, and nothing is kept)")
        if has_desktop(sys.platform, os.environ):
            # In a daemon thread, since opening a browser may block, and must delay neither the page nor Ctrl-C.
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
        await stop.wait()


def has_desktop(platform: str, environment: Mapping[str, str]) -> bool:
    """Return whether a browser can be opened: not over SSH, and on Linux only with a display."""
    # Over SSH a browser would open on the other machine, and in CI nobody sees it.
    if "SSH_CONNECTION" in environment or environment.get("CI"):
        return False
    return platform in {"darwin", "win32"} or bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))

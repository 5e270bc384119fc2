"""Serve a page over HTTP to the browser on this machine, and to nobody else, until Ctrl-C."""

from __future__ import annotations

import os
import sys
import threading
import webbrowser
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from bot.run import told_to_stop

HOST = "127.0.0.1"

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class LocalPage:
    """An application that answers this machine's browser only. Routes are added before it starts."""

    def __init__(self, largest_request: int = 0) -> None:
        self._app = web.Application(client_max_size=largest_request, middlewares=[self._guard])
        self._app.on_response_prepare.append(_protect)
        self.router = self._app.router
        self._runner: web.AppRunner | None = None
        self._authorities: set[str] = set()

    async def start(self, port: int) -> str:
        """Listen on a port of this machine, or on a free one where that is taken; the page's address."""
        self._runner = web.AppRunner(self._app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await _listen(self._runner, port)
        bound = self._runner.addresses[0][1]
        self._authorities = {f"{HOST}:{bound}", f"localhost:{bound}"}
        return f"http://{HOST}:{bound}/"

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner:
            await self._runner.cleanup()

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


async def _listen(runner: web.AppRunner, port: int) -> None:
    try:
        await web.TCPSite(runner, HOST, port).start()
    except OSError:
        # Another rehearsal may be running; a free port is better than an error.
        await web.TCPSite(runner, HOST, 0).start()


async def _protect(_request: web.Request, response: web.StreamResponse) -> None:
    # A page may have a policy of its own.
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


def serve_text(content: str, kind: str) -> Handler:
    """Make a handler that answers with a text that never changes, such as a script."""

    async def serve(_request: web.Request) -> web.StreamResponse:
        return web.Response(text=content, content_type=kind)

    return serve


def is_there(request: web.Request) -> bool:
    """Return whether the browser is still connected."""
    return request.transport is not None and not request.transport.is_closing()


async def show_until_stopped(address: str) -> None:
    """Open a page where there is a desktop, and wait for SIGINT or SIGTERM."""
    stop = told_to_stop()
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

"""The HTTP server: health, metrics, and Slack's requests where there is no Socket Mode."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import asdict

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from prometheus_client import CONTENT_TYPE_LATEST
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp

from bot.clock import Clock
from bot.delivery.metrics import Metrics
from bot.slack import http_receiver
from bot.slack.signature_log import SignatureLog
from bot.web.connections import Connections, Limits
from bot.web.health import Health

_MAX_BODY = 1024 * 1024
"""Bytes; Slack's payloads are far smaller."""

_BODY_TIMEOUT = 10.0
"""Seconds for the body of a request; Slack gives up after three."""

_LINGER = 1.0
"""Seconds for the rest of a request that was refused; aiohttp's default is ten."""

_SHUTDOWN_TIMEOUT = 0.5
"""Seconds for requests that are being handled when the bot stops; aiohttp's default is a minute."""


class HttpServer:
    """Listens on one address, or on another one for metrics. `slack` handles Slack's requests where they come here."""

    def __init__(
        self, health: Health, metrics: Metrics, clock: Clock, slack: AsyncApp | None, signatures: SignatureLog
    ) -> None:
        self._health = health
        self._metrics = metrics
        self._clock = clock
        self._slack = slack
        self._signatures = signatures
        self._connections = Connections(Limits.of_process())
        self._runners: list[web.AppRunner] = []
        self._listening: list[asyncio.Server] = []

    async def start(self, host: str, port: int, *, with_metrics: bool = True) -> int:
        """Listen. Returns the port, which is another one where 0 was asked for.

        Raises:
            OSError: The address is taken.
        """
        routes = [web.get("/health/live", self._live), web.get("/health/ready", self._ready)]
        if with_metrics:
            routes.append(web.get("/metrics", self._show_metrics))
        if self._slack:
            routes.append(web.post("/slack/events", self._slack_request))
        return await self._listen(host, port, routes)

    async def start_metrics(self, host: str, port: int) -> int:
        """Listen for whoever asks for metrics alone. Returns the port.

        Raises:
            OSError: The address is taken.
        """
        return await self._listen(host, port, [web.get("/metrics", self._show_metrics)])

    async def _listen(self, host: str, port: int, routes: Sequence[web.RouteDef]) -> int:
        # Shared, because the descriptors that it spares are the process's.
        connections = self._connections
        app = web.Application(client_max_size=_MAX_BODY, middlewares=[connections.track])
        app.router.add_routes(routes)
        runner = web.AppRunner(
            app,
            # Its lines would show addresses of people who open the health page, and a probe twice a minute.
            access_log=None,
            shutdown_timeout=_SHUTDOWN_TIMEOUT,
            lingering_time=_LINGER,
            logger=_log(),
            # Slack compresses nothing, and a small compressed body can become a large one.
            auto_decompress=False,
        )
        self._runners.append(runner)
        await runner.setup()
        server, loop = runner.server, asyncio.get_running_loop()
        assert server is not None  # noqa: S101 - it has been set up
        # asyncio reports failures to accept nowhere else.
        loop.set_exception_handler(connections.on_accept_error)
        backlog = connections.limits.backlog
        listening = await loop.create_server(lambda: connections.wrap(server()), host, port, backlog=backlog)
        self._listening.append(listening)
        return int(listening.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Stop listening."""
        if self._listening:
            # First, so that nobody connects while the others are being finished.
            for each in self._listening:
                each.close()
            asyncio.get_running_loop().set_exception_handler(None)
        await asyncio.gather(*(runner.cleanup() for runner in self._runners))
        self._listening, self._runners = [], []
        await self._health.stop()

    async def _live(self, _request: web.Request) -> web.Response:
        return web.json_response({"live": True})

    async def _ready(self, _request: web.Request) -> web.Response:
        report = await self._health.report()
        body = {"ready": report.is_ready, "parts": [asdict(part) for part in report.parts]}
        return web.json_response(body, status=200 if report.is_ready else 503)

    async def _show_metrics(self, _request: web.Request) -> web.Response:
        body = self._metrics.page(await self._health.seen())
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _slack_request(self, request: web.Request) -> web.Response:
        assert self._slack is not None  # noqa: S101 - the route exists only with it
        try:
            # aiohttp has no timeout for a body that arrives byte by byte.
            async with asyncio.timeout(_BODY_TIMEOUT):
                raw = await request.read()
        except TimeoutError:
            raise web.HTTPRequestTimeout from None
        now = self._clock.now()
        return await to_aiohttp_response(
            await http_receiver.handle_request(self._slack, raw, request.headers, self._signatures, now)
        )


def _log() -> logging.Logger:
    """Return a log for aiohttp's own errors, without those of bad requests, with which anybody could fill it."""
    log = logging.getLogger("aiohttp.server.bot")
    log.addFilter(_is_ours)
    return log


def _is_ours(record: logging.LogRecord) -> bool:
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError | ConnectionError))

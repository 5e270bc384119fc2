"""The HTTP side: Slack's requests, health, metrics."""

from __future__ import annotations

from dataclasses import asdict
from urllib.parse import parse_qsl

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.request.async_internals import build_async_context
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.clock import Clock
from bot.delivery.metrics import Metrics
from bot.health import Health, ready
from bot.store.outbox import Outbox

_LARGEST = 1024 * 1024
"""Bytes; Slack's own payloads are far smaller."""

_GOODBYE = 1.0
"""Seconds that open connections are given when the bot leaves."""

_CLOSE_WITHIN = 0.5
"""Seconds for requests that are being answered when the bot leaves; aiohttp's own default is a minute."""


class Web:
    """Listens on one address. `slack` is the app that takes Slack's requests, where they come over HTTP."""

    def __init__(self, health: Health, metrics: Metrics, outbox: Outbox, clock: Clock, slack: AsyncApp | None) -> None:
        self._health = health
        self._metrics = metrics
        self._outbox = outbox
        self._clock = clock
        self._slack = slack
        self._runner: web.AppRunner | None = None

    async def start(self, host: str, port: int) -> int:
        """Listen; which port it became where 0 was asked for.

        Raises:
            OSError: The address is taken.
        """
        app = web.Application(client_max_size=_LARGEST)
        app.router.add_get("/health/live", self._live)
        app.router.add_get("/health/ready", self._ready)
        app.router.add_get("/metrics", self._show_metrics)
        if self._slack:
            app.router.add_post("/slack/events", self._take)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_CLOSE_WITHIN)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        return int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner:
            await self._runner.cleanup()

    async def _live(self, _request: web.Request) -> web.Response:
        return web.json_response({"live": True})

    async def _ready(self, _request: web.Request) -> web.Response:
        parts = await self._health.parts()
        body = {"ready": ready(parts), "parts": [asdict(part) for part in parts]}
        return web.json_response(body, status=200 if ready(parts) else 503)

    async def _show_metrics(self, _request: web.Request) -> web.Response:
        overdue, _oldest = await self._outbox.overdue(self._clock.now())
        self._metrics.show(await self._outbox.counts(), overdue)
        body = generate_latest(self._metrics.registry)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _take(self, request: web.Request) -> web.Response:
        assert self._slack is not None  # noqa: S101 - the route exists only with it
        try:
            asked = _whole(await to_bolt_request(request))
        except ValueError:
            # Slack sends nothing that cannot be read; whoever does is answered, and not in the log with a traceback.
            return web.Response(status=400)
        return await to_aiohttp_response(await self._slack.async_dispatch(asked))


def _whole(request: AsyncBoltRequest) -> AsyncBoltRequest:
    """The request with its body, which Bolt takes for an empty one when a command speaks of a "payload".

    https://github.com/slackapi/bolt-python/blob/main/slack_bolt/request/internals.py, `parse_body`. What was signed is
    the raw body, and that stays as it is.
    """
    if not request.body and request.raw_body:
        request.body = dict(parse_qsl(request.raw_body))
        request.context = build_async_context(AsyncBoltContext(), request.body)
    return request

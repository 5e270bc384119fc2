"""A sign of life for a service outside, such as a dead man's switch: where it stops, that service raises the alarm.

Metrics and alarms need something that asks. Where the machine, its network or whoever asks is gone, nobody would
notice; so the bot itself reports, as long as it is ready.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

import aiohttp
import structlog

from bot.delivery.outage_log import Telemetry
from bot.slack.errors import SLACK_ERRORS, error_code
from bot.slack.proxy import ProxyConfig
from bot.web.health import Health

EVERY = timedelta(minutes=1)
TIMEOUT = 10.0
"""Seconds for the answer."""

_OK = range(200, 300)

log = structlog.get_logger()


class Heartbeat:
    """Asks for an address once a minute while the bot is ready. The answer is not looked at, except for its status."""

    def __init__(self, url: str, proxy: ProxyConfig, health: Health, telemetry: Telemetry) -> None:
        self._url = url
        self._proxy = proxy
        self._health = health
        self._metrics, self._outages = telemetry.metrics, telemetry.outages
        self._running: asyncio.Task[None] | None = None
        self._said = ""

    def start(self) -> None:
        """Begin."""
        self._running = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Stop. From then on the service outside hears nothing, and tells whoever waits for the bot."""
        if self._running:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            try:
                await self.beat()
            except Exception as error:  # noqa: BLE001 - the edge
                self._outages.task_failed("heartbeat", error)
            else:
                self._outages.task_succeeded("heartbeat")
            await asyncio.sleep(EVERY.total_seconds())

    async def beat(self) -> None:
        """Ask once, if all is well, and log what is other than the last time."""
        report = await self._health.report()
        unwell = [part.name for part in report.parts if part.essential and not part.ok]
        error = "" if unwell else await self._ask()
        outcome = "withheld" if unwell else "failed" if error else "taken"
        self._metrics.heartbeat(outcome)
        said = f"{outcome} {error or ','.join(unwell)}"
        if said == self._said:
            return
        self._said = said
        if unwell:
            log.warning("no heartbeat while the bot is not ready", action="heartbeat.withheld", parts=unwell)
        elif error:
            log.warning("the heartbeat's address did not take it", action="heartbeat.failed", error=error)
        else:
            log.info("the heartbeat's address takes it", action="heartbeat.taken")

    async def _ask(self) -> str:
        """Ask for the address. Returns what is wrong, or an empty string. Never the address, which is a secret."""
        limit = aiohttp.ClientTimeout(total=TIMEOUT)
        try:
            # A session a minute: what it would keep open is closed by the other side long before.
            async with (
                aiohttp.ClientSession(timeout=limit, middlewares=[self._proxy.middleware]) as session,
                session.get(self._url, allow_redirects=False) as answer,
            ):
                return "" if answer.status in _OK else f"http_{answer.status}"
        except SLACK_ERRORS as error:
            return error_code(error)

"""The sign of life for a service outside: sent while the bot is ready, and never otherwise."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.delivery.outage_log import Telemetry
from bot.slack.proxy import Proxy, ProxyConfig
from bot.web.heartbeat import Heartbeat
from rehearsal.slack.background_server import RunningSlack
from tests.campaigns import write
from tests.simulation import Simulation

from .conftest import RunBot, over_http
from .participants import VISITED
from .process import Machine, soon

SECRET = "5ec4e7-ping"


@dataclass
class Switch:
    """A dead man's switch: counts who reports, and answers as it is told."""

    port: int = 0
    status: int = 200
    asked: list[str] = field(default_factory=list)

    async def answer(self, request: web.BaseRequest) -> web.Response:
        self.asked.append(str(request.url))
        return web.Response(status=self.status, headers={"Location": "/elsewhere"})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/{SECRET}"


@pytest.fixture
async def switch() -> AsyncIterator[Switch]:
    async with _serving(Switch()) as made:
        yield made


@asynccontextmanager
async def _serving(switch: Switch) -> AsyncIterator[Switch]:
    runner = web.ServerRunner(web.Server(switch.answer))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    switch.port = runner.addresses[0][1]
    yield switch
    await runner.cleanup()


def heart(week: Simulation, url: str, proxy: ProxyConfig | None = None) -> Heartbeat:
    """The heartbeat of a bot that is well, but for what is made to go wrong."""
    week.bot.scheduler.ticked_at = week.clock.now()
    dispatcher = week.bot.delivery.dispatcher
    telemetry = Telemetry(dispatcher._metrics, dispatcher._outages)
    return Heartbeat(url, proxy or ProxyConfig(), week.bot.http_server._health, telemetry)


@over_http
async def test_heartbeat_is_sent_only_while_ready(run_bot: RunBot, switch: Switch) -> None:
    week = await run_bot(VISITED)
    beating = heart(week, switch.url)
    with capture_logs() as logs:
        await beating.beat()
        await beating.beat()
        assert switch.asked == [switch.url] * 2
        week.slack.faults.answer("token_revoked", method="auth.test")
        await week.bot.delivery.token_check.check()
        await beating.beat()
        await beating.beat()
        assert len(switch.asked) == 2
        week.slack.faults.clear()
        await week.bot.delivery.token_check.check()
        await beating.beat()
    assert len(switch.asked) == 3
    said = [line for line in logs if line["action"].startswith("heartbeat.")]
    assert [line["action"] for line in said] == ["heartbeat.taken", "heartbeat.withheld", "heartbeat.taken"]
    assert said[1]["parts"] == ["slack"]
    figures = await week.metrics()
    assert [figures[f'earthweek_heartbeats_total{{outcome="{each}"}}'] for each in ("taken", "withheld")] == [3, 2]


@over_http
async def test_heartbeat_that_is_not_taken_is_logged(run_bot: RunBot, switch: Switch) -> None:
    week = await run_bot(VISITED)
    beating, nobody = heart(week, switch.url), heart(week, f"http://127.0.0.1:9/{SECRET}")
    switch.status = 404
    with capture_logs() as logs:
        await beating.beat()
        await beating.beat()
        # A service that has moved would be asked twice a minute, and at an address that nobody has chosen.
        switch.status = 302
        await beating.beat()
        await nobody.beat()
    assert [line["error"] for line in logs if line["action"] == "heartbeat.failed"] == [
        "http_404",
        "http_302",
        "ClientConnectorError",
    ]
    assert set(switch.asked) == {switch.url}
    assert SECRET not in str(logs)
    assert (await week.metrics())['earthweek_heartbeats_total{outcome="failed"}'] == 4


@over_http
async def test_heartbeat_goes_through_the_proxy(run_bot: RunBot, switch: Switch) -> None:
    week = await run_bot(VISITED)
    outside = f"http://switch.example/{SECRET}"
    await heart(week, outside, ProxyConfig(Proxy.parse(f"127.0.0.1:{switch.port}"))).beat()
    assert switch.asked == [outside]


def test_process_reports_and_shows_metrics_apart(slack: RunningSlack, machine: Machine) -> None:
    write(machine.campaign, soon(600))
    url = slack.api_url.replace("/api/", f"/{SECRET}")
    run = machine.run(EARTHWEEK_HEARTBEAT_URL=url, EARTHWEEK_METRICS_ADDRESS="127.0.0.1:0", LOG_LEVEL="DEBUG")
    run.until_running()
    # The rehearsal's Slack has no such page, so it was asked.
    assert run.until_logged("heartbeat.failed")["error"] == "http_404"
    port = run.until_logged("metrics.listening")["port"]
    assert run.get("/metrics")[0] == run.get("/", port)[0] == run.get("/health/ready", port)[0] == 404
    status, page = run.get("/metrics", port)
    assert (status, 'earthweek_heartbeats_total{outcome="failed"} 1.0' in page) == (200, True)
    assert SECRET not in run.output() + page
    run.send(signal.SIGTERM)
    assert run.ended() == 0


def test_taken_address_of_metrics_is_said(slack: RunningSlack, machine: Machine) -> None:
    write(machine.campaign, soon(600))
    taken = urlsplit(slack.api_url).netloc
    run = machine.run(EARTHWEEK_METRICS_ADDRESS=taken)
    assert run.ended() == 1
    assert f"cannot listen on {taken}" in run.why_it_ended()

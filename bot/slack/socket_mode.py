"""Socket Mode: two connections, so that one is open while Slack refreshes the other, each made anew when it ends."""

from __future__ import annotations

import asyncio
import json
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Any

import aiohttp
import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot import logs
from bot.slack.bolt_app import dispatch
from bot.slack.client import NO_PROXY
from bot.slack.errors import NETWORK_ERRORS, TOKEN_ERRORS
from bot.slack.proxy import ProxyConfig
from bot.slack.socket_connection import SocketConnection, SocketModeError

CONNECTIONS = 2

_ANSWERS_WITHIN = 2.0
"""Seconds for what is under way on a connection that Slack wants replaced; it closes it by itself some time later."""

_LAST_ANSWERS = 0.3
"""Seconds for the same when the bot leaves."""

_MOST_DOUBLINGS = 16

log = structlog.get_logger()


class ConnectionProblem(StrEnum):
    """What keeps a connection from being opened, as whoever runs the bot is told."""

    TOO_MANY = (
        "Slack takes no more connections; ten are open for this app. Stop other copies of the bot; it is tried again"
    )
    TOKEN = "Slack refuses SLACK_APP_TOKEN; it is tried again, but a new token needs a restart"  # noqa: S105 - no token
    DISABLED = "Socket Mode is switched off for this app; switch it on in the app's settings"
    NETWORK = "the way to Slack is blocked, look at HTTPS_PROXY; earthweek doctor says more. It is tried again"
    UNREACHABLE = "Slack cannot be reached for Socket Mode; it is tried again"


_TROUBLES = {
    **dict.fromkeys(TOKEN_ERRORS, ConnectionProblem.TOKEN),
    **dict.fromkeys(NETWORK_ERRORS, ConnectionProblem.NETWORK),
    "missing_scope": ConnectionProblem.TOKEN,
    "too_many_websockets": ConnectionProblem.TOO_MANY,
    "link_disabled": ConnectionProblem.DISABLED,
}


@dataclass(frozen=True)
class ReconnectPolicy:
    """Intervals of one connection, in seconds.

    A silent connection is pinged every `ping_interval`: whatever somebody presses while it is dead is lost, and five
    seconds, half of Bolt's default, cost one small frame. After a failure the delay is `initial_delay`, and doubles up
    to `max_delay`. A connection that has lasted `stable_after` is replaced without a delay.
    """

    ping_interval: float = 5.0
    initial_delay: float = 1.0
    max_delay: float = 30.0
    stable_after: float = 1.0

    @property
    def detects_loss_within(self) -> float:
        """The longest that a deaf connection stays unnoticed: aiohttp waits half as long again for the answer."""
        return self.ping_interval * 1.5

    def delay(self, failed: int, chance: float) -> float:
        """How long to wait after so many tries in a row; `chance`, from 0 to 1, keeps replicas out of step."""
        if not failed:
            return 0.0
        whole = min(self.max_delay, self.initial_delay * 2.0 ** min(failed - 1, _MOST_DOUBLINGS))
        return whole * (0.75 + 0.25 * chance)


DEFAULT_POLICY = ReconnectPolicy()


class SocketMode:
    """The bot's connections to Slack. `jitter` gives a chance from 0 to 1 whenever it is asked."""

    def __init__(
        self,
        app: AsyncApp,
        app_token: str,
        client: AsyncWebClient,
        policy: ReconnectPolicy = DEFAULT_POLICY,
        jitter: Callable[[], float] = random.random,
        proxy: ProxyConfig = NO_PROXY,
    ) -> None:
        self._app = app
        self._app_token = app_token
        self._client = client
        self._policy = policy
        self._jitter = jitter
        self._proxy = proxy
        self._session: aiohttp.ClientSession | None = None
        self._connections: dict[int, SocketConnection] = {}
        self._problems: dict[int, ConnectionProblem] = {}
        self._maintainers: list[asyncio.Task[None]] = []
        self._responding: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begin to connect; while Slack does not want to, it is asked again at growing distances."""
        self._session = aiohttp.ClientSession(middlewares=[self._proxy.middleware])
        self._maintainers = [asyncio.create_task(self._maintain(slot, self._session)) for slot in range(CONNECTIONS)]

    async def open_connections(self) -> int:
        """How many connections are open now."""
        return sum([await connection.is_connected() for connection in self._connections.values()])

    @property
    def problems(self) -> list[str]:
        """What keeps connections from being opened now, in sentences."""
        return sorted(set(self._problems.values()))

    async def stop(self) -> None:
        """Close every connection, within a second whatever Slack does."""
        await self._drain(_LAST_ANSWERS)
        tasks = [*self._maintainers, *self._responding]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._connections.clear()
        if self._session:
            await self._session.close()

    async def _maintain(self, slot: int, session: aiohttp.ClientSession) -> None:
        failed, broken = 0, ""
        while True:
            connection = SocketConnection(
                self._app_token, self._client, session, self._on_envelope, self._policy.ping_interval
            )
            self._connections[slot] = connection
            try:
                lasted = await self._run(slot, connection)
            except SocketModeError as refused:
                failed += 1
                self._report(slot, refused.code)
                pause = max(self._policy.delay(failed, self._jitter()), refused.retry_after)
            except Exception as error:
                failed += 1
                if broken != logs.place(error):
                    log.exception("a connection broke off", action="sockets.broke_off", reference=uuid.uuid4().hex[:8])
                broken = logs.place(error)
                pause = self._policy.delay(failed, self._jitter())
            else:
                # The first that ends early is replaced at once; where they go on ending, Slack is left alone.
                pause = 0.0 if lasted else self._policy.delay(failed, self._jitter())
                failed, broken = (0, "") if lasted else (failed + 1, broken)
            finally:
                await connection.disconnect()
            await asyncio.sleep(pause)

    async def _run(self, slot: int, connection: SocketConnection) -> bool:
        """Whether the connection lasted, once it is over."""
        await connection.connect()
        lasted = not await connection.wait_ended(self._policy.stable_after)
        if lasted:
            self._report(slot, None)
            await connection.wait_ended()
        if connection.end_reason in _TROUBLES:
            raise SocketModeError(connection.end_reason)
        log.info("a connection to Slack is replaced", action="sockets.replaced", reason=connection.end_reason)
        if not connection.is_closed:
            await self._drain(_ANSWERS_WITHIN)
        return lasted

    def _report(self, slot: int, word: str | None) -> None:
        """Say what has begun or ended, once for all connections."""
        before = set(self._problems.values())
        self._problems.pop(slot, None)
        if word is not None:
            self._problems[slot] = _TROUBLES.get(word, ConnectionProblem.UNREACHABLE)
        after = set(self._problems.values())
        for trouble in after - before:
            log.warning(str(trouble), action="sockets.refused", error=word)
        if before and not after:
            log.info("Slack takes the bot's connections again", action="sockets.restored")

    def _on_envelope(self, connection: SocketConnection, envelope_id: str, payload: dict[str, Any]) -> None:
        task = asyncio.create_task(self._respond(connection, envelope_id, payload))
        self._responding.add(task)
        task.add_done_callback(self._responding.discard)

    async def _respond(self, connection: SocketConnection, envelope_id: str, payload: dict[str, Any]) -> None:
        try:
            answer = await dispatch(self._app, AsyncBoltRequest(mode="socket_mode", body=payload))
            if answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                await connection.acknowledge(envelope_id, _said(answer))
        except Exception:
            log.exception("an envelope broke off", action="sockets.broke_off", reference=uuid.uuid4().hex[:8])

    async def _drain(self, within: float) -> None:
        if self._responding:
            await asyncio.wait(self._responding, timeout=within)


def _said(answer: BoltResponse) -> Any:
    """What an acknowledgement is to carry; nothing where no listener has anything to say."""
    return json.loads(answer.body) if answer.body else None

"""Socket Mode over two connections, so that one is open while Slack refreshes the other."""

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
from bot.slack.socket_mode_connection import SocketConnection, SocketModeError

# Slack allows ten for an app, which a rolling deployment with several replicas has to share.
CONNECTIONS = 2

_DRAIN_TIMEOUT = 2.0
"""Seconds for answers on a connection that Slack wants replaced; Slack closes it somewhat later."""

_STOP_TIMEOUT = 0.3
"""Seconds for answers when the bot stops."""

# Without a limit, `2.0 ** failures` overflows after some hours without Slack.
_MOST_DOUBLINGS = 16

log = structlog.get_logger()


class ConnectionProblem(StrEnum):
    """The reason why a connection cannot be opened, as the operator is told."""

    TOO_MANY = (
        "Slack takes no more connections; ten are open for this app. Stop other copies of the bot; it is tried again"
    )
    TOKEN = "Slack refuses SLACK_APP_TOKEN; it is tried again, but a new token needs a restart"  # noqa: S105 - no token
    DISABLED = "Socket Mode is switched off for this app; switch it on in the app's settings"
    NETWORK = "the way to Slack is blocked, look at HTTPS_PROXY; earthweek doctor says more. It is tried again"
    UNREACHABLE = "Slack cannot be reached for Socket Mode; it is tried again"


_PROBLEMS = {
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
        """The longest time that a lost connection goes unnoticed: aiohttp waits half an interval for the pong."""
        return self.ping_interval * 1.5

    def delay(self, failures: int, jitter: float) -> float:
        """Return the delay after so many failures in a row; `jitter`, from 0 to 1, keeps replicas out of step."""
        if not failures:
            return 0.0
        whole = min(self.max_delay, self.initial_delay * 2.0 ** min(failures - 1, _MOST_DOUBLINGS))
        return whole * (0.75 + 0.25 * jitter)


DEFAULT_POLICY = ReconnectPolicy()


class SocketMode:
    """The bot's connections to Slack, each replaced when it ends. `jitter` returns a random number from 0 to 1."""

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
        """Begin to connect, and try again with growing delays while Slack refuses."""
        self._session = aiohttp.ClientSession(middlewares=[self._proxy.middleware])
        self._maintainers = [asyncio.create_task(self._maintain(slot, self._session)) for slot in range(CONNECTIONS)]

    async def open_connections(self) -> int:
        """Return how many connections are open."""
        return sum([await connection.is_connected() for connection in self._connections.values()])

    @property
    def problems(self) -> list[str]:
        """Sentences about what keeps connections from being opened now."""
        return sorted(set(self._problems.values()))

    async def stop(self) -> None:
        """Close every connection within a second, whatever Slack does."""
        # Answers first: an acknowledgement needs the connection on which its envelope came.
        await self._drain(_STOP_TIMEOUT)
        tasks = [*self._maintainers, *self._responding]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._connections.clear()
        if self._session:
            await self._session.close()

    async def _maintain(self, slot: int, session: aiohttp.ClientSession) -> None:
        failures, last_bug = 0, ""
        while True:
            connection = SocketConnection(
                self._app_token, self._client, session, self._on_envelope, self._policy.ping_interval
            )
            self._connections[slot] = connection
            try:
                lasted = await self._run(slot, connection)
            except SocketModeError as error:
                failures += 1
                self._report(slot, error.code)
                pause = max(self._policy.delay(failures, self._jitter()), error.retry_after)
            except Exception as error:
                failures += 1
                # A mistake of the program repeats at every attempt; one traceback is enough.
                if last_bug != logs.place(error):
                    log.exception("a connection failed", action="socket_mode.failed", reference=uuid.uuid4().hex[:8])
                last_bug = logs.place(error)
                pause = self._policy.delay(failures, self._jitter())
            else:
                # The first one that ends early is replaced at once. Where it happens again, the delays grow.
                pause = 0.0 if lasted else self._policy.delay(failures, self._jitter())
                failures, last_bug = (0, "") if lasted else (failures + 1, last_bug)
            finally:
                await connection.disconnect()
            await asyncio.sleep(pause)

    async def _run(self, slot: int, connection: SocketConnection) -> bool:
        """Use a connection until it ends. Returns whether it lasted."""
        await connection.connect()
        # Slack may accept a connection and close it at once, again and again: that is not yet a success.
        lasted = not await connection.wait_ended(self._policy.stable_after)
        if lasted:
            self._report(slot, None)
            await connection.wait_ended()
        if connection.end_reason in _PROBLEMS:
            raise SocketModeError(connection.end_reason)
        log.info("a connection to Slack is replaced", action="socket_mode.replaced", reason=connection.end_reason)
        # Slack announces a replacement some time before it closes the connection, so answers under way can still leave.
        if not connection.is_closed:
            await self._drain(_DRAIN_TIMEOUT)
        return lasted

    def _report(self, slot: int, code: str | None) -> None:
        """Log a problem that begins or ends, once for all connections."""
        before = set(self._problems.values())
        self._problems.pop(slot, None)
        if code is not None:
            self._problems[slot] = _PROBLEMS.get(code, ConnectionProblem.UNREACHABLE)
        after = set(self._problems.values())
        for problem in after - before:
            log.warning(str(problem), action="socket_mode.refused", error=code)
        if before and not after:
            log.info("Slack takes the bot's connections again", action="socket_mode.restored")

    def _on_envelope(self, connection: SocketConnection, envelope_id: str, payload: dict[str, Any]) -> None:
        task = asyncio.create_task(self._respond(connection, envelope_id, payload))
        # asyncio keeps only weak references to tasks: one that nobody holds can vanish half-way.
        self._responding.add(task)
        task.add_done_callback(self._responding.discard)

    async def _respond(self, connection: SocketConnection, envelope_id: str, payload: dict[str, Any]) -> None:
        try:
            answer = await dispatch(self._app, AsyncBoltRequest(mode="socket_mode", body=payload))
            # Left unacknowledged, the envelope comes again, perhaps to a replica that can answer it.
            if answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                await connection.acknowledge(envelope_id, _body(answer))
        except Exception:
            log.exception("an envelope failed", action="socket_mode.failed", reference=uuid.uuid4().hex[:8])

    async def _drain(self, within: float) -> None:
        if self._responding:
            await asyncio.wait(self._responding, timeout=within)


def _body(answer: BoltResponse) -> Any:
    """Return what to send with the acknowledgement; nothing where no listener has answered."""
    return json.loads(answer.body) if answer.body else None

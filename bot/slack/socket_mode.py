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

from bot import tracebacks
from bot.slack.bolt_app import dispatch
from bot.slack.client import DIRECTLY
from bot.slack.errors import ROUTE, TOKENS
from bot.slack.proxy import WayOut
from bot.slack.socket_connection import Line, Refused

CONNECTIONS = 2

_ANSWERS_WITHIN = 2.0
"""Seconds for what is under way on a connection that Slack wants replaced; it closes it by itself some time later."""

_LAST_ANSWERS = 0.3
"""Seconds for the same when the bot leaves."""

_MOST_DOUBLINGS = 16

log = structlog.get_logger()


class Trouble(StrEnum):
    """What keeps a connection from being opened, as whoever runs the bot is told."""

    FULL = "Slack takes no more connections; ten are open for this app. Stop other copies of the bot; it is tried again"
    TOKEN = "Slack refuses SLACK_APP_TOKEN; it is tried again, but a new token needs a restart"  # noqa: S105 - no token
    OFF = "Socket Mode is switched off for this app; switch it on in the app's settings"
    ROUTE = "the way to Slack is blocked, look at HTTPS_PROXY; earthweek doctor says more. It is tried again"
    AWAY = "Slack cannot be reached for Socket Mode; it is tried again"


_TROUBLES = {
    **dict.fromkeys(TOKENS, Trouble.TOKEN),
    **dict.fromkeys(ROUTE, Trouble.ROUTE),
    "missing_scope": Trouble.TOKEN,
    "too_many_websockets": Trouble.FULL,
    "link_disabled": Trouble.OFF,
}


@dataclass(frozen=True)
class Patience:
    """How long the bot waits for Slack, in seconds.

    A connection on which nothing comes is pinged every `ping_every`: a press that goes to a deaf one is lost, and five
    seconds, half of Bolt's own, cost one small frame. The first pause after a refusal is `first`; each is twice the one
    before, up to `longest`. Who has been connected for `steady` may connect anew at once.
    """

    ping_every: float = 5.0
    first: float = 1.0
    longest: float = 30.0
    steady: float = 1.0

    @property
    def notices_within(self) -> float:
        """The longest that a deaf connection stays unnoticed: aiohttp waits half as long again for the answer."""
        return self.ping_every * 1.5

    def pause(self, failed: int, chance: float) -> float:
        """How long to wait after so many tries in a row; `chance`, from 0 to 1, keeps replicas out of step."""
        if not failed:
            return 0.0
        whole = min(self.longest, self.first * 2.0 ** min(failed - 1, _MOST_DOUBLINGS))
        return whole * (0.75 + 0.25 * chance)


PATIENCE = Patience()


class Sockets:
    """The bot's connections to Slack. `jitter` gives a chance from 0 to 1 whenever it is asked."""

    def __init__(
        self,
        app: AsyncApp,
        app_token: str,
        client: AsyncWebClient,
        patience: Patience = PATIENCE,
        jitter: Callable[[], float] = random.random,
        way: WayOut = DIRECTLY,
    ) -> None:
        self._app = app
        self._app_token = app_token
        self._client = client
        self._patience = patience
        self._jitter = jitter
        self._way = way
        self._session: aiohttp.ClientSession | None = None
        self._lines: dict[int, Line] = {}
        self._troubles: dict[int, Trouble] = {}
        self._holding: list[asyncio.Task[None]] = []
        self._answering: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begin to connect; while Slack does not want to, it is asked again at growing distances."""
        self._session = aiohttp.ClientSession(middlewares=[self._way.take])
        self._holding = [asyncio.create_task(self._hold(place, self._session)) for place in range(CONNECTIONS)]

    async def connected(self) -> int:
        """How many connections are open now."""
        return sum([await line.is_connected() for line in self._lines.values()])

    @property
    def troubles(self) -> list[str]:
        """What keeps connections from being opened now, in sentences."""
        return sorted(set(self._troubles.values()))

    async def stop(self) -> None:
        """Close every connection, within a second whatever Slack does."""
        await self._finish(_LAST_ANSWERS)
        tasks = [*self._holding, *self._answering]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._lines.clear()
        if self._session:
            await self._session.close()

    async def _hold(self, place: int, session: aiohttp.ClientSession) -> None:
        failed, broken = 0, ""
        while True:
            line = Line(self._app_token, self._client, session, self._take, self._patience.ping_every)
            self._lines[place] = line
            try:
                lasted = await self._use(place, line)
            except Refused as refused:
                failed += 1
                self._note(place, refused.word)
                pause = max(self._patience.pause(failed, self._jitter()), refused.seconds)
            except Exception as error:
                failed += 1
                if broken != tracebacks.place(error):
                    log.exception("a connection broke off", action="sockets.broke_off", reference=uuid.uuid4().hex[:8])
                broken = tracebacks.place(error)
                pause = self._patience.pause(failed, self._jitter())
            else:
                # The first that ends early is replaced at once; where they go on ending, Slack is left alone.
                pause = 0.0 if lasted else self._patience.pause(failed, self._jitter())
                failed, broken = (0, "") if lasted else (failed + 1, broken)
            finally:
                await line.disconnect()
            await asyncio.sleep(pause)

    async def _use(self, place: int, line: Line) -> bool:
        """Whether the connection lasted, once it is over."""
        await line.connect()
        lasted = not await line.ended(self._patience.steady)
        if lasted:
            self._note(place, None)
            await line.ended()
        if line.reason in _TROUBLES:
            raise Refused(line.reason)
        log.info("a connection to Slack is replaced", action="sockets.replaced", reason=line.reason)
        if not line.is_cut:
            await self._finish(_ANSWERS_WITHIN)
        return lasted

    def _note(self, place: int, word: str | None) -> None:
        """Say what has begun or ended, once for all connections."""
        before = set(self._troubles.values())
        self._troubles.pop(place, None)
        if word is not None:
            self._troubles[place] = _TROUBLES.get(word, Trouble.AWAY)
        after = set(self._troubles.values())
        for trouble in after - before:
            log.warning(str(trouble), action="sockets.refused", error=word)
        if before and not after:
            log.info("Slack takes the bot's connections again", action="sockets.restored")

    def _take(self, line: Line, envelope_id: str, payload: dict[str, Any]) -> None:
        task = asyncio.create_task(self._answer(line, envelope_id, payload))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def _answer(self, line: Line, envelope_id: str, payload: dict[str, Any]) -> None:
        try:
            answer = await dispatch(self._app, AsyncBoltRequest(mode="socket_mode", body=payload))
            if answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                await line.acknowledge(envelope_id, _said(answer))
        except Exception:
            log.exception("an envelope broke off", action="sockets.broke_off", reference=uuid.uuid4().hex[:8])

    async def _finish(self, within: float) -> None:
        if self._answering:
            await asyncio.wait(self._answering, timeout=within)


def _said(answer: BoltResponse) -> Any:
    """What an acknowledgement is to carry; nothing where no listener has anything to say."""
    return json.loads(answer.body) if answer.body else None

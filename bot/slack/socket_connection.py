"""One connection of Socket Mode, from its opening to its end.

slack_sdk's own clients open themselves again: at once, as often as Slack refuses, and on tasks that nobody ends. This
one is opened once, and whoever holds it makes another. The frames are those of
https://docs.slack.dev/apis/events-api/using-socket-mode.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable
from typing import Any

import aiohttp
import structlog
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.logs import LineLimit
from bot.slack import payloads
from bot.slack.errors import SLACK_ERRORS, error_code
from bot.slack.results import RateLimited, classify

OPEN_TIMEOUT = 10.0
"""Seconds from the question for an address to Slack's greeting."""

_CLOSE_WITHIN = 0.5
"""Seconds; aiohttp alone would wait ten for a Slack that no longer answers."""

_KINDS = frozenset({"events_api", "interactive", "slash_commands"})
_SAYING = frozenset({aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY})
_LONGEST_WORD = 40
_WORD = re.compile(r"\w+", re.ASCII)
_LONGEST_HOLD = 600
"""Seconds; whatever Slack asks for, it is asked again after ten minutes."""

EnvelopeHandler = Callable[["SocketConnection", str, dict[str, Any]], None]
"""Takes an envelope's id and its payload, and answers on the line later."""

log = structlog.get_logger()


class SocketModeError(Exception):
    """No connection came of it; Slack's word for why, and how many seconds it wants to be left alone."""

    def __init__(self, word: str, seconds: float = 0) -> None:
        super().__init__(word)
        self.code = word
        self.retry_after = seconds


class SocketConnection(AsyncBaseSocketModeClient):
    """A connection that hands on envelopes. What is not in Slack's form is acknowledged, noted and dropped."""

    def __init__(
        self,
        app_token: str,
        client: AsyncWebClient,
        session: aiohttp.ClientSession,
        on_envelope: EnvelopeHandler,
        ping_interval: float,
    ) -> None:
        self.app_token = app_token
        self.web_client = client
        self.closed = False
        self.end_reason = ""
        self._session = session
        self._on_envelope = on_envelope
        self._ping_interval = ping_interval
        self._ws: aiohttp.ClientWebSocketResponse | None = None
        self._reading: asyncio.Task[None] | None = None
        self._has_hello = False
        self._opened = asyncio.Event()
        self._ended = asyncio.Event()
        self._limit = LineLimit()

    async def issue_new_wss_url(self) -> str:
        """A new address to connect to; each is good for one connection."""
        return str((await self.web_client.apps_connections_open(app_token=self.app_token)).get("url"))

    async def connect(self) -> None:
        """Open the connection, and wait until Slack has greeted.

        Raises:
            Refused: Slack takes no connection, or cannot be reached.
        """
        try:
            async with asyncio.timeout(OPEN_TIMEOUT):
                self._ws = await self._open(await self.issue_new_wss_url())
                self._reading = asyncio.create_task(self._read(self._ws))
                await self._opened.wait()
        except (*SLACK_ERRORS, OSError) as error:
            verdict = classify(error, "Slack")
            seconds = min(verdict.retry_after, _LONGEST_HOLD) if isinstance(verdict, RateLimited) else 0
            raise SocketModeError(error_code(error), seconds) from error
        # A greeting and the wish for another connection may come in one breath.
        if not self._has_hello:
            raise SocketModeError(self.end_reason)

    async def _open(self, url: str) -> aiohttp.ClientWebSocketResponse:
        # The heartbeat pings where nothing has come in, and drops a connection on which the pong takes half as long.
        return await self._session.ws_connect(
            url,
            heartbeat=self._ping_interval,
            ssl=self.web_client.ssl if self.web_client.ssl is not None else True,
        )

    async def is_connected(self) -> bool:
        """Whether envelopes come in here now."""
        return self._has_hello and not self._ended.is_set()

    @property
    def is_closed(self) -> bool:
        """Whether nothing can be said on it any more."""
        return self._ws is None or self._ws.closed

    async def wait_ended(self, within: float | None = None) -> bool:
        """Wait for the end: the connection is gone, or Slack asks for a new one. False when it holds for so long."""
        try:
            async with asyncio.timeout(within):
                return await self._ended.wait()
        except TimeoutError:
            return False

    async def acknowledge(self, envelope_id: str, payload: Any = None) -> None:
        """Confirm an envelope, with an answer where there is one."""
        await self.send_socket_mode_response(SocketModeResponse(envelope_id, payload))

    async def send_message(self, message: str) -> None:
        """Send a frame. Where the connection has gone meanwhile, Slack or the person tries again."""
        try:
            if self._ws:
                await self._ws.send_str(message)
        except ConnectionError:
            log.info("an acknowledgement found no connection", action="sockets.unacknowledged")

    async def disconnect(self) -> None:
        """Drop the connection, without waiting for a Slack that says nothing."""
        self.closed = True
        self._end("closed")
        if self._reading:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        if self._ws:
            await asyncio.wait({asyncio.ensure_future(self._ws.close())}, timeout=_CLOSE_WITHIN)

    async def _read(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        try:
            async for message in ws:
                # Slack sends empty ones now and then.
                if message.type in _SAYING and message.data:
                    await self._on_message(message.data)
        finally:
            self._end("deaf" if isinstance(ws.exception(), aiohttp.ServerTimeoutError) else "cut")

    async def _on_message(self, raw: Any) -> None:
        frame = _parsed(raw)
        match frame:
            case {"type": "hello"}:
                self._has_hello = True
                self._opened.set()
            case {"type": "disconnect"}:
                reason = str(frame.get("reason"))[:_LONGEST_WORD]
                self._end(reason if _WORD.fullmatch(reason) else "unknown")
            case {"envelope_id": str(envelope_id), "type": str(kind), "payload": dict(payload)} if (
                kind in _KINDS and payloads.is_valid(payload)
            ):
                self._on_envelope(self, envelope_id, payload)
            case {"envelope_id": str(envelope_id)}:
                self._note_malformed()
                # Unconfirmed, Slack would send it again and again.
                await self.acknowledge(envelope_id)
            case _:
                self._note_malformed()

    def _note_malformed(self) -> None:
        dropped = self._limit.admit("malformed", time.monotonic())
        if dropped is not None:
            log.warning("what came from Slack is not in its form", action="sockets.malformed", dropped=dropped)

    def _end(self, reason: str) -> None:
        if not self._ended.is_set():
            self.end_reason = reason
            self._ended.set()
            self._opened.set()


def _parsed(raw: Any) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, TypeError, RecursionError):
        return None

"""One connection of Socket Mode, from its opening to its end.

slack_sdk's own clients reconnect by themselves: at once, as often as Slack refuses, and in tasks that nobody can stop.
This one connects once, and `SocketMode` replaces it. The frames are described in
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
from bot.slack import payload_schemas
from bot.slack.errors import SLACK_ERRORS, error_code
from bot.slack.send_results import RateLimited, classify

OPEN_TIMEOUT = 10.0
"""Seconds from asking for a URL to Slack's hello."""

_CLOSE_WITHIN = 0.5
"""Seconds; aiohttp would wait ten for a Slack that no longer answers."""

_ENVELOPES = frozenset({"events_api", "interactive", "slash_commands"})
_DATA = frozenset({aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY})
_MAX_REASON_LENGTH = 40
_REASON = re.compile(r"\w+", re.ASCII)
_MAX_RETRY_AFTER = 600
"""Seconds. Whatever Slack asks for, the bot tries again after ten minutes."""

EnvelopeHandler = Callable[["SocketConnection", str, dict[str, Any]], None]
"""Takes the connection, an envelope's ID and its payload, and acknowledges later."""

log = structlog.get_logger()


class SocketModeError(Exception):
    """The connection was not made: Slack's code for why, and the seconds after which it may be tried again."""

    def __init__(self, code: str, retry_after: float = 0) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after = retry_after


class SocketConnection(AsyncBaseSocketModeClient):
    """A connection that passes on envelopes. Malformed ones are acknowledged, logged and dropped."""

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
        # Set at Slack's hello, and also at the end, so that nobody waits for a hello that will not come.
        self._opened = asyncio.Event()
        self._ended = asyncio.Event()
        self._limit = LineLimit()

    async def issue_new_wss_url(self) -> str:
        """Ask Slack for a URL, which is good for one connection."""
        return str((await self.web_client.apps_connections_open(app_token=self.app_token)).get("url"))

    async def connect(self) -> None:
        """Connect, and wait for Slack's hello.

        Raises:
            SocketModeError: Slack accepts no connection, or cannot be reached.
        """
        try:
            async with asyncio.timeout(OPEN_TIMEOUT):
                self._ws = await self._open(await self.issue_new_wss_url())
                self._reading = asyncio.create_task(self._read(self._ws))
                await self._opened.wait()
        except (*SLACK_ERRORS, OSError) as error:
            result = classify(error, "Slack")
            retry_after = min(result.retry_after, _MAX_RETRY_AFTER) if isinstance(result, RateLimited) else 0
            raise SocketModeError(error_code(error), retry_after) from error
        # Slack may say hello and ask for another connection at the same time.
        if not self._has_hello:
            raise SocketModeError(self.end_reason)

    async def _open(self, url: str) -> aiohttp.ClientWebSocketResponse:
        # aiohttp pings a silent connection, and drops it where the pong takes longer than half the interval.
        return await self._session.ws_connect(
            url,
            heartbeat=self._ping_interval,
            ssl=self.web_client.ssl if self.web_client.ssl is not None else True,
        )

    async def is_connected(self) -> bool:
        """Return whether envelopes can arrive now."""
        return self._has_hello and not self._ended.is_set()

    @property
    def is_closed(self) -> bool:
        """True if nothing can be sent any more."""
        return self._ws is None or self._ws.closed

    async def wait_ended(self, within: float | None = None) -> bool:
        """Wait until the connection is lost or Slack asks for a new one. Returns false after `within` seconds."""
        try:
            async with asyncio.timeout(within):
                return await self._ended.wait()
        except TimeoutError:
            return False

    async def acknowledge(self, envelope_id: str, payload: Any = None) -> None:
        """Acknowledge an envelope, with an answer where there is one."""
        await self.send_socket_mode_response(SocketModeResponse(envelope_id, payload))

    async def send_message(self, message: str) -> None:
        """Send a frame. If the connection is lost, Slack delivers the envelope again."""
        try:
            if self._ws:
                await self._ws.send_str(message)
        except ConnectionError:
            log.info("a connection was lost before an acknowledgement", action="socket_mode.unacknowledged")

    async def disconnect(self) -> None:
        """Close the connection, without waiting for a Slack that does not answer."""
        self.closed = True
        self._end("closed")
        if self._reading:
            self._reading.cancel()
            # Awaited, so that nothing is read from a connection that counts as closed.
            await asyncio.gather(self._reading, return_exceptions=True)
        if self._ws:
            # `wait` and not `wait_for`, which would wait for the cancelled close as well.
            await asyncio.wait({asyncio.ensure_future(self._ws.close())}, timeout=_CLOSE_WITHIN)

    async def _read(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        try:
            async for message in ws:
                # Slack sends empty messages now and then.
                if message.type in _DATA and message.data:
                    await self._on_message(message.data)
        finally:
            # aiohttp ends the loop without an exception also where the heartbeat failed; only the socket knows why.
            self._end("timeout" if isinstance(ws.exception(), aiohttp.ServerTimeoutError) else "lost")

    async def _on_message(self, raw: Any) -> None:
        frame = _parsed(raw)
        match frame:
            case {"type": "hello"}:
                self._has_hello = True
                self._opened.set()
            case {"type": "disconnect"}:
                reason = str(frame.get("reason") or "")[:_MAX_REASON_LENGTH]
                # Reasons are logged, so only a plain word of Slack's is repeated.
                self._end(reason if _REASON.fullmatch(reason) else "unknown")
            case {"envelope_id": str(envelope_id), "type": str(kind), "payload": dict(payload)} if (
                # An envelope of another kind is a feature that the app does not use.
                kind in _ENVELOPES and payload_schemas.is_valid(payload)
            ):
                self._on_envelope(self, envelope_id, payload)
            case {"envelope_id": str(envelope_id)}:
                self._log_malformed()
                # Slack would otherwise deliver it again and again.
                await self.acknowledge(envelope_id)
            case _:
                self._log_malformed()

    def _log_malformed(self) -> None:
        dropped = self._limit.admit("malformed", time.monotonic())
        if dropped is not None:
            log.warning("a malformed envelope", action="socket_mode.malformed", dropped=dropped)

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

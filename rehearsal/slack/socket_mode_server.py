"""Socket Mode from Slack's side: connections, envelopes and their acknowledgements.

The frames are those of https://docs.slack.dev/apis/events-api/using-socket-mode.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import WSMsgType, web

from rehearsal.slack import serializers

MOST_CONNECTIONS = 10
"""Per app, https://docs.slack.dev/apis/events-api/using-socket-mode."""
ACKNOWLEDGE_WITHIN = 3.0
"""Seconds, https://docs.slack.dev/interactivity/handling-user-interaction."""


class NotConnectedError(Exception):
    """There is no connection to send on."""


class NotAcknowledgedError(Exception):
    """An envelope got no acknowledgement in time, or its connection went away first."""


@dataclass(frozen=True)
class Ack:
    """The app's answer to an envelope; `payload` is what it wants said, None when it only confirms."""

    envelope_id: str
    payload: Any
    connection: int


@dataclass
class Connection:
    """One live websocket, and the envelopes on it that wait for an answer."""

    id: int
    ws: web.WebSocketResponse
    transport: asyncio.Transport | None
    waiting: dict[str, asyncio.Future[Ack]] = field(default_factory=dict)
    is_paused: bool = False

    def acknowledge(self, frame: Mapping[str, Any]) -> None:
        """Pass an acknowledgement to its sender; a second one changes nothing."""
        envelope_id = str(frame.get("envelope_id"))
        future = self.waiting.pop(envelope_id, None)
        if future is not None and not future.done():
            future.set_result(Ack(envelope_id, frame.get("payload"), self.id))

    def stop_reading(self) -> None:
        """Stop reading and sending while the connection stays open, as a half-dead network does."""
        self.is_paused = True
        if self.transport is not None:
            self.transport.pause_reading()

    def resume_reading(self) -> None:
        """Read again, including what has arrived meanwhile."""
        self.is_paused = False
        if self.transport is not None:
            self.transport.resume_reading()

    def abandon(self) -> None:
        """Fail all envelopes that wait, because the connection is gone."""
        for future in self.waiting.values():
            if not future.done():
                future.set_exception(NotAcknowledgedError("the connection was closed"))
        self.waiting.clear()


class SocketConnections:
    """The app's Socket Mode connections."""

    def __init__(self, changed: Callable[[], None]) -> None:
        """Begin without connections; `changed` is called whenever one comes or goes."""
        self.connections: list[Connection] = []
        self._changed = changed
        self._tickets: set[str] = set()
        self._numbers = count(1)

    def ticket(self) -> str:
        """Make a ticket with which a connection may be opened."""
        ticket = f"ticket-{next(self._numbers)}"
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection until it is closed."""
        # The URL is the only proof of identity on a websocket, so it carries a ticket.
        if request.query.get("ticket") not in self._tickets:
            return web.Response(status=403, text="unknown ticket")
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        if len(self.connections) >= MOST_CONNECTIONS:
            # Slack accepts the connection first, and only then says that there are too many.
            await ws.send_json(_disconnect("too_many_websockets"))
            await ws.close()
            return ws
        connection = Connection(next(self._numbers), ws, request.transport)
        self.connections.append(connection)
        try:
            await self._talk(connection)
        finally:
            self.connections.remove(connection)
            connection.abandon()
            self._changed()
        return ws

    async def send(
        self,
        kind: str,
        payload: Mapping[str, Any],
        *,
        connection: Connection | None = None,
        envelope_id: str | None = None,
        retry: tuple[int, str] = (0, ""),
        within: float = ACKNOWLEDGE_WITHIN,
    ) -> Ack:
        """Send one envelope on one connection, in turn unless one is given, and wait for its acknowledgement.

        `kind` is `events_api`, `interactive` or `slash_commands`; `retry` is the attempt and reason of an event
        that is delivered again.
        """
        chosen = connection or self._next()
        envelope = _envelope(kind, payload, envelope_id or f"envelope-{next(self._numbers)}", retry)
        future: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        chosen.waiting[envelope["envelope_id"]] = future
        try:
            async with asyncio.timeout(within):
                # A paused connection swallows the envelope: the sender learns of it by the timeout alone.
                if not chosen.is_paused:
                    await chosen.ws.send_json(envelope)
                return await future
        except (TimeoutError, ConnectionError) as error:
            raise NotAcknowledgedError(f"{kind} was not acknowledged") from error
        finally:
            chosen.waiting.pop(envelope["envelope_id"], None)

    async def refresh(self, connection: Connection | None = None, reason: str = "refresh_requested") -> None:
        """Ask the app to connect anew, on one connection or on all; `reason` may also be `warning`."""
        for each in [connection] if connection else list(self.connections):
            await each.ws.send_json(_disconnect(reason))

    async def close(self) -> None:
        """Close every connection properly."""
        for each in list(self.connections):
            # A paused transport would never see the app's close frame.
            each.resume_reading()
            await each.ws.close()

    def cut(self) -> None:
        """Drop every connection without a word, as a network does."""
        for each in self.connections:
            if each.transport is not None:
                each.transport.abort()

    async def _talk(self, connection: Connection) -> None:
        await connection.ws.send_json(_hello(len(self.connections)))
        self._changed()
        async for message in connection.ws:
            if message.type is WSMsgType.TEXT:
                connection.acknowledge(json.loads(message.data))

    def _next(self) -> Connection:
        if not self.connections:
            raise NotConnectedError("no Socket Mode connection is open")
        # Round robin, as Slack spreads envelopes over an app's connections.
        chosen = self.connections.pop(0)
        self.connections.append(chosen)
        return chosen


def _hello(connections: int) -> dict[str, Any]:
    debug = {"host": "rehearsal", "build_number": 1, "approximate_connection_time": 18060}
    return {
        "type": "hello",
        "num_connections": connections,
        "debug_info": debug,
        "connection_info": {"app_id": serializers.APP_ID},
    }


def _disconnect(reason: str) -> dict[str, Any]:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "rehearsal"}}


def _envelope(kind: str, payload: Mapping[str, Any], envelope_id: str, retry: tuple[int, str]) -> dict[str, Any]:
    envelope = {
        "type": kind,
        "envelope_id": envelope_id,
        "payload": dict(payload),
        "accepts_response_payload": kind != "events_api",
    }
    if kind == "events_api":
        envelope |= {"retry_attempt": retry[0], "retry_reason": retry[1]}
    return envelope

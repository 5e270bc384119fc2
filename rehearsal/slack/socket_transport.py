"""Carries what Slack sends to the app in envelopes, over the app's Socket Mode connections."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from rehearsal.slack.http_transport import MOST_AT_ONCE, AppReply, NotAnsweredError
from rehearsal.slack.socket_mode_server import (
    ACKNOWLEDGE_WITHIN,
    NotAcknowledgedError,
    NotConnectedError,
    SocketConnections,
)


class SocketTransport:
    """The way to the app while it is connected. Envelopes are not signed: of the headers only the retry counts."""

    def __init__(self, sockets: SocketConnections, *, within: float = ACKNOWLEDGE_WITHIN) -> None:
        """Send on these connections, in turn; `within` is in real seconds, and ends at the acknowledgement."""
        self._sockets = sockets
        self._within = within
        self._turns = asyncio.Semaphore(MOST_AT_ONCE)

    async def form(self, fields: Mapping[str, str], headers: Mapping[str, str] | None = None) -> AppReply:
        """Send a command."""
        return await self._send("slash_commands", fields, headers)

    async def payload(self, payload: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> AppReply:
        """Send a press, a choice or a form."""
        return await self._send("interactive", payload, headers)

    async def json(self, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> AppReply:
        """Send an event."""
        return await self._send("events_api", body, headers)

    async def _send(self, kind: str, sent: Mapping[str, Any], headers: Mapping[str, str] | None) -> AppReply:
        try:
            async with self._turns:
                ack = await self._sockets.send(kind, sent, retry=_retry(headers or {}), within=self._within)
        except (NotConnectedError, NotAcknowledgedError) as error:
            raise NotAnsweredError(f"the app did not answer: {error}") from error
        # The app acknowledges only what went well: there is no other status.
        return AppReply(HTTPStatus.OK, "" if ack.payload is None else ack.payload, sent)


def _retry(headers: Mapping[str, str]) -> tuple[int, str]:
    """Return the attempt and the reason of an event that is delivered again."""
    named = {name.lower(): value for name, value in headers.items()}
    return int(named.get("x-slack-retry-num", "0")), named.get("x-slack-retry-reason", "")

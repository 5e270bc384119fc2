"""Connections that come in: how many there may be, and how long each may wait for anything.

Behind a proxy there are few. Without one, whoever opens connections and says nothing would use up the descriptors that
the bot needs for its database and for Slack. aiohttp does not bound their number, and gives headers as long as it lets
a connection rest between two requests, which has to be long.
"""

from __future__ import annotations

import asyncio
import errno
import resource
from dataclasses import dataclass
from typing import Any

import structlog
from aiohttp import StreamReader, web
from aiohttp.typedefs import Handler

from bot.logs import LineLimit

_MOST, _FEWEST = 400, 16
_BACKLOG = 128
_EXHAUSTED = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})

log = structlog.get_logger()


@dataclass(frozen=True)
class Limits:
    """How many connections there may be, how many may queue, and seconds for whatever one of them waits for.

    `idle` is longer than the minute for which proxies usually keep a connection, so that they close it first.
    """

    most: int = _MOST
    backlog: int = _BACKLOG
    headers_within: float = 10.0
    whole_within: float = 30.0
    idle: float = 75.0

    @classmethod
    def of_process(cls) -> Limits:
        """A third of the descriptors that the process may have, and a quarter at most that come in one breath."""
        descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        if descriptors == resource.RLIM_INFINITY:
            return cls()
        return cls(max(_FEWEST, min(_MOST, descriptors // 3)), max(1, min(_BACKLOG, descriptors // 4)))


class Connections:
    """All connections that are open. Where there are too many, who has waited longest for nothing goes first."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._open: dict[asyncio.BaseProtocol, _Connection] = {}
        # In the order in which they began to wait.
        self._waiting: dict[_Connection, None] = {}
        self._lines = LineLimit()

    def wrap(self, protocol: asyncio.Protocol) -> asyncio.Protocol:
        """What a server makes for a connection, with an end to its patience."""
        return _Connection(protocol, self)

    @web.middleware
    async def track(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Note for how long a connection is at work on a request."""
        connection = self._open.get(request.protocol)
        if connection is None:
            return await handler(request)
        connection.request_started(request.content)
        try:
            return await handler(request)
        finally:
            connection.request_finished()

    def on_accept_error(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Make room where a connection could not be accepted; asyncio would say so thousands of times a second."""
        error = context.get("exception")
        if not (isinstance(error, OSError) and error.errno in _EXHAUSTED and "socket" in context):
            loop.default_exception_handler(context)
            return
        for connection in list(self._waiting)[: max(1, len(self._waiting) // 2)]:
            connection.drop()
        dropped = self._lines.admit("exhausted", loop.time())
        if dropped is not None:
            log.warning(
                "no more connections can be accepted; raise the limit of open files",
                action="web.exhausted",
                open=len(self._open),
                dropped=dropped,
            )

    def add(self, connection: _Connection) -> None:
        """Take one in."""
        self._open[connection.protocol] = connection
        if len(self._open) > self.limits.most:
            # The newest is among them: where all others are at work, it has to go.
            next(iter(self._waiting)).drop()
            dropped = self._lines.admit("crowded", asyncio.get_running_loop().time())
            if dropped is not None:
                log.warning(
                    "too many connections; those that wait are dropped",
                    action="web.crowded",
                    open=len(self._open),
                    dropped=dropped,
                )

    def remove(self, connection: _Connection) -> None:
        """Forget one that is gone."""
        self._open.pop(connection.protocol, None)
        self._waiting.pop(connection, None)

    def wait(self, connection: _Connection, *, is_waiting: bool) -> None:
        """Note whether one waits for whoever opened it."""
        self._waiting.pop(connection, None)
        if is_waiting:
            self._waiting[connection] = None


class _Connection(asyncio.Protocol):
    """One connection, which is never without a deadline. What comes and goes is its `protocol`'s."""

    def __init__(self, protocol: asyncio.Protocol, connections: Connections) -> None:
        self.protocol = protocol
        self._connections = connections
        self._transport: asyncio.Transport | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._is_idle = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - a stream's is one
        self._transport = transport
        self.protocol.connection_made(transport)
        self._set_deadline(self._connections.limits.headers_within, is_waiting=True)
        self._connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._deadline:
            self._deadline.cancel()
        self._connections.remove(self)
        self.protocol.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._is_idle:
            # The next request begins, and is given as long as the first.
            self._is_idle = False
            self._set_deadline(self._connections.limits.headers_within, is_waiting=True)
        self.protocol.data_received(data)

    def eof_received(self) -> bool | None:
        return self.protocol.eof_received()

    def pause_writing(self) -> None:
        self.protocol.pause_writing()

    def resume_writing(self) -> None:
        self.protocol.resume_writing()

    def request_started(self, body: StreamReader) -> None:
        """The headers of a request have come; until its body has, the connection waits as any other does."""
        self._is_idle = False
        self._set_deadline(self._connections.limits.whole_within, is_waiting=True)
        body.on_eof(self._body_received)

    def _body_received(self) -> None:
        # The rest of a body that was turned down comes after the answer.
        if not self._is_idle:
            self._connections.wait(self, is_waiting=False)

    def request_finished(self) -> None:
        """It has been."""
        self._is_idle = True
        self._set_deadline(self._connections.limits.idle, is_waiting=True)

    def drop(self) -> None:
        """End it without a word."""
        if self._transport:
            self._transport.abort()
        self._connections.remove(self)

    def _set_deadline(self, seconds: float, *, is_waiting: bool) -> None:
        if self._deadline:
            self._deadline.cancel()
        self._deadline = asyncio.get_running_loop().call_later(seconds, self.drop)
        self._connections.wait(self, is_waiting=is_waiting)

"""Limits for incoming connections: how many there may be, and how long each may take.

Behind a proxy there are few. Without one, a stranger who opens connections and sends nothing would use up the file
descriptors that the bot needs for its database and for Slack. aiohttp does not limit their number, and has one timeout
for headers and for idle connections, which has to be long.
"""

from __future__ import annotations

import asyncio
import errno
import sys
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
    """The most connections, the length of the accept queue, and timeouts in seconds.

    `idle` is longer than the minute for which proxies usually keep a connection, so that they close it first.
    """

    most: int = _MOST
    backlog: int = _BACKLOG
    headers_within: float = 10.0
    whole_within: float = 30.0
    idle: float = 75.0

    @classmethod
    def of_process(cls) -> Limits:
        """Return limits for this process: a third of its file descriptors, and a quarter of them at once."""
        descriptors = _descriptors()
        if descriptors is None:
            return cls()
        return cls(max(_FEWEST, min(_MOST, descriptors // 3)), max(1, min(_BACKLOG, descriptors // 4)))


def _descriptors() -> int | None:
    """Return how many files and connections this process may have open, or None where there is no such limit."""
    if sys.platform == "win32":
        return None
    # There is no such module on Windows, where campaigns are written and rehearsed.
    import resource  # noqa: PLC0415

    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return None if limit == resource.RLIM_INFINITY else limit


class Connections:
    """All open connections. Where there are too many, those that have been waiting longest are dropped."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._open: dict[asyncio.BaseProtocol, _Connection] = {}
        # In the order in which they began to wait. A connection waits while a request is incomplete or none is there.
        self._waiting: dict[_Connection, None] = {}
        self._lines = LineLimit()

    def wrap(self, protocol: asyncio.Protocol) -> asyncio.Protocol:
        """Wrap the protocol that a server has made for a connection."""
        return _Connection(protocol, self)

    @web.middleware
    async def track(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Keep a connection from being dropped while its request is handled, as a middleware of aiohttp."""
        # The connection may have been dropped while its request was read.
        connection = self._open.get(request.protocol)
        if connection is None:
            return await handler(request)
        connection.request_started(request.content)
        try:
            return await handler(request)
        finally:
            connection.request_finished()

    def on_accept_error(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Free descriptors when none is left for a connection; asyncio would log it thousands of times a second."""
        # asyncio reports a failed accept here with its socket, and tries again a second later by itself.
        error = context.get("exception")
        if not (isinstance(error, OSError) and error.errno in _EXHAUSTED and "socket" in context):
            loop.default_exception_handler(context)
            return
        # Half of them, so that the next connections do not each have to free one again.
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
        """Register a new connection, and drop the longest waiting one if there are too many."""
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
        """Remove a connection that is closed."""
        self._open.pop(connection.protocol, None)
        self._waiting.pop(connection, None)

    def wait(self, connection: _Connection, *, is_waiting: bool) -> None:
        """Record whether a connection waits for its client."""
        self._waiting.pop(connection, None)
        if is_waiting:
            self._waiting[connection] = None


class _Connection(asyncio.Protocol):
    """A connection that always has a deadline. Everything else is passed on to `protocol`."""

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
            # The next request begins, with as much time as the first.
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
        """Begin the time for a body: the headers are complete, and the connection waits until the body is."""
        self._is_idle = False
        self._set_deadline(self._connections.limits.whole_within, is_waiting=True)
        body.on_eof(self._body_received)

    def _body_received(self) -> None:
        # The rest of a body that was refused arrives after the answer.
        if not self._is_idle:
            self._connections.wait(self, is_waiting=False)

    def request_finished(self) -> None:
        """Begin the time for the next request."""
        self._is_idle = True
        self._set_deadline(self._connections.limits.idle, is_waiting=True)

    def drop(self) -> None:
        """Close the connection at once."""
        if self._transport:
            # Not `close`, which first waits until the client has read what was written.
            self._transport.abort()
        self._connections.remove(self)

    def _set_deadline(self, seconds: float, *, is_waiting: bool) -> None:
        if self._deadline:
            self._deadline.cancel()
        self._deadline = asyncio.get_running_loop().call_later(seconds, self.drop)
        self._connections.wait(self, is_waiting=is_waiting)

"""Faults that happen on request: errors, rate limits, dropped connections and silence, in their order.

A fault is consumed by the next call of its method. `accepted` decides the question that matters to a sender that
gets no answer: whether the message is in the channel all the same.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from aiohttp import web

from rehearsal.slack.rate_limits import POST

# SO_LINGER with a timeout of zero makes the kernel send RST instead of FIN.
_NO_LINGER = struct.pack("ii", 1, 0)

Phase = Literal["before", "after"]
FaultResponse = web.StreamResponse | None
Callback = Callable[[Phase], Awaitable[None]]


@dataclass(frozen=True)
class Exchange:
    """A request in progress, and the event that says that the server stops; a fault can end it in two ways."""

    request: web.BaseRequest
    stopping: asyncio.Event

    def reset(self) -> web.Response:
        """Drop the connection with a TCP reset, as a crashing peer does; what is returned is never sent."""
        transport = self.request.transport
        if transport is not None:
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            transport.abort()
        return web.Response()

    async def silence(self) -> web.Response:
        """Send no answer for as long as the server runs."""
        # Until the server stops: a request that nobody ends would keep the test from ending.
        await self.stopping.wait()
        return self.reset()


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong `times` times, before a call is accepted or after; `act` makes the answer.

    Until its moment has come, `is_time`, it lets those that are queued behind it go first.
    """

    name: str
    phases: tuple[Phase, ...]
    act: Callable[[Exchange, Phase], Awaitable[FaultResponse]]
    times: int = 1
    is_time: Callable[[], bool] = lambda: True


@dataclass
class Faults:
    """The faults that are still to happen, by method."""

    down_until: datetime | None = None
    _queues: dict[str, deque[Fault]] = field(default_factory=dict)

    def answer(self, word: str, *, method: str = POST, times: int = 1) -> None:
        """Answer an error word, without doing what was asked."""
        self.add(method, Fault(word, ("before",), _status(200, f'{{"ok": false, "error": "{word}"}}'), times))

    def status(
        self, status: int, body: str = "", *, kind: str = "text/html", method: str = POST, times: int = 1
    ) -> None:
        """Answer an HTTP status with any body, such as the HTML page of a proxy."""
        self.add(method, Fault(f"http_{status}", ("before",), _status(status, body, kind), times))

    def throttle(self, retry_after: int | None = 1, *, method: str = POST, times: int = 1) -> None:
        """Answer 429, with or without the header that says how long to wait."""
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        act = _status(429, '{"ok": false, "error": "ratelimited"}', headers=headers)
        self.add(method, Fault("ratelimited", ("before",), act, times))

    def reset(self, *, accepted: bool = False, method: str = POST, times: int = 1) -> None:
        """Drop the connection, before the call is accepted or after."""
        self.add(method, Fault("reset", _phase(accepted=accepted), _reset, times))

    def silence(self, *, accepted: bool = False, method: str = POST, times: int = 1) -> None:
        """Never answer, before the call is accepted or after."""
        self.add(method, Fault("silence", _phase(accepted=accepted), _silence, times))

    def call(self, callback: Callback, *, method: str = POST, times: int = 1) -> None:
        """Await `callback("before")` and `callback("after")` around the acceptance of a call, then go on."""

        async def act(_exchange: Exchange, phase: Phase) -> FaultResponse:
            await callback(phase)
            return None

        self.add(method, Fault("callback", ("before", "after"), act, times))

    def down(self, until: datetime) -> None:
        """Drop every connection until this instant."""
        self.down_until = until

    def is_down(self, at: datetime) -> bool:
        """Return whether the whole of Slack is down."""
        return self.down_until is not None and at < self.down_until

    def add(self, method: str, fault: Fault) -> None:
        """Queue a fault behind those that are queued for this method."""
        self._queues.setdefault(method, deque()).append(fault)

    def take(self, method: str) -> Fault | None:
        """Return the fault for this call, if any, and count one of its times as used."""
        queue = self._queues.get(method, deque())
        # The first whose time has come, so that one for later does not hold up the others.
        place = next((place for place, fault in enumerate(queue) if fault.is_time()), None)
        if place is None:
            return None
        fault = queue[place]
        if fault.times > 1:
            queue[place] = replace(fault, times=fault.times - 1)
        else:
            del queue[place]
        return fault

    def waiting(self, method: str, name: str) -> int:
        """Count how often a fault of this name is still to happen to a method."""
        return sum(fault.times for fault in self._queues.get(method, ()) if fault.name == name)

    def clear(self) -> None:
        """Remove all faults that have not happened, and end an outage."""
        self._queues.clear()
        self.down_until = None


def _phase(*, accepted: bool) -> tuple[Phase, ...]:
    return ("after",) if accepted else ("before",)


def _status(
    status: int, body: str, kind: str = "application/json", headers: dict[str, str] | None = None
) -> Callable[[Exchange, Phase], Awaitable[FaultResponse]]:
    async def act(_exchange: Exchange, _phase: Phase) -> FaultResponse:
        return web.Response(status=status, text=body, content_type=kind, headers=headers)

    return act


async def _reset(exchange: Exchange, _phase: Phase) -> FaultResponse:
    return exchange.reset()


async def _silence(exchange: Exchange, _phase: Phase) -> FaultResponse:
    return await exchange.silence()

"""One HTTP exchange as the faults see it: something that can be dropped or left unanswered."""

from __future__ import annotations

import asyncio
import socket
import struct
from dataclasses import dataclass

from aiohttp import web

_NO_LINGER = struct.pack("ii", 1, 0)


@dataclass(frozen=True)
class HttpExchange:
    """A request in progress, and the event that says that the server stops."""

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
        """Say nothing for as long as the server runs."""
        await self.stopping.wait()
        return self.reset()

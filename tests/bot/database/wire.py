"""What stands between the bot and PostgreSQL, and can be cut without anybody being told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from sqlalchemy.engine import URL, make_url


@dataclass
class Wire:
    """A way to a server over a loopback port. While it is cut, everybody may come, and nobody is answered."""

    to: URL
    _whole: asyncio.Event = field(default_factory=asyncio.Event)
    _reached: asyncio.Event = field(default_factory=asyncio.Event)
    _port: int = 0

    @property
    def url(self) -> str:
        """The URL of the same database over this wire."""
        url = self.to.difference_update_query(["host"]).set(host="127.0.0.1", port=self._port)
        return url.render_as_string(hide_password=False)

    def cut(self) -> None:
        self._whole.clear()

    def mend(self) -> None:
        self._whole.set()

    async def reached(self) -> None:
        """Wait until somebody has come."""
        await self._reached.wait()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reached.set()
        async with _leaving(writer):
            theirs, ours = await self._connect()
            async with _leaving(ours):
                await asyncio.gather(self._pass(reader, ours), self._pass(theirs, writer))

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        folder, port = self.to.query.get("host"), self.to.port or 5432
        if isinstance(folder, str):
            return await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.{port}")
        return await asyncio.open_connection(self.to.host, port)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                await self._whole.wait()
                writer.write(data)
        writer.close()


@asynccontextmanager
async def _leaving(writer: asyncio.StreamWriter) -> AsyncIterator[None]:
    """Whatever happens, the connection is closed afterwards."""
    try:
        yield
    finally:
        writer.transport.abort()
        with suppress(OSError):
            await writer.wait_closed()


@asynccontextmanager
async def wire(url: str) -> AsyncIterator[Wire]:
    """A whole wire to a database."""
    made = Wire(make_url(url))
    made.mend()
    carried: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        carried.add(asyncio.create_task(made.carry(reader, writer)))

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    made._port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        for each in carried:
            each.cancel()
        await asyncio.gather(*carried, return_exceptions=True)

"""A company's network, on the loopback address: its proxy, and behind that a Slack that is spoken to over TLS."""

from __future__ import annotations

import asyncio
import re
import ssl
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import trustme

SLACK = "slack.test"
_HOST = re.compile(rb"Host: [^\r]+", re.IGNORECASE)


@dataclass
class Network:
    """`port` is the proxy's. `asked` has what the proxy was asked for; with `user` it wants that one's credentials."""

    target: int
    tls: ssl.SSLContext
    user: str = ""
    refuses: bool = False
    port: int = 0
    asked: list[str] = field(default_factory=list)
    _open: list[asyncio.StreamWriter] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one connection, for CONNECT or for a request with its whole address."""
        self._open.append(writer)
        with suppress(OSError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            self.asked.append(head.partition(" HTTP/")[0])
            if not self._is_known(head):
                await _say(writer, "407 Proxy Authentication Required")
            elif self.refuses:
                await _say(writer, "403 Forbidden")
            else:
                await _say(writer, "200 Connection established")
                await writer.start_tls(self.tls)
                await self._carry(reader, writer)
        writer.close()

    async def leave(self) -> None:
        """Cut every connection."""
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for writer in self._open:
            # Some patch releases of Python 3.11 raise this where a TLS connection was closed twice before.
            with suppress(AttributeError):
                writer.transport.abort()
            with suppress(OSError):
                await writer.wait_closed()

    def _is_known(self, head: str) -> bool:
        return not self.user or f"Basic {b64encode(self.user.encode()).decode()}" in head

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        up, down = await asyncio.open_connection("127.0.0.1", self.target)
        self._open.append(down)
        # The rehearsal Slack answers those who call it by a name of this machine.
        named = f"Host: 127.0.0.1:{self.target}".encode()
        await asyncio.gather(_pass(reader, down, named), _pass(up, writer, None))


async def _say(writer: asyncio.StreamWriter, status: str) -> None:
    writer.write(f"HTTP/1.1 {status}\r\n\r\n".encode())
    await writer.drain()


async def _pass(source: asyncio.StreamReader, to: asyncio.StreamWriter, named: bytes | None) -> None:
    while data := await source.read(65536):
        to.write(_HOST.sub(named, data, count=1) if named else data)
        await to.drain()
    to.close()


@contextmanager
def network(target: int, folder: Path, *, user: str = "", refuses: bool = False) -> Iterator[Network]:
    """A network whose Slack listens on `target`. Its authority's certificate is in the folder, as `authority.pem`."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(SLACK).configure_cert(tls)
    made = Network(target, tls, user, refuses)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def listen() -> asyncio.Server:
        return await asyncio.start_server(made.serve, "127.0.0.1", 0)

    async def leave() -> None:
        server.close()
        await made.leave()

    server = asyncio.run_coroutine_threadsafe(listen(), loop).result()
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        asyncio.run_coroutine_threadsafe(leave(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()

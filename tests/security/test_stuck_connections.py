"""Connections that are opened and then say nothing, or nearly nothing."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import resource
import socket
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest
from aiohttp import web

from bot.web.connections import Connections, Limits
from tests.acceptance.process import Machine, Process, soon
from tests.campaigns import write

from .raw import head

DESCRIPTORS, STUCK = 160, 180
LIMITED = f"""\
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, ({DESCRIPTORS}, {DESCRIPTORS}))
from bot.cli.main import main
main()
"""
QUICK = Limits(most=5, headers_within=0.3, whole_within=0.6, idle=0.3)
LONG = Limits(most=5, headers_within=60, whole_within=60, idle=60)


def stuck(run: Process, stack: contextlib.ExitStack) -> list[socket.socket]:
    """Open connections that never finish their headers."""
    port, opened = int(run.address.rpartition(":")[2]), []
    for _ in range(STUCK):
        connection = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=30))
        with contextlib.suppress(OSError):
            connection.sendall(head([])[:-2])
        opened.append(connection)
    return opened


def test_posts_and_health_continue_beside_stuck_connections(machine: Machine) -> None:
    week = soon(3, 6, 9)
    write(machine.campaign, week)
    machine.program = ("-c", LIMITED)
    run = machine.run()
    run.until_running()
    with contextlib.ExitStack() as stack:
        stuck(run, stack)
        for _ in range(3):
            assert run.readiness()[0] == 200
            assert run.get("/metrics")[0] == 200
            stuck(run, stack)
        machine.until_all_sent()
    assert len(run.lines()) < 200
    assert len(run.logged("web.crowded")) in range(1, 20)


# One server, with little patience


@pytest.fixture
async def port(request: pytest.FixtureRequest) -> AsyncIterator[int]:
    """A server with these limits that echoes, and takes its time on request."""
    limits: Limits = getattr(request, "param", QUICK)
    connections = Connections(limits)

    async def answer(request: web.Request) -> web.Response:
        await asyncio.sleep(float(request.query.get("after", 0)))
        return web.Response(body=await request.read())

    app = web.Application(middlewares=[connections.track])
    app.router.add_route("*", "/", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    made, loop = runner.server, asyncio.get_running_loop()
    assert made is not None
    server = await loop.create_server(lambda: connections.wrap(made()), "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    await runner.cleanup()


async def closed_after(port: int, *parts: bytes, every: float = 0.05) -> float:
    """Seconds until a connection on which this is said, a part at a time, is closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    begun = time.monotonic()

    async def say() -> None:
        for part in parts:
            writer.write(part)
            await asyncio.sleep(every)

    saying = asyncio.create_task(say())
    with contextlib.suppress(ConnectionError):
        while await reader.read(65536):
            pass
    saying.cancel()
    writer.close()
    return time.monotonic() - begun


GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
SLOW = tuple(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n" + b"x" * 800) + (b"x",) * 900


@pytest.mark.parametrize(
    "parts",
    [
        (),
        (GET[:-2],),
        tuple(GET[place : place + 1] for place in range(len(GET) - 4)) * 99,
        (GET, GET[:5]),
        (GET,),
        SLOW,
    ],
    ids=["silent", "half", "drop-by-drop", "half-of-the-second", "kept-alive", "slow-body"],
)
async def test_whatever_a_connection_waits_for_ends(port: int, parts: tuple[bytes, ...]) -> None:
    async with asyncio.timeout(30):
        assert await closed_after(port, *parts) >= 0.25


async def test_a_connection_may_be_used_again(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(3):
        writer.write(GET)
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
    writer.close()


@pytest.mark.parametrize("port", [LONG], indirect=True)
async def test_longest_waiting_connection_makes_room_not_busy_one(port: int) -> None:
    busy_reader, busy = await asyncio.open_connection("127.0.0.1", port)
    busy.write(b"GET /?after=0.5 HTTP/1.1\r\nHost: a\r\n\r\n")
    await asyncio.sleep(0.1)
    waiting = [await asyncio.open_connection("127.0.0.1", port) for _ in range(4)]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(GET)
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
    assert await waiting[0][0].read() == b""
    assert (await busy_reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
    for each in (busy, writer, *(writer for _, writer in waiting)):
        each.close()


@pytest.mark.parametrize("port", [LONG], indirect=True)
async def test_whoever_never_finishes_a_body_makes_room_too(port: int) -> None:
    half = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\nx"
    opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(LONG.most)]
    for _, writer in opened:
        writer.write(half)
    await asyncio.sleep(0.1)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(GET)
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
    assert await opened[0][0].read() == b""
    for each in (writer, *(writer for _, writer in opened)):
        each.close()


def test_the_process_keeps_descriptors_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    for descriptors, most in ((160, 53), (1024, 341), (100_000, 400), (-1, 400), (20, 16)):
        monkeypatch.setattr(resource, "getrlimit", lambda _, many=descriptors: (many, many))
        assert Limits.of_process().most == most


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.close()


def test_logging_of_accept_errors_is_limited_per_minute(
    loop: asyncio.AbstractEventLoop, capsys: pytest.CaptureFixture[str]
) -> None:
    connections = Connections(replace(QUICK))
    for _ in range(1000):
        error = OSError(errno.EMFILE, "Too many open files")
        connections.on_accept_error(
            loop, {"message": "socket.accept() out of system resource", "exception": error, "socket": 1}
        )
    assert capsys.readouterr().out.count("web.exhausted") == 5

"""How soon the rehearsal's page shows something while the week plays as fast as it goes."""

from __future__ import annotations

import asyncio
import itertools
import json
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from benchmarks.figure import Benchmark, NotMeasured, Scale, Value
from benchmarks.process import HOST, free_port, running
from tests.campaigns import SHIPPED

_WITHIN = 300
_EVERY = 0.25
"""Seconds between two things that the watcher writes."""

_LATE = 0.95


@dataclass
class _Watcher:
    """A page that is open. `shown` has, for everything that was written, how long it took to appear."""

    session: aiohttp.ClientSession
    address: str
    shown: list[float] = field(default_factory=list)
    _written: dict[str, float] = field(default_factory=dict)

    async def watch(self) -> float:
        """Play the whole week and write all the time; how many seconds the week took."""
        place = await self._place()
        await self._ask("clock", {"do": "speed", "speed": None})
        await self._ask("clock", {"do": "play"})
        started = time.perf_counter()
        writing = asyncio.create_task(self._write(place))
        async for html in self._regions(place):
            self._look(html)
            if "The week is over" in html:
                break
        writing.cancel()
        with suppress(asyncio.CancelledError):
            await writing
        return time.perf_counter() - started

    async def _place(self) -> str:
        """Where one is at first."""
        async with self.session.get(self.address) as response:
            text = await response.text()
        return text.partition('name="in" value="')[2].partition('"')[0]

    async def _write(self, place: str) -> None:
        for number in itertools.count():
            word = f"probe-{number}-"
            self._written[word] = time.perf_counter()
            await self._ask("act", {"as": "U0GUESTSE", "in": place, "do": "say", "text": word})
            await asyncio.sleep(_EVERY)

    async def _regions(self, place: str) -> AsyncIterator[str]:
        async with self.session.get(f"{self.address}events", params={"as": "U0GUESTSE", "in": place}) as response:
            async for line in response.content:
                if line.startswith(b"data: "):
                    yield json.loads(line[6:])["html"]

    def _look(self, html: str) -> None:
        now = time.perf_counter()
        for word in [word for word in self._written if word in html]:
            self.shown.append(now - self._written.pop(word))

    async def _ask(self, path: str, body: object) -> None:
        async with self.session.post(f"{self.address}{path}", json=body) as response:
            await response.read()


def run(scale: Scale) -> Sequence[Value]:
    """The whole week beside the most colleagues."""
    people = scale.colleagues[-1]
    with tempfile.TemporaryDirectory(prefix="earthweek-bench-") as folder:
        port = free_port()
        command = ["-m", "bot", "rehearse", "--people", str(people), "--port", str(port)]
        env = {"TMPDIR": folder}
        with running([*command, "--campaign", str(SHIPPED)], Path(folder), port, env) as process:
            process.until("/")
            seconds, shown = asyncio.run(_watched(f"http://{HOST}:{port}/"))
    if not shown:
        raise NotMeasured("nothing that was written appeared on the page")
    late = shown[int(len(shown) * _LATE)]
    return [
        Value(f"with {people} people, all of it", seconds, "s"),
        Value(f"with {people} people, until the page shows something, median", 1000 * statistics.median(shown), "ms"),
        Value(f"with {people} people, until the page shows something, 95th percentile", 1000 * late, "ms"),
        Value(f"with {people} people, until the page shows something, latest", 1000 * shown[-1], "ms"),
    ]


async def _watched(address: str) -> tuple[float, list[float]]:
    limits = aiohttp.ClientTimeout(total=_WITHIN)
    async with aiohttp.ClientSession(timeout=limits, read_bufsize=2**22) as session:
        watcher = _Watcher(session, address)
        return await watcher.watch(), sorted(watcher.shown)


ROOM = Benchmark("room", run, most=3)

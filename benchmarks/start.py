"""How long the bot takes to start and what it holds, next to the least that a Bolt app can be."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks import bare
from benchmarks.bot import bot, slack
from benchmarks.campaign import CODES, Entry, write
from benchmarks.figure import Benchmark, Scale, Value
from benchmarks.process import HOST, free_port, running

_COUNTRIES = CODES[:4]


def run(_scale: Scale) -> Sequence[Value]:
    """Both of them, one after the other, so that a busy moment of the machine strikes neither alone for long."""
    with tempfile.TemporaryDirectory(prefix="earthweek-bench-") as name:
        folder = Path(name)
        least, its_memory = _bare(folder)
        live, ready, memory = _bot(folder)
    return [
        Value("bot until it is live", live, "s"),
        Value("bot until it is ready", ready, "s"),
        Value("bare Bolt app until it is live", least, "s"),
        Value("bot live, to bare Bolt app live", live / least, "times"),
        Value("bot ready, to bare Bolt app live", ready / least, "times"),
        *_megabytes("bot, peak memory at ready", memory),
        *_megabytes("bare Bolt app, peak memory", its_memory),
    ]


def _bare(folder: Path) -> tuple[float, float | None]:
    port = free_port()
    with running([bare.__file__, HOST, str(port)], folder, port, {}) as process:
        return process.until("/health/live"), process.peak_memory()


def _bot(folder: Path) -> tuple[float, float, float | None]:
    tomorrow = datetime.now(UTC).replace(microsecond=0, tzinfo=None) + timedelta(days=1)
    entries = [Entry(f"post-{number}", tomorrow + timedelta(minutes=number)) for number in range(20)]
    campaign = write(folder / "campaign", entries, _COUNTRIES)
    with slack(_COUNTRIES) as serving, bot(folder, campaign, serving) as process:
        return process.until("/health/live"), process.until("/health/ready"), process.peak_memory()


def _megabytes(what: str, memory: float | None) -> Iterator[Value]:
    if memory is not None:
        yield Value(what, memory, "MB")


START = Benchmark("start", run)

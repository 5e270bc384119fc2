"""How late posts are: the real process, clock and scheduler, and Slack's own time of taking them."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.bot import bot, slack
from benchmarks.campaign import CODES, Entry, said, write
from benchmarks.figure import Benchmark, NotMeasured, Scale, Value
from rehearsal.slack.background_server import RunningSlack

LEAD = timedelta(seconds=8)
"""From writing the campaign to its first post: time enough for a busy machine to start the bot."""

_PERCENTILE = 95


def run(scale: Scale) -> Sequence[Value]:
    """Posts a second apart, each in a channel of its own: milliseconds from the due instant to Slack's taking it."""
    entries = list(_entries(scale.posts))
    codes = CODES[: len(entries)]
    with tempfile.TemporaryDirectory(prefix="earthweek-bench-") as name, slack(codes) as serving:
        folder = Path(name)
        with bot(folder, write(folder / "campaign", entries, codes), serving) as process:
            process.until("/health/ready")
            if datetime.now(UTC) >= entries[0].at.replace(tzinfo=UTC):
                raise NotMeasured("the bot was not ready when the first post was due: this machine is too busy")
            serving.until(lambda it: len(it.workspace.messages()) >= len(entries), LEAD.seconds + len(entries) + 30)
            memory = process.peak_memory()
        late = sorted(_lateness(entries, serving))
    peak = [] if memory is None else [Value("peak memory of the bot while posting", memory, "MB")]
    return [
        Value("post, median", statistics.median(late), "ms"),
        Value(f"post, {_PERCENTILE}th percentile", _percentile(late, _PERCENTILE), "ms"),
        Value("post, latest", late[-1], "ms"),
        *peak,
    ]


def _entries(count: int) -> Iterator[Entry]:
    start = (datetime.now(UTC) + LEAD).replace(microsecond=0, tzinfo=None)
    for number, code in enumerate(CODES[:count]):
        yield Entry(f"post-{number}", start + timedelta(seconds=number), country=code)


def _lateness(entries: Sequence[Entry], serving: RunningSlack) -> Iterator[float]:
    taken = {message.text: message.posted_at for message in serving.messages()}
    for entry in entries:
        yield (taken[said(entry)] - entry.at.replace(tzinfo=UTC)) / timedelta(milliseconds=1)


def _percentile(ordered: Sequence[float], percent: int) -> float:
    """The smallest that at least so many per cent do not exceed."""
    return ordered[-(-len(ordered) * percent // 100) - 1]


LATENESS = Benchmark("lateness", run)

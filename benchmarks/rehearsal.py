"""How long the rehearsal of the shipped campaign takes, as the command that a person types."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.figure import Benchmark, NotMeasured, Scale, Value
from benchmarks.process import environment
from tests.campaigns import SHIPPED

_WITHIN = 300


def run(scale: Scale) -> Sequence[Value]:
    """The whole campaign, with more and more colleagues."""
    return [Value(f"with {people} people", _seconds(people), "s") for people in scale.colleagues]


def _seconds(people: int) -> float:
    command = [sys.executable, "-m", "bot", "rehearse", "--headless", "--json", "--people", str(people)]
    with tempfile.TemporaryDirectory(prefix="earthweek-bench-") as folder:
        env = environment(Path(folder), {"TMPDIR": folder})
        started = time.perf_counter()
        ended = subprocess.run(
            [*command, "--campaign", str(SHIPPED)],
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_WITHIN,
            check=False,
        )
        seconds = time.perf_counter() - started
    if ended.returncode:
        raise NotMeasured(f"the rehearsal did not go well: {ended.stderr.decode(errors='replace')[-2000:]}")
    return seconds


REHEARSAL = Benchmark("rehearsal", run, most=3)

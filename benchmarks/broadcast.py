"""One message to many people at one moment, while Slack refuses one in twenty with 429: what arrived, and how soon."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from benchmarks.earth_hour import reminded
from benchmarks.figure import Benchmark, Scale, Value
from bot import logs

_PER_MINUTE = 230
_TOGETHER = ("Europe/Oslo",)


def run(scale: Scale) -> Sequence[Value]:
    """Remind all of them of Earth Hour, in virtual time."""
    logs.set_up("ERROR", as_json=False)
    people = scale.broadcast
    evening = asyncio.run(reminded(people, _PER_MINUTE, _TOGETHER))
    what = f"{people:,} people at {_PER_MINUTE} a minute"
    return [
        Value(f"{what}: delivered", len(evening.arrived), "people"),
        Value(f"{what}: lost", people - len(evening.arrived) - evening.skipped, "people"),
        Value(f"{what}: too late, and said so", evening.skipped, "people"),
        Value(f"{what}: doubled", evening.twice, "messages"),
        Value(f"{what}: time, to what the limit allows", evening.over(), "times"),
    ]


BROADCAST = Benchmark("broadcast", run, most=1)

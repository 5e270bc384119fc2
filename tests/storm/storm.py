"""A storm: the bot as real processes that are killed all the time while a week of posts comes due.

A week is seven days of slots in ten countries, on a clock that lets it pass while the storm lasts.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

from bot.database.urls import open_database
from bot.slack.manifest import SCOPES
from bot.store.outbox import Entry, Outbox, State
from rehearsal.slack.background_server import RunningSlack, running_slack
from rehearsal.slack.rate_limits import RateLimits
from rehearsal.slack.server import App
from tests.acceptance.process import ROOT, TOKENS, Machine
from tests.campaigns import NAME, write
from tests.simulation import workspace_of

from .clock import SwiftClock
from .count import Count, Fate, count
from .replicas import Replicas
from .sluggish import Sluggishness
from .week import Slot, seven_days, slots

SQLITE, POSTGRESQL = "sqlite", "postgresql"

_LEAD = 3.0
"""Real seconds before the first slot is due."""

_PER_KILL = {SQLITE: 3.0, POSTGRESQL: 1.5}
"""Real seconds: a single process is given time to start."""

_RECOVERS_WITHIN = 15.0
"""Real seconds in which the last of the killed starts, leases run out, Slack is asked, and what waits is sent."""

_OVER_WITHIN = 30.0
"""Real seconds after the last slot could be sent, and after the last kill."""

_AT_AN_END = frozenset({State.SENT, State.SKIPPED, State.FAILED, State.CANCELLED})


@dataclass(frozen=True)
class Storm:
    """How hard it blows. `late` is how many real seconds after its time a post may still be sent."""

    database: str
    replicas: int
    kills: int = 50
    seed: int = 1
    late: float = 30.0

    @property
    def name(self) -> str:
        """What it is asked for by."""
        return f"{self.database}-{self.replicas}"

    def clock(self) -> SwiftClock:
        """A clock that starts now, on which the week is about as long as the kills take."""
        due = [slot.due for slot in slots()]
        pace = (max(due) - min(due)).total_seconds() / (self.kills * _PER_KILL[self.database])
        begun = time.monotonic() + _LEAD
        return SwiftClock(min(due), begun, pace)


@dataclass(frozen=True)
class Outcome:
    """What came of a storm. `asked` is how often Slack was asked about a message that may have arrived."""

    storm: Storm
    count: Count
    asked: int
    seconds: float

    def __str__(self) -> str:
        fates = ", ".join(f"{self.count.number(fate)} {fate}" for fate in Fate)
        return (
            f"{self.storm.database}, {self.storm.replicas} replica{'s' * (self.storm.replicas > 1)}, "
            f"{self.storm.kills} kills, "
            f"{len(self.count.fates)} slots, {fates}, {self.seconds:.0f} s"
        )


def blow(storm: Storm, url: str, folder: Path) -> Outcome:
    """Let it blow over an empty database, and count when it is over."""
    begun, clock, random = time.monotonic(), storm.clock(), Random(storm.seed)  # noqa: S311 - the same seed, the same kills
    late = clock.lasting(storm.late)
    week, wanted = seven_days(late), list(slots(late))
    sluggishness = Sluggishness(Random(storm.seed))  # noqa: S311 - the same
    with running_slack(workspace_of(week), clock.now, app=App(SCOPES, **TOKENS), limits=RateLimits.none()) as slack:
        slack.call(sluggishness.take)
        machine = _machine(folder, slack, url, clock)
        write(machine.campaign, week)
        replicas = Replicas(machine, storm.replicas, random)
        try:
            replicas.start()
            replicas.suffer(storm.kills)
            calm = clock.now() + clock.lasting(_RECOVERS_WITHIN)
            _until_over(wanted, url, clock)
        finally:
            replicas.end()
        slack.until(lambda _: sluggishness.inside == 0)
        counted = count(wanted, read(url), slack.call(lambda server: list(server.workspace.log)), calm)
    amiss = [*counted.amiss, *replicas.fallen]
    asked = sum(
        line.get("action") in {"lookup.found", "lookup.not_found"} for run in machine.runs for line in run.lines()
    )
    return Outcome(storm, Count(counted.fates, amiss), asked, time.monotonic() - begun)


def _machine(folder: Path, slack: RunningSlack, url: str, clock: SwiftClock) -> Machine:
    env = {"DATABASE_URL": url, "PYTHONPATH": str(ROOT), **clock.env}
    return Machine(folder, slack.api_url, env, program=("-m", "tests.storm.swift"))


def _until_over(wanted: Sequence[Slot], url: str, clock: SwiftClock) -> None:
    """Wait until all is sent or given up, or until it should have been for long."""
    last = max(clock.now(), *(slot.until for slot in wanted)) + clock.lasting(_OVER_WITHIN)
    while not _over(read(url), len(wanted)) and clock.now() < last:
        time.sleep(0.2)


def _over(rows: Iterable[Entry], slots: int) -> bool:
    states = [row.state for row in rows]
    return len(states) >= slots and _AT_AN_END.issuperset(states)


def read(url: str) -> list[Entry]:
    """The outbox, as another program reads it."""

    async def go() -> list[Entry]:
        database = open_database(url)
        try:
            return await database.read(Outbox("reader", timedelta(0)).entries, NAME)
        finally:
            await database.close()

    return asyncio.run(go())

"""Metrics for operators, in Prometheus's format.

Counters are of this process, and add up over replicas. The outbox is everybody's, so one replica alone reports it.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.metadata import version
from itertools import product

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.store.outbox_backlog import Backlog

_LATENESS = (0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600, 14400)
_ANSWERS = (0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30)
"""Slack waits three seconds for an acknowledgement, and people are told after two that they have to wait."""

KINDS = ("button", "command", "form", "home", "message", "shortcut")
"""The kinds of interaction. Not the routes: how many people have pledged is published blurred, and only then."""

OUTCOMES = ("answered", "refused", "rejected", "failed")
"""What became of an interaction: carried out, refused with a reason, answered in a way that Slack did not take, or
ended by a mistake of the program."""

BEATS = ("taken", "failed", "withheld")
"""What became of a heartbeat: its address took it, or did not, or it was not sent because the bot is not ready."""


@dataclass(frozen=True)
class Seen:
    """Values that are looked up when metrics are scraped. Unknown ones are left out, rather than repeated from before.

    `parts` says of each part of readiness whether it is well. `reports_outbox` is true in one of the replicas.
    `unsigned` counts requests over HTTP by the flaw of their signature.
    """

    is_ready: bool
    parts: Mapping[str, bool]
    now: datetime
    backlog: Backlog | None = None
    reports_outbox: bool = True
    ticked_at: datetime | None = None
    is_token_refused: bool = False
    unsigned: Mapping[str, int] = field(default_factory=dict)


class Metrics:
    """Counters of this process, and gauges that are looked up when metrics are scraped.

    `labels` say of what kind this process is: how Slack reaches it, and on which database it runs.
    """

    def __init__(self, labels: Mapping[str, str] | None = None) -> None:
        # Not the global registry: tests and rehearsals have several bots in one process.
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._lateness = Histogram(
            "earthweek_lateness_seconds",
            "From the due instant of a message to the instant at which Slack took it.",
            ["kind"],
            buckets=_LATENESS,
            registry=registry,
        )
        self._errors = Counter(
            "earthweek_slack_errors_total", "Refusals and unclear answers of Slack.", ["error"], registry=registry
        )
        self._interactions = Counter(
            "earthweek_interactions_total",
            "Presses, commands, forms and messages of people, by what became of them.",
            ["kind", "outcome"],
            registry=registry,
        )
        self._answers = Histogram(
            "earthweek_interaction_seconds",
            "From the arrival of an interaction to its answer.",
            ["kind"],
            buckets=_ANSWERS,
            registry=registry,
        )
        self._failures = Counter(
            "earthweek_interaction_failures_total",
            "Interactions that a mistake of the program has ended, by what was asked for.",
            ["route"],
            registry=registry,
        )
        self._beats = Counter(
            "earthweek_heartbeats_total",
            "Heartbeats for EARTHWEEK_HEARTBEAT_URL, by what became of them.",
            ["outcome"],
            registry=registry,
        )
        self._begin_at_zero()
        self._seen = _SeenCollector(
            {"version": version("earthweek"), "python": platform.python_version(), **(labels or {})}
        )
        registry.register(self._seen)

    def _begin_at_zero(self) -> None:
        # Prometheus sees no increase in a series that appears with its first count.
        for kind, outcome in product(KINDS, OUTCOMES):
            self._interactions.labels(kind, outcome)
        for outcome in BEATS:
            self._beats.labels(outcome)

    def sent(self, kind: str, late: timedelta) -> None:
        """Count a message that Slack took."""
        # Slack's clock may be behind this machine's, and a negative observation would lower the sum.
        self._lateness.labels(kind).observe(max(0.0, late.total_seconds()))

    def refused(self, word: str) -> None:
        """Count a refusal or an unclear answer by its error word."""
        self._errors.labels(word).inc()

    def interaction(self, kind: str, route: str, outcome: str, took: timedelta) -> None:
        """Count an interaction. The route is kept only of one that has failed."""
        self._interactions.labels(kind, outcome).inc()
        # A clock that is set back must not lower the sum.
        self._answers.labels(kind).observe(max(0.0, took.total_seconds()))
        if outcome == "failed":
            self._failures.labels(route).inc()

    def heartbeat(self, outcome: str) -> None:
        """Count a heartbeat."""
        self._beats.labels(outcome).inc()

    def page(self, seen: Seen) -> bytes:
        """Render all metrics."""
        self._seen.seen = seen
        return generate_latest(self.registry)


class _SeenCollector(Collector):
    """The gauges of what was seen at the last scrape, and what does not change in a process."""

    def __init__(self, build: Mapping[str, str]) -> None:
        self._build = build
        self.seen: Seen | None = None

    def collect(self) -> Iterator[Metric]:
        """Yield the gauges."""
        build = GaugeMetricFamily("earthweek_build_info", "The running program.", labels=list(self._build))
        build.add_metric(list(self._build.values()), 1)
        yield build
        if self.seen:
            yield from _readiness(self.seen)
            yield from _process(self.seen)
            yield from _outbox(self.seen)


def _readiness(seen: Seen) -> Iterator[Metric]:
    yield GaugeMetricFamily("earthweek_ready", "Whether every essential part is well.", value=seen.is_ready)
    up = GaugeMetricFamily("earthweek_up", "Whether a part of the bot is well, as readiness has it.", labels=["part"])
    for name, ok in seen.parts.items():
        up.add_metric([name], ok)
    yield up


def _process(seen: Seen) -> Iterator[Metric]:
    tick = GaugeMetricFamily("earthweek_last_tick_timestamp_seconds", "When the scheduler last ticked.")
    if seen.ticked_at:
        tick.add_metric([], seen.ticked_at.timestamp())
    yield tick
    yield GaugeMetricFamily(
        "earthweek_token_refused", "Whether Slack refuses SLACK_BOT_TOKEN.", value=seen.is_token_refused
    )
    unsigned = CounterMetricFamily(
        "earthweek_unsigned_requests_total", "Requests without Slack's signature, by its flaw.", labels=["flaw"]
    )
    for flaw, count in seen.unsigned.items():
        unsigned.add_metric([flaw], count)
    yield unsigned


def _outbox(seen: Seen) -> Iterator[Metric]:
    outbox = GaugeMetricFamily("earthweek_outbox", "Messages in the outbox.", labels=["state"])
    depth = GaugeMetricFamily("earthweek_queue_depth", "Messages that should have been sent by now.")
    oldest = GaugeMetricFamily("earthweek_oldest_overdue_seconds", "How late the oldest of them is.")
    if seen.backlog and seen.reports_outbox:
        for state, count in seen.backlog.counts.items():
            outbox.add_metric([state.value], count)
        depth.add_metric([], seen.backlog.overdue)
        since = seen.backlog.oldest or seen.now
        oldest.add_metric([], max(0.0, (seen.now - since).total_seconds()))
    yield from (outbox, depth, oldest)

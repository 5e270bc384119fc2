"""Metrics for operators, in Prometheus's format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.store.outbox_backlog import Backlog

_BUCKETS = (0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600, 14400)


class Metrics:
    """Counters of this process, and gauges that are read from the outbox when metrics are scraped."""

    def __init__(self) -> None:
        # Not the global registry: tests and rehearsals have several bots in one process.
        self.registry = CollectorRegistry()
        self._lateness = Histogram(
            "earthweek_lateness_seconds",
            "From the due instant of a message to the instant at which Slack took it.",
            ["kind"],
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._errors = Counter(
            "earthweek_slack_errors_total", "Refusals and unclear answers of Slack.", ["error"], registry=self.registry
        )
        self._seen = _Seen()
        self.registry.register(self._seen)

    def sent(self, kind: str, late: timedelta) -> None:
        """Count a message that Slack took."""
        # Slack's clock may be behind this machine's, and a negative observation would lower the sum.
        self._lateness.labels(kind).observe(max(0.0, late.total_seconds()))

    def refused(self, word: str) -> None:
        """Count a refusal or an unclear answer by its error word."""
        self._errors.labels(word).inc()

    def page(self, parts: Mapping[str, bool], backlog: Backlog | None) -> bytes:
        """Render all metrics: which parts are ready, and the state of the outbox as far as it is known."""
        self._seen.parts, self._seen.backlog = parts, backlog
        return generate_latest(self.registry)


class _Seen(Collector):
    """The values at the last scrape. An unknown value is left out, rather than repeated from before."""

    def __init__(self) -> None:
        self.parts: Mapping[str, bool] = {}
        self.backlog: Backlog | None = None

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the gauges of the parts and of the outbox."""
        up = GaugeMetricFamily(
            "earthweek_up", "Whether a part of the bot is well, as readiness has it.", labels=["part"]
        )
        for name, ok in self.parts.items():
            up.add_metric([name], ok)
        yield up
        outbox = GaugeMetricFamily("earthweek_outbox", "Messages in the outbox.", labels=["state"])
        depth = GaugeMetricFamily("earthweek_queue_depth", "Messages that should have been sent by now.")
        if self.backlog:
            for state, count in self.backlog.counts.items():
                outbox.add_metric([state.value], count)
            depth.add_metric([], self.backlog.overdue)
        yield from (outbox, depth)

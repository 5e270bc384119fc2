"""What is counted for those who watch over the bot, in Prometheus's form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from bot.store.outbox import State

_BUCKETS = (0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600, 14400)


class Metrics:
    """Counters of this process; what the outbox knows is read from it when asked."""

    def __init__(self) -> None:
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
        self._outbox = Gauge("earthweek_outbox", "Messages in the outbox.", ["state"], registry=self.registry)
        self._depth = Gauge(
            "earthweek_queue_depth", "Messages that should have been sent by now.", registry=self.registry
        )

    def sent(self, kind: str, late: timedelta) -> None:
        """Count a message that Slack took."""
        self._lateness.labels(kind).observe(max(0.0, late.total_seconds()))

    def refused(self, word: str) -> None:
        """Count a refusal or an unclear answer by its error word."""
        self._errors.labels(word).inc()

    def show(self, counts: Mapping[State, int], overdue: int) -> None:
        """Take over what the outbox knows."""
        for state, count in counts.items():
            self._outbox.labels(state.value).set(count)
        self._depth.set(overdue)

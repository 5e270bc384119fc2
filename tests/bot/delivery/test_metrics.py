from __future__ import annotations

import re
import sys
from datetime import UTC, datetime, timedelta

import pytest

from bot.delivery.metrics import KINDS, OUTCOMES, Metrics, Seen
from bot.store.failed_messages import Failed
from bot.store.outbox import State
from bot.store.outbox_backlog import Backlog

NOW = datetime(2027, 3, 15, 8, tzinfo=UTC)
OF_PROCESS = {
    "process_cpu_seconds_total",
    "process_max_fds",
    "process_open_fds",
    "process_resident_memory_bytes",
    "process_start_time_seconds",
    "process_virtual_memory_bytes",
}
NOTHING_FAILED = Failed(count=0, reasons=(), is_anything_sent=True)
LATE = NOW - timedelta(minutes=7)
BACKLOG = Backlog({State.DUE: 3}, 2, LATE, LATE, (), (), NOTHING_FAILED)


def page(metrics: Metrics, seen: Seen | None = None) -> str:
    return metrics.page(seen or Seen(is_ready=True, parts={}, now=NOW)).decode()


def test_lateness_is_never_below_zero() -> None:
    metrics = Metrics()
    metrics.sent("tip", timedelta(seconds=-5))
    metrics.interaction("button", "tip", "answered", timedelta(seconds=-5))
    said = page(metrics)
    assert 'earthweek_lateness_seconds_sum{kind="tip"} 0.0' in said
    assert 'earthweek_lateness_seconds_count{kind="tip"} 1.0' in said
    assert 'earthweek_interaction_seconds_sum{kind="button"} 0.0' in said


def test_unknown_backlog_is_left_out() -> None:
    metrics = Metrics()
    metrics.refused("ratelimited")
    said = page(metrics, Seen(is_ready=False, parts={"database": False}, now=NOW))
    assert 'earthweek_up{part="database"} 0.0' in said
    assert "\nearthweek_ready 0.0" in said
    assert 'earthweek_slack_errors_total{error="ratelimited"} 1.0' in said
    assert "\nearthweek_queue_depth " not in said
    assert "\nearthweek_last_tick_timestamp_seconds " not in said


def test_one_replica_reports_the_outbox() -> None:
    seen = Seen(is_ready=True, parts={}, now=NOW, backlog=BACKLOG)
    said = page(Metrics(), seen)
    assert 'earthweek_outbox{state="due"} 3.0' in said
    assert "\nearthweek_queue_depth 2.0" in said
    assert "\nearthweek_oldest_overdue_seconds 420.0" in said
    other = page(Metrics(), Seen(is_ready=True, parts={}, now=NOW, backlog=BACKLOG, reports_outbox=False))
    assert "\nearthweek_outbox{" not in other
    assert "\nearthweek_queue_depth " not in other


@pytest.mark.skipif(sys.platform != "linux", reason="the library reads it from /proc")
def test_the_process_is_told() -> None:
    assert set(re.findall(r"^process_\w+", page(Metrics()), re.MULTILINE)) == OF_PROCESS


def test_what_people_choose_is_not_counted() -> None:
    metrics = Metrics()
    before = page(metrics).count("\nearthweek_interactions_total{")
    metrics.interaction("form", "pledge", "answered", timedelta(seconds=1))
    metrics.interaction("form", "pledge", "failed", timedelta(seconds=1))
    said = page(metrics)
    # All series stand there at zero from the start, since Prometheus sees no increase in one that appears with its
    # first count.
    assert said.count("\nearthweek_interactions_total{") == before == len(KINDS) * len(OUTCOMES)
    assert 'earthweek_interactions_total{kind="form",outcome="answered"} 1.0' in said
    assert [line for line in said.splitlines() if "pledge" in line and not line.startswith("#")] == [
        'earthweek_interaction_failures_total{route="pledge"} 1.0',
        *[line for line in said.splitlines() if line.startswith("earthweek_interaction_failures_created")],
    ]

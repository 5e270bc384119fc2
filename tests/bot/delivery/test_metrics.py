from __future__ import annotations

from datetime import timedelta

from bot.delivery.metrics import Metrics


def test_lateness_is_never_below_zero() -> None:
    metrics = Metrics()
    metrics.sent("tip", timedelta(seconds=-5))
    page = metrics.page({}, None).decode()
    assert 'earthweek_lateness_seconds_sum{kind="tip"} 0.0' in page
    assert 'earthweek_lateness_seconds_count{kind="tip"} 1.0' in page


def test_unknown_backlog_is_left_out() -> None:
    metrics = Metrics()
    metrics.refused("ratelimited")
    page = metrics.page({"database": False}, None).decode()
    assert 'earthweek_up{part="database"} 0.0' in page
    assert 'earthweek_slack_errors_total{error="ratelimited"} 1.0' in page
    assert "\nearthweek_queue_depth " not in page

"""Alerts and dashboard ask for metrics, labels and values that the running bot has, and for all that it has."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, time, timedelta

from prometheus_client.parser import text_string_to_metric_families

from tests.acceptance.conftest import RunBot, over_http, run_bot
from tests.campaigns import Post, Week
from tests.deploy import test_alerts, test_dashboard
from tests.deploy.promql import grouped_by, selectors
from tests.deploy.promtool import promtool
from tests.simulation import Simulation

__all__ = ["run_bot"]

OF_SCRAPE = {"job", "instance"}
"""Labels that Prometheus adds."""

OPEN = {"kind", "route", "error"}
"""Labels whose values follow from what happens."""

QUERIES = [*(rule["expr"] for rule in test_alerts.RULES), *test_dashboard.queries()]
Labels = Mapping[str, Mapping[str, set[str]]]


def labels_of(page: str) -> Labels:
    """The samples of a page, with the values of each label."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for family in text_string_to_metric_families(page):
        for sample in family.samples:
            for label, value in sample.labels.items():
                found[sample.name][label].add(value)
            _ = found[sample.name]
    return found


async def everything(week: Simulation) -> str:
    """The metrics of a bot to which everything has happened that is counted."""
    week.bot.scheduler.ticked_at = week.clock.now()
    metrics = week.bot.delivery.dispatcher._metrics
    metrics.sent("tip", timedelta(seconds=1))
    metrics.refused("some_word")
    metrics.interaction("form", "pledge", "failed", timedelta(seconds=1))
    return (await week.bot.http_server._show_metrics(None)).body.decode()  # type: ignore[arg-type, union-attr]


@over_http
async def test_each_query_asks_for_what_there_is(run_bot: RunBot) -> None:
    week = await run_bot(Week((Post("tip", date(2027, 3, 15), time(9), kind="tip"),)))
    page = await everything(week)
    there = labels_of(page)
    for query in QUERIES:
        asked = [each for each in selectors(query) if each.name != "up"]
        assert asked or "up{" in query, query
        for each in asked:
            assert each.name in there, query
            for label, values in each.labels.items():
                if label not in OF_SCRAPE:
                    assert set(values) <= there[each.name][label] or label in OPEN & there[each.name].keys(), query
        known = OF_SCRAPE.union(*(there[each.name] for each in asked))
        assert grouped_by(query) <= known, query
    shown = {each.name for query in QUERIES for each in selectors(query)}
    families = {re.sub(r"_(bucket|sum|count|total|created)$", "", name) for name in there}
    shown_families = {re.sub(r"_(bucket|sum|count|total|created)$", "", name) for name in shown}
    assert families - shown_families == {"process_virtual_memory_bytes"}, "nothing that is measured goes unseen"


@over_http
async def test_prometheus_takes_the_page(run_bot: RunBot) -> None:
    week = await run_bot(Week((Post("tip", date(2027, 3, 15), time(9), kind="tip"),)))
    assert promtool("check", "metrics", given=await everything(week)) == ""

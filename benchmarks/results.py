"""How soon the report and the page for outside are there, however much was done."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks import past
from benchmarks.database import opened
from benchmarks.figure import Benchmark, NotMeasured, Scale, Value
from benchmarks.past import Past
from bot.campaign.live_reload import LiveCampaign
from bot.campaign.model import Campaign
from bot.cli.atomic_files import write_files
from bot.cli.report import read_published
from bot.locales.catalogues import vocabulary
from bot.messages.post_kinds import KINDS
from bot.reports.formats import files_of
from bot.reports.outside.site import SiteContent, site_files
from bot.reports.published_participation import Report
from bot.reports.results import results
from bot.standings.publisher import Publisher
from bot.store.store import Store
from tests.campaigns import shipped_campaign


def run(scale: Scale) -> Sequence[Value]:
    """Publish the figures of everything, and make both of them in five languages."""
    actions, now = max(scale.actions), datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix="earthweek-bench-") as name:
        known = past.make(Path(name) / "bot", actions)
        played = LiveCampaign(known.campaign, KINDS, vocabulary(), allow_examples=False).campaign
        asyncio.run(_published(known, played, now))
        # Five languages, and the words and measures of a real campaign.
        campaign = replace(shipped_campaign(), id=played.id)
        report = _milliseconds(lambda: _report(known, campaign))
        site = _milliseconds(lambda: _site(known, campaign, now))
    said = f"after {actions:,} actions"
    return [
        Value(f"last figures of all taken {said}", known.taken, "ms"),
        Value(f"report in five languages {said}", report, "ms"),
        Value(f"site in five languages {said}", site, "ms"),
    ]


async def _published(known: Past, campaign: Campaign, now: datetime) -> None:
    async with opened(known.folder / "bot.db") as database:
        taken = await Publisher(Store(database, "benchmark", timedelta(0))).keep_up(campaign, now)
    if taken is None or taken.closing is None:
        raise NotMeasured("no last figures were published")


def _report(known: Past, campaign: Campaign) -> None:
    days, former = read_published(f"sqlite:///{known.folder / 'bot.db'}", campaign)
    for language in campaign.languages:
        write_files(known.folder / "report" / language, files_of(Report.of(campaign, days, language, former)))


def _site(known: Past, campaign: Campaign, now: datetime) -> None:
    days, _ = read_published(f"sqlite:///{known.folder / 'bot.db'}", campaign)
    site_files(SiteContent(campaign, results(campaign, days[-1]), (), now, True))


def _milliseconds(make: Callable[[], None]) -> float:
    started = time.perf_counter()
    make()
    return (time.perf_counter() - started) * 1000


RESULTS = Benchmark("results", run, most=1)

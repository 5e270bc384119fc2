"""A campaign with a past: its folder, and a database with as many actions in it as are wanted."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import delete

from benchmarks.actions import EACH, fill, user
from benchmarks.campaign import Entry, write
from benchmarks.database import opened
from benchmarks.figure import NotMeasured
from bot.campaign.live_reload import LiveCampaign
from bot.campaign.model import Campaign
from bot.locales.catalogues import vocabulary
from bot.messages.post_kinds import KINDS
from bot.standings.publisher import Publisher
from bot.store.store import Store
from bot.store.tables import snapshots
from tests.campaigns import SHIPPED

COUNTRIES = ("SE", "NO", "DK", "DE")

_POSTS = 20
"""Posts for each country, as in the campaign that is shipped."""

_WORDS = Path("pledges") / "en.toml"


@dataclass(frozen=True)
class Past:
    """What there is in a folder. `taken` is how long it took to take the figures of that many actions, in ms."""

    folder: Path
    actions: int
    taken: float

    @property
    def campaign(self) -> Path:
        """The campaign's folder."""
        return self.folder / "campaign"

    def users(self, count: int) -> list[str]:
        """So many of those who did something, from all over the database."""
        return users(self.actions, count)

    def has_figures(self) -> bool:
        """Whether figures have been published."""
        with closing(sqlite3.connect(f"file:{self.folder / 'bot.db'}?mode=ro", uri=True)) as connection:
            return bool(connection.execute("SELECT count(*) FROM snapshots").fetchone()[0])


def users(actions: int, count: int) -> list[str]:
    """So many of those who did that many actions."""
    everybody = actions // EACH
    return [user(number * everybody // count) for number in range(count)]


def make(folder: Path, actions: int) -> Past:
    """Make a campaign in which that much was done in two days, with no figures published yet."""
    folder.mkdir()
    now = datetime.now(UTC)
    campaign = _campaign(folder / "campaign", actions, now)
    return Past(folder, actions, asyncio.run(_filled(folder, campaign, actions, now)))


def _campaign(folder: Path, actions: int, now: datetime) -> Campaign:
    """What people can pledge is what is shipped; half of those who work in each country take part."""
    today = now.replace(microsecond=0, tzinfo=None)
    times = [today + timedelta(days=1), *(today + timedelta(days=-2, minutes=number) for number in range(_POSTS - 1))]
    entries = [Entry(f"post-{number}", at) for number, at in enumerate(times)]
    # The noon that was last, so that no others are near.
    noon = (now - timedelta(hours=12)).date()
    headcount, organiser = 2 * actions // EACH // len(COUNTRIES), users(actions, 1)[0]
    write(folder, entries, COUNTRIES, headcount=headcount, figures=noon, representative=organiser)
    (folder / _WORDS).parent.mkdir()
    shutil.copy(SHIPPED / _WORDS, folder / _WORDS)
    pledges = (SHIPPED / "pledges.toml").read_text(encoding="utf-8").splitlines(keepends=True)
    # This campaign has no themes.
    (folder / "pledges.toml").write_text("".join(line for line in pledges if not line.startswith("theme = ")), "utf-8")
    return LiveCampaign(folder, KINDS, vocabulary(), allow_examples=False).campaign


async def _filled(folder: Path, campaign: Campaign, actions: int, now: datetime) -> float:
    async with opened(folder / "bot.db") as database:
        await fill(database, campaign, actions, now)
        started = time.perf_counter()
        taken = await Publisher(Store(database, "benchmark", timedelta(0))).keep_up(campaign, now)
        seconds = time.perf_counter() - started
        if taken is None or any(each.participants is None for each in taken.places if each.place in COUNTRIES):
            raise NotMeasured(f"of {actions:,} actions not every country has figures")
        with database.transaction() as connection:
            connection.execute(delete(snapshots))
    return seconds * 1000

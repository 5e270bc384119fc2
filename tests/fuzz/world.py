"""The bot that is attacked, with a database that holds a little of everything."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

import bot
from bot import listeners
from bot.campaign.live_reload import LiveCampaign
from bot.campaign.model import Campaign
from bot.listeners.handlers import Handlers
from bot.listeners.services import Services
from bot.locales.catalogues import words
from bot.messages.post_kinds import KINDS
from bot.slack import http_receiver
from bot.slack.bolt_app import open_app
from bot.slack.installation import Installation
from bot.slack.signature_log import SignatureLog
from bot.standings.publisher import Publisher
from bot.store.actions import Action, ActionKind
from bot.store.database import open_database, upgrade
from bot.store.ideas import Idea
from bot.store.people import Person
from bot.store.pledges import Factor, Pledged
from bot.store.store import Store
from bot.store.tables import metadata
from rehearsal.slack.signature import sign

from .slack import Yes

SHIPPED = Path(bot.__file__).parents[1] / "campaigns" / "earth-week-2027"
SECRET = "fuzz-signing-secret"
TEAM = "T0REHEARSAL"

ANN, NEW, REPRESENTATIVE, MANAGER = "U0ANN", "U0NEW", "U0EXAMPLESE", "U0EXAMPLE0"
ACTORS = (ANN, NEW, REPRESENTATIVE, MANAGER)
BYSTANDER = "U0BYSTANDER"
"""Somebody for whom nobody may ever act."""

PLEDGE, OTHER_PLEDGE = "bike_or_walk_10km", "car_free_week"
IDEA, QUESTIONED = "a" * 32, "b" * 32
"""The bystander's idea before the representatives, and the one that Ann is asked about."""

MOMENTS = tuple(
    datetime(2027, month, day, hour, tzinfo=UTC)
    for month, day, hour in ((3, 1, 12), (3, 16, 9), (3, 19, 14), (3, 20, 21), (3, 22, 9), (4, 23, 12))
)
"""Before the week, in it, on the day of Earth Hour, after it, and when all is over."""

Rows = Mapping[str, list[tuple[Any, ...]]]


@dataclass
class Watch:
    """A clock that shows what it is told."""

    at: datetime = MOMENTS[1]
    is_manual: ClassVar[bool] = True

    def now(self) -> datetime:
        return self.at


@dataclass
class World:
    """The bot and everything behind it. `logs` is what has been logged as broken."""

    engine: AsyncEngine
    app: AsyncApp
    services: Services
    handlers: Handlers
    slack: Yes
    watch: Watch
    before: Rows = field(default_factory=dict)
    logs: list[str] = field(default_factory=list)

    @property
    def campaign(self) -> Campaign:
        return self.services.campaign()

    async def knock(self, raw: bytes, headers: Mapping[str, str]) -> BoltResponse:
        """Send a request as it would come over HTTP, and wait until all that it caused is over."""
        answer = await http_receiver.handle_request(self.app, raw, headers, SignatureLog(), self.watch.now())
        while rest := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(rest)
        return answer

    async def rows(self) -> Rows:
        """Everything that is stored."""
        async with self.engine.connect() as connection:
            return {
                table.name: sorted(map(tuple, (await connection.execute(select(table))).all()), key=repr)
                for table in metadata.sorted_tables
            }

    async def restore(self) -> None:
        """Make everything as it was at the beginning, also what is only kept in mind."""
        async with self.engine.begin() as connection:
            for table in metadata.sorted_tables:
                await connection.execute(table.delete())
                names = [column.name for column in table.c]
                rows = [dict(zip(names, row, strict=True)) for row in self.before[table.name]]
                if rows:
                    await connection.execute(table.insert(), rows)
        for memory in (self.services.member_languages, self.services.profiles, self.handlers.duplicates):
            memory.clear()
        self.logs.clear()
        self.slack.refused.clear()


def signed(raw: bytes, kind: str) -> dict[str, str]:
    """The headers that Slack sends with this body."""
    return {"Content-Type": kind, **sign(SECRET, raw, int(time.time()))}


class _Noting(logging.Handler):
    """Takes what libraries log as errors: Bolt says so of what breaks in it."""

    def __init__(self, logs: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._logs = logs

    def emit(self, record: logging.LogRecord) -> None:
        self._logs.append(self.format(record))


@contextmanager
def noting(logs: list[str]) -> Iterator[None]:
    """Keep what is logged as broken while the block lasts; what Slack takes away is said on purpose."""

    def keep(_logger: Any, method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
        if method in {"error", "exception", "critical"} and event.get("action") != "access.revoked":
            logs.append(str(event))
        raise structlog.DropEvent

    before, handler = structlog.get_config()["processors"], _Noting(logs)
    structlog.configure(processors=[structlog.processors.format_exc_info, keep])
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
        structlog.configure(processors=before)


async def create() -> World:
    """A new world; whoever asks for it lets its engine go."""
    engine = open_database("sqlite:///:memory:")
    await upgrade(engine)
    store = Store(engine, "fuzz", timedelta(seconds=30))
    edition, watch, slack = LiveCampaign(SHIPPED, KINDS, allow_examples=True), Watch(), Yes()
    publisher = Publisher(store.participation, store.snapshots)
    client = slack.client()
    services = Services(
        lambda: edition.campaign, client, words, watch, store, publisher, Installation(client), lambda: None
    )
    app = open_app(client, SECRET, Installation(client))
    made = World(engine, app, services, listeners.register(app, services), slack, watch)
    await _settle(store, edition.campaign)
    made.before = await made.rows()
    return made


async def _settle(store: Store, campaign: Campaign) -> None:
    at = MOMENTS[0]
    for user in (ANN, BYSTANDER):
        await store.people.keep([Person(TEAM, user, "Europe/Stockholm", at, "SE", "said", "sv", direct_messages=True)])
        await store.actions.record(Action(campaign.id, user, ActionKind.JOINED, "", "SE", at))
        await store.pledges.make(Pledged(campaign.id, user, PLEDGE, "SE", at, Factor(1, 1, 2, "1")))
    await store.ideas.submit(
        Idea(IDEA, campaign.id, BYSTANDER, "SE", "sv", "A shed", named=False, at=at, changed_at=at)
    )
    asked = Idea(QUESTIONED, campaign.id, ANN, "SE", "sv", "A path", named=False, at=at, changed_at=at)
    await store.ideas.submit(asked)
    await store.ideas.ask(QUESTIONED, "Where?", at)

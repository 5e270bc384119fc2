"""The bot that is attacked, with a database that holds a little of everything."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterator, Mapping, MutableMapping
from contextlib import asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar
from unittest.mock import patch

import structlog
from pydantic import SecretStr
from slack_bolt.response import BoltResponse
from sqlalchemy import select

import bot.app
from bot.app import Bot
from bot.campaign.model import Campaign
from bot.settings import Settings
from bot.slack import http_receiver
from bot.slack.signature_log import SignatureLog
from bot.store.actions import Action, ActionKind
from bot.store.ideas import Idea
from bot.store.people import Person
from bot.store.pledges import Factor, Pledged
from bot.store.store import Store
from bot.store.tables import metadata
from rehearsal.slack.server import sign
from tests.campaigns import SHIPPED

from .slack import TOKEN, Yes

SECRET = "f022" * 8
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

    bot: Bot
    slack: Yes
    watch: Watch
    before: Rows = field(default_factory=dict)
    logs: list[str] = field(default_factory=list)

    @property
    def campaign(self) -> Campaign:
        return self.bot.delivery.live.campaign

    async def knock(self, raw: bytes, headers: Mapping[str, str]) -> BoltResponse:
        """Send a request as it would come over HTTP, and wait until all that it caused is over."""
        app = self.bot.http_server._slack
        assert app
        answer = await http_receiver.handle_request(app, raw, headers, SignatureLog(), self.watch.now())
        while rest := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(rest)
        return answer

    async def rows(self) -> Rows:
        """Everything that is stored."""
        with self.bot.store.database.transaction() as connection:
            return {
                table.name: sorted(map(tuple, (connection.execute(select(table))).all()), key=repr)
                for table in metadata.sorted_tables
            }

    async def restore(self) -> None:
        """Make everything as it was at the beginning, also what is only kept in mind."""
        with self.bot.store.database.transaction() as connection:
            for table in metadata.sorted_tables:
                connection.execute(table.delete())
                names = [column.name for column in table.c]
                rows = [dict(zip(names, row, strict=True)) for row in self.before[table.name]]
                if rows:
                    connection.execute(table.insert(), rows)
        services, handlers = self.bot.handlers._services, self.bot.handlers
        for memory in (services.member_languages, services.profiles, handlers.duplicates):
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


@asynccontextmanager
async def create() -> AsyncIterator[World]:
    """A new world. `tests.simulation` has a Slack that is asked over HTTP, which a million cases would wait for."""
    slack, watch = Yes(), Watch()
    settings = Settings(
        slack_bot_token=SecretStr(TOKEN),
        slack_app_token=None,
        slack_signing_secret=SecretStr(SECRET),
        database_url="sqlite:///:memory:",
        earthweek_campaign=SHIPPED,
    )
    with patch.object(bot.app, "slack_client", lambda *_: nullcontext(slack.client())):
        async with bot.app.build(settings, watch, allow_examples=True) as built:
            await _settle(built.store, built.delivery.live.campaign)
            made = World(built, slack, watch)
            made.before = await made.rows()
            yield made


async def _settle(store: Store, campaign: Campaign) -> None:
    at = MOMENTS[0]
    for user in (ANN, BYSTANDER):
        await store.write(
            store.people.keep, [Person(TEAM, user, "Europe/Stockholm", at, "SE", "said", "sv", direct_messages=True)]
        )
        await store.write(store.actions.record, Action(campaign.id, user, ActionKind.JOINED, "", "SE", at))
        await store.write(store.pledges.make, Pledged(campaign.id, user, PLEDGE, "SE", at, Factor(1, 1, 2, "1")))
    await store.write(
        store.ideas.submit, Idea(IDEA, campaign.id, BYSTANDER, "SE", "sv", "A shed", named=False, at=at, changed_at=at)
    )
    asked = Idea(QUESTIONED, campaign.id, ANN, "SE", "sv", "A path", named=False, at=at, changed_at=at)
    await store.write(store.ideas.submit, asked)
    await store.write(store.ideas.ask, QUESTIONED, "Where?", at)

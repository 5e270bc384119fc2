"""The parts of the store, wired to one database."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.actions import Actions
from bot.store.failed_messages import FailedMessages
from bot.store.ideas import Ideas
from bot.store.outbox import Outbox
from bot.store.participation import Participation
from bot.store.people import People
from bot.store.pledges import Pledges
from bot.store.privacy import Privacy
from bot.store.replicas import Replicas
from bot.store.seen_events import SeenEvents
from bot.store.snapshots import Snapshots
from bot.store.sync_cursor import SyncCursor


class Store:
    """The store of one process.

    `replica` is the ID of this process, and `exclusive` says that it is the only one; `lease` is how long its claims
    hold. `counting` is a second engine on the same database: counting a large campaign takes seconds, and on SQLite
    every interaction would wait for the one connection meanwhile.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        replica: str,
        lease: timedelta,
        counting: AsyncEngine | None = None,
        *,
        exclusive: bool = False,
    ) -> None:
        self.outbox = Outbox(engine, replica, lease, exclusive=exclusive)
        self.failed_messages = FailedMessages(engine)
        self.people = People(engine)
        self.actions = Actions(engine)
        self.pledges = Pledges(engine)
        self.ideas = Ideas(engine)
        self.privacy = Privacy(engine)
        self.seen_events = SeenEvents(engine)
        self.participation = Participation(counting or engine)
        self.snapshots = Snapshots(engine)
        self.replicas = Replicas(engine, replica)
        self.sync_cursor = SyncCursor(engine, replica)

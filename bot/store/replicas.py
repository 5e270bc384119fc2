"""Which processes run on one database, until when Slack has asked one of them to wait, and what each is unsure of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.database import insert_for
from bot.store.tables import outbox, replicas


@dataclass(frozen=True)
class Replica:
    """A process, and when it last wrote that it is there, by its own clock.

    `in_doubt` is how many messages it has begun to post and cannot yet tell whether Slack has them.
    """

    id: str
    seen_at: datetime
    held_until: datetime | None
    in_doubt: int


class Replicas:
    """Every process on this database; `id` is this one."""

    def __init__(self, engine: AsyncEngine, replica: str) -> None:
        self._engine = engine
        self.id = replica
        unsure = outbox.c.state == "sending", outbox.c.channel.is_not(None), outbox.c.claimed_by == replicas.c.id
        in_doubt = select(func.count()).where(*unsure).scalar_subquery()
        self._all = select(replicas.c.id, replicas.c.seen_at, replicas.c.held_until, in_doubt)

    async def present(self, now: datetime, held_until: datetime | None) -> list[Replica]:
        """Say that this process is here and until when Slack has asked it to wait; all who are written down."""
        here = insert_for(self._engine, replicas).values(id=self.id, seen_at=now, held_until=held_until)
        changed = {"seen_at": now, "held_until": held_until}
        async with self._engine.begin() as connection:
            await connection.execute(here.on_conflict_do_update(index_elements=("id",), set_=changed))
            return [Replica(*found) for found in await connection.execute(self._all)]

    async def remove(self, ids: Collection[str]) -> None:
        """Strike out processes that go, or have gone without a word."""
        async with self._engine.begin() as connection:
            await connection.execute(delete(replicas).where(replicas.c.id.in_(ids)))

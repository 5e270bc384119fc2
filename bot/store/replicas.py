"""Which processes run on one database, and until when Slack has asked one of them to wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.database import inserting
from bot.store.tables import replicas

GONE_AFTER = timedelta(seconds=15)
"""How long a process may say nothing before the others take over its share of the pace."""


@dataclass(frozen=True)
class Presence:
    """How many processes there are, this one among them, and until when nobody is to post, if Slack has said so."""

    count: int
    held_until: datetime | None


class Replicas:
    """Every process on this database; `owner` is this one."""

    def __init__(self, engine: AsyncEngine, owner: str) -> None:
        self._engine = engine
        self._owner = owner

    async def present(self, now: datetime, held_until: datetime | None) -> Presence:
        """Say that this process is here and until when Slack has asked it to wait; who else is here."""
        here = inserting(self._engine, replicas).values(owner=self._owner, seen_at=now, held_until=held_until)
        changed = {"seen_at": now, "held_until": held_until}
        counted = select(func.count(), func.max(replicas.c.held_until)).where(replicas.c.seen_at > now - GONE_AFTER)
        async with self._engine.begin() as connection:
            await connection.execute(here.on_conflict_do_update(index_elements=("owner",), set_=changed))
            count, held = (await connection.execute(counted)).one()
        return Presence(count, held)

    async def leave(self, now: datetime) -> None:
        """Say that this process goes, and forget those who went without a word."""
        gone = (replicas.c.owner == self._owner) | (replicas.c.seen_at <= now - GONE_AFTER)
        async with self._engine.begin() as connection:
            await connection.execute(delete(replicas).where(gone))

"""Which events have arrived, so that one that Slack delivers again is not taken for a new one."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.database import inserting, single
from bot.store.tables import arrivals

KEPT = timedelta(minutes=10)
"""Slack delivers an event again at once, after one minute and after five."""


class Arrivals:
    """The events of the last minutes; in the database, so that a restart or a second process knows them."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._once = inserting(engine, arrivals).on_conflict_do_nothing()

    async def is_first(self, event: str, now: datetime) -> bool:
        """Whether this event had not arrived before."""
        async with single(self._engine) as connection:
            await connection.execute(delete(arrivals).where(arrivals.c.at < now - KEPT))
            return (await connection.execute(self._once, {"event": event, "at": now})).rowcount > 0

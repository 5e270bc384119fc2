"""What has arrived from Slack, so that what is delivered again is not taken for new."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.database import autocommit, insert_for
from bot.store.tables import seen_events

KEPT = timedelta(minutes=10)
"""Slack delivers an event again at once, after one minute and after five."""

SWEPT_EVERY = timedelta(minutes=1)
"""How often what is older is removed: what comes in is written once and not twice."""

_TOLD_WITHIN = 0.5
"""Seconds; what lets somebody's modal open lives for three."""


class SeenEvents:
    """The arrivals of the last minutes; in the database, so that a restart or another process knows them."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._once = insert_for(engine, seen_events).on_conflict_do_nothing()
        self._swept_at: datetime | None = None

    async def was_seen(self, arrival: str, now: datetime) -> bool:
        """Whether this had arrived before; no where the database does not say so in a moment."""
        try:
            async with asyncio.timeout(_TOLD_WITHIN):
                return not await self.is_first(arrival, now)
        except (SQLAlchemyError, OSError, TimeoutError):
            return False

    async def is_first(self, arrival: str, now: datetime) -> bool:
        """Whether this had not arrived before."""
        async with autocommit(self._engine) as connection:
            if self._swept_at is None or not timedelta(0) <= now - self._swept_at < SWEPT_EVERY:
                self._swept_at = now
                await connection.execute(delete(seen_events).where(seen_events.c.at < now - KEPT))
            return (await connection.execute(self._once, {"event": arrival, "at": now})).rowcount > 0

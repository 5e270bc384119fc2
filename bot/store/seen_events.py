"""IDs of what Slack has delivered, so that a repeated delivery is recognised."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.database import autocommit, insert_for
from bot.store.tables import seen_events

KEPT = timedelta(minutes=10)
"""The retention of IDs. Slack repeats an event at once, after one minute and after five."""

SWEPT_EVERY = timedelta(minutes=1)
"""The interval between deletions of old IDs. Deleting with each event would double the writes."""

_TOLD_WITHIN = 0.5
"""Seconds to wait for the database. A `trigger_id` expires after three, and opening a modal needs one."""


class SeenEvents:
    """Records deliveries of the last minutes, in the database, so that other processes and restarts know them."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._once = insert_for(engine, seen_events).on_conflict_do_nothing()
        self._swept_at: datetime | None = None

    async def was_seen(self, arrival: str, now: datetime) -> bool:
        """Return whether this was delivered before, or False if the database does not answer in time."""
        try:
            async with asyncio.timeout(_TOLD_WITHIN):
                return not await self.is_first(arrival, now)
        except (SQLAlchemyError, OSError, TimeoutError):
            # A repeated modal is a nuisance; one that does not open because the database is slow is a fault.
            return False

    async def is_first(self, arrival: str, now: datetime) -> bool:
        """Record a delivery. Returns whether it is the first."""
        async with autocommit(self._engine) as connection:
            # The lower bound catches a clock that was set back, which would else silence the deletion.
            if self._swept_at is None or not timedelta(0) <= now - self._swept_at < SWEPT_EVERY:
                self._swept_at = now
                await connection.execute(delete(seen_events).where(seen_events.c.at < now - KEPT))
            return (await connection.execute(self._once, {"event": arrival, "at": now})).rowcount > 0

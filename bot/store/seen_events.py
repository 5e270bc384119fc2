"""IDs of what Slack has delivered, so that a repeated delivery is recognised."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete

from bot.database.dialect_statements import insert_for
from bot.store.tables import seen_events

KEPT = timedelta(minutes=10)
"""The retention of IDs. Slack repeats an event at once, after one minute and after five."""

SWEPT_EVERY = timedelta(minutes=1)
"""The interval between deletions of old IDs. Deleting with each event would double the writes."""


class SeenEvents:
    """Records deliveries of the last minutes, in the database, so that other processes and restarts know them."""

    def __init__(self) -> None:
        self._swept_at: datetime | None = None

    def is_first(self, connection: Connection, arrival: str, now: datetime) -> bool:
        """Record a delivery. Returns whether it is the first."""
        # The lower bound catches a clock that was set back, which would else silence the deletion.
        if self._swept_at is None or not timedelta(0) <= now - self._swept_at < SWEPT_EVERY:
            self._swept_at = now
            connection.execute(delete(seen_events).where(seen_events.c.at < now - KEPT))
        once = insert_for(connection, seen_events).on_conflict_do_nothing()
        return connection.execute(once, {"event": arrival, "at": now}).rowcount > 0

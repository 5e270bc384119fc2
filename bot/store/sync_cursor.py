"""The progress of the nightly sync of Slack's users, and the process that is doing it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, case, update

from bot.database.dialect_statements import insert_for
from bot.store.tables import sync_cursors


class SyncCursor:
    """Stores the progress of the last night of each campaign. `replica` is the ID of this process."""

    def __init__(self, replica: str) -> None:
        self._replica = replica

    def claim(self, connection: Connection, campaign: str, night: date, now: datetime, until: datetime) -> str | None:
        """Claim the next page for this process until an instant. Returns its cursor, which is empty for the first page.

        Returns None if the night's sync is complete, or another process holds a claim that has not expired.
        """
        first = {
            "campaign": campaign,
            "night": night,
            "cursor": "",
            "claimed_by": self._replica,
            "claimed_until": until,
        }
        there = sync_cursors.c.night == night
        free = (sync_cursors.c.claimed_by == self._replica) | (sync_cursors.c.claimed_until <= now)
        taken = {
            "night": night,
            "cursor": case((there, sync_cursors.c.cursor), else_=""),
            "claimed_by": self._replica,
            "claimed_until": until,
        }
        # One statement, so that of two processes that ask at once exactly one gets a cursor.
        statement = (
            insert_for(connection, sync_cursors)
            .values(first)
            .on_conflict_do_update(
                index_elements=("campaign",),
                set_=taken,
                where=(sync_cursors.c.night < night) | (there & sync_cursors.c.cursor.is_not(None) & free),
            )
            .returning(sync_cursors.c.cursor)
        )
        cursor: str | None = connection.execute(statement).scalar_one_or_none()
        return cursor

    def note(self, connection: Connection, campaign: str, night: date, cursor: str | None, until: datetime) -> None:
        """Store the cursor of the next page, or None after the last. Does nothing if another process has taken over."""
        mine = (
            (sync_cursors.c.campaign == campaign)
            & (sync_cursors.c.night == night)
            & (sync_cursors.c.claimed_by == self._replica)
        )
        connection.execute(update(sync_cursors).where(mine).values(cursor=cursor, claimed_until=until))

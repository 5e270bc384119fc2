"""The progress of the nightly sync of Slack's users, and the process that is doing it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import case, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.database import autocommit, insert_for
from bot.store.tables import sync_cursors


class SyncCursor:
    """Stores the progress of the last night of each campaign. `replica` is the ID of this process."""

    def __init__(self, engine: AsyncEngine, replica: str) -> None:
        self._engine = engine
        self._replica = replica

    async def claim(self, campaign: str, night: date, now: datetime, until: datetime) -> str | None:
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
            insert_for(self._engine, sync_cursors)
            .values(first)
            .on_conflict_do_update(
                index_elements=("campaign",),
                set_=taken,
                where=(sync_cursors.c.night < night) | (there & sync_cursors.c.cursor.is_not(None) & free),
            )
            .returning(sync_cursors.c.cursor)
        )
        async with autocommit(self._engine) as connection:
            cursor: str | None = (await connection.execute(statement)).scalar_one_or_none()
        return cursor

    async def note(self, campaign: str, night: date, cursor: str | None, until: datetime) -> None:
        """Store the cursor of the next page, or None after the last. Does nothing if another process has taken over."""
        mine = (
            (sync_cursors.c.campaign == campaign)
            & (sync_cursors.c.night == night)
            & (sync_cursors.c.claimed_by == self._replica)
        )
        async with autocommit(self._engine) as connection:
            await connection.execute(update(sync_cursors).where(mine).values(cursor=cursor, claimed_until=until))

"""How far Slack's directory has been gone through in a night, and which process is at it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import case, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.database import autocommit, insert_for
from bot.store.tables import nights


class SyncCursor:
    """One night for each campaign, the last one; `owner` is this process."""

    def __init__(self, engine: AsyncEngine, owner: str) -> None:
        self._engine = engine
        self._owner = owner

    async def claim(self, campaign: str, night: date, now: datetime, until: datetime) -> str | None:
        """The cursor of the page that comes next, for this process alone until an instant; empty for the first page.

        None where the night's work is done, or another process is at it and its time has not run out.
        """
        first = {"campaign": campaign, "night": night, "cursor": "", "owner": self._owner, "until": until}
        there = nights.c.night == night
        free = (nights.c.owner == self._owner) | (nights.c.until <= now)
        taken = {
            "night": night,
            "cursor": case((there, nights.c.cursor), else_=""),
            "owner": self._owner,
            "until": until,
        }
        statement = (
            insert_for(self._engine, nights)
            .values(first)
            .on_conflict_do_update(
                index_elements=("campaign",),
                set_=taken,
                where=(nights.c.night < night) | (there & nights.c.cursor.is_not(None) & free),
            )
            .returning(nights.c.cursor)
        )
        async with autocommit(self._engine) as connection:
            cursor: str | None = (await connection.execute(statement)).scalar_one_or_none()
        return cursor

    async def note(self, campaign: str, night: date, cursor: str | None, until: datetime) -> None:
        """Note which page comes next, None when that was the last; nothing where another process has taken over."""
        mine = (nights.c.campaign == campaign) & (nights.c.night == night) & (nights.c.owner == self._owner)
        async with autocommit(self._engine) as connection:
            await connection.execute(update(nights).where(mine).values(cursor=cursor, until=until))

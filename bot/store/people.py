"""The colleagues who asked to take part: nobody is in this table before pressing a button or typing a command."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.database import single
from bot.store.tables import people


@dataclass(frozen=True)
class Person:
    """What is kept of one colleague. `paused_until` is the first local date on which messages come again."""

    workspace: str
    user: str
    zone: str
    joined_at: datetime
    country: str | None = None
    country_source: str | None = None
    language: str | None = None
    direct_messages: bool = False
    earth_hour_reminder: bool = False
    paused_until: date | None = None


class People:
    """Everyone who takes part. User IDs are unique across workspaces, so a person is found by the ID alone."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def get(self, user: str) -> Person | None:
        """One person, or `None` if they have not joined."""
        query = select(people).where(people.c.user == user)
        async with single(self._engine) as connection:
            row = (await connection.execute(query)).mappings().one_or_none()
        return Person(**row) if row else None

    async def reachable(self) -> list[Person]:
        """Everyone who asked for any direct message, by user ID."""
        asked = people.c.direct_messages | people.c.earth_hour_reminder
        async with single(self._engine) as connection:
            rows = (await connection.execute(select(people).where(asked).order_by(people.c.user))).mappings().all()
        return [Person(**row) for row in rows]

    async def keep(self, persons: Iterable[Person]) -> None:
        """Store people as they are now, in one transaction."""
        rows = [asdict(person) for person in persons]
        async with self._engine.begin() as connection:
            await connection.execute(delete(people).where(people.c.user.in_([row["user"] for row in rows])))
            if rows:
                await connection.execute(people.insert(), rows)

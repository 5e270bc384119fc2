"""The colleagues who asked to take part: nobody is in this table before pressing a button or typing a command."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.database import inserting, single
from bot.store.deeds import Kind
from bot.store.recipients import EVERYBODY, Between, Recipients
from bot.store.tables import deeds, people

SAID = "said"
"""Where a country comes from: the person said so."""


@dataclass(frozen=True)
class Person:
    """What is kept of one colleague.

    `paused_until` is the first local date on which messages come again; `stopped_at` is when they were stopped.
    """

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
    stopped_at: datetime | None = None


@dataclass(frozen=True)
class Asked:
    """How many people in a zone and a country want direct messages, and the reminder of Earth Hour."""

    zone: str
    country: str | None
    messages: int
    earth_hour: int


_KEY = ("workspace", "user")


def _joined(campaign: str) -> ColumnElement[bool]:
    deed = select(deeds.c.user).where(deeds.c.campaign == campaign, deeds.c.user == people.c.user)
    return deed.where(deeds.c.kind == Kind.JOINED).exists()


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

    async def among(self, users: Collection[str]) -> dict[str, Person]:
        """Those of some users who are known, by user ID."""
        query = select(people).where(people.c.user.in_(users))
        async with single(self._engine) as connection:
            rows = (await connection.execute(query)).mappings().all() if users else []
        return {row["user"]: Person(**row) for row in rows}

    async def member(self, user: str, campaign: str) -> Person | None:
        """One person, or `None` if they have not joined this campaign: who joined another one is asked anew."""
        query = select(people).where(people.c.user == user, _joined(campaign))
        async with single(self._engine) as connection:
            row = (await connection.execute(query)).mappings().one_or_none()
        return Person(**row) if row else None

    async def reachable(self, campaign: str, recipients: Recipients = EVERYBODY) -> list[Person]:
        """Who has joined a campaign and asked for any direct message, by user ID."""
        asked = _joined(campaign) & (people.c.direct_messages | people.c.earth_hour_reminder)
        asked &= recipients.among(people.c.user)
        async with single(self._engine) as connection:
            rows = (await connection.execute(select(people).where(asked).order_by(people.c.user))).mappings().all()
        return [Person(**row) for row in rows]

    async def asked(self, campaign: str) -> list[Asked]:
        """How many who joined a campaign asked for which messages, by zone and country."""
        wanted = (func.count().filter(each) for each in (people.c.direct_messages, people.c.earth_hour_reminder))
        query = select(people.c.zone, people.c.country, *wanted).where(_joined(campaign))
        async with single(self._engine) as connection:
            rows = await connection.execute(query.group_by(people.c.zone, people.c.country))
            return [Asked(*row) for row in rows]

    async def shares(self, size: int) -> AsyncIterator[Recipients]:
        """Whoever could be a recipient, `size` of those who are known at a time; those who are gone are among them."""
        after: str | None = None
        following = select(people.c.user).order_by(people.c.user).offset(size - 1).limit(1)
        while True:
            async with single(self._engine) as connection:
                upto = await connection.scalar(following.where(people.c.user > after) if after else following)
            yield Between(after, upto)
            if upto is None:
                return
            after = upto

    async def keep(self, persons: Iterable[Person]) -> None:
        """Store people as they are now, in one transaction; when somebody joined is not changed by it."""
        # In the order of the key, so that of two at once one waits for the other.
        rows = sorted(map(asdict, persons), key=itemgetter(*_KEY))
        statement = inserting(self._engine, people)
        kept = {*_KEY, "joined_at"}
        known = {column.name: statement.excluded[column.name] for column in people.c if column.name not in kept}
        if rows:
            async with self._engine.begin() as connection:
                await connection.execute(statement.on_conflict_do_update(index_elements=_KEY, set_=known), rows)

    async def change(self, user: str, **values: Any) -> bool:
        """Change single things of a person; whether there is such a person."""
        statement = update(people).where(people.c.user == user).values(values)
        async with single(self._engine) as connection:
            return (await connection.execute(statement)).rowcount > 0

"""The colleagues who asked to take part: nobody is in this table before pressing a button or typing a command."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Executable, bindparam, delete, func, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store.actions import Action, ActionKind, insert_once
from bot.store.database import advisory_lock, autocommit, insert_for, locked
from bot.store.outbox import WITHDRAWN, State
from bot.store.privacy import MESSAGES
from bot.store.recipients import EVERYBODY, Between, Recipients
from bot.store.tables import actions, outbox, people, reminders

SAID = "said"
"""Where a country comes from: the person said so."""

LEFT = "the person has left the workspace"
"""Why a row was cancelled that comes back when the person does."""


@dataclass(frozen=True)
class Person:
    """What is kept of one colleague.

    `paused_until` is the first local date on which messages come again; `stopped_at` is when they were stopped, and
    `left_at` when Slack first said that the person is not there any more.
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
    left_at: datetime | None = None


@dataclass(frozen=True)
class DirectoryChanges:
    """What has become of people: who lives in which zone now, who has left the workspace, and who is back."""

    zones: Mapping[str, str]
    left: Collection[str]
    back: Collection[str]

    @property
    def users(self) -> set[str]:
        """Everybody of whom there is something."""
        return {*self.zones, *self.left, *self.back}


@dataclass(frozen=True)
class MessageDemand:
    """How many people in a zone and a country want direct messages, and the reminder of Earth Hour."""

    zone: str
    country: str | None
    messages: int
    earth_hour: int


_KEY = ("workspace", "user")

_POSTS = "joined"
"""The audience of posts to those who have joined."""


def _joined(campaign: str) -> ColumnElement[bool]:
    deed = select(actions.c.user).where(actions.c.campaign == campaign, actions.c.user == people.c.user)
    return deed.where(actions.c.kind == ActionKind.JOINED).exists()


def _present() -> ColumnElement[bool]:
    return people.c.left_at.is_(None)


class People:
    """Everyone who takes part. User IDs are unique across workspaces, so a person is found by the ID alone.

    Where only those who are `present` count, as they do for whoever sends, those who have left are as unknown as those
    who never joined.
    """

    def __init__(self, engine: AsyncEngine, *, present: bool = False) -> None:
        self._engine = engine
        self._counts = _present() if present else true()

    async def get(self, user: str) -> Person | None:
        """One person, or `None` if they have not joined."""
        query = select(people).where(people.c.user == user, self._counts)
        async with autocommit(self._engine) as connection:
            row = (await connection.execute(query)).mappings().one_or_none()
        return Person(**row) if row else None

    async def among(self, users: Collection[str]) -> dict[str, Person]:
        """Those of some users who are known, by user ID."""
        query = select(people).where(people.c.user.in_(users), self._counts)
        async with autocommit(self._engine) as connection:
            rows = (await connection.execute(query)).mappings().all() if users else []
        return {row["user"]: Person(**row) for row in rows}

    async def member(self, user: str, campaign: str) -> Person | None:
        """One person, or `None` if they have not joined this campaign: who joined another one is asked anew."""
        query = select(people).where(people.c.user == user, _joined(campaign))
        async with autocommit(self._engine) as connection:
            row = (await connection.execute(query)).mappings().one_or_none()
        return Person(**row) if row else None

    async def reachable(self, campaign: str, recipients: Recipients = EVERYBODY) -> list[Person]:
        """Who has joined a campaign, asked for any direct message and is there to read it, by user ID."""
        asked = _joined(campaign) & _present() & (people.c.direct_messages | people.c.earth_hour_reminder)
        asked &= recipients.among(people.c.user)
        async with autocommit(self._engine) as connection:
            rows = (await connection.execute(select(people).where(asked).order_by(people.c.user))).mappings().all()
        return [Person(**row) for row in rows]

    async def demand(self, campaign: str) -> list[MessageDemand]:
        """How many who joined a campaign and are still there asked for which messages, by zone and country."""
        wanted = (func.count().filter(each) for each in (people.c.direct_messages, people.c.earth_hour_reminder))
        query = select(people.c.zone, people.c.country, *wanted).where(_joined(campaign), _present())
        async with autocommit(self._engine) as connection:
            rows = await connection.execute(query.group_by(people.c.zone, people.c.country))
            return [MessageDemand(*row) for row in rows]

    async def batches(self, size: int) -> AsyncIterator[Recipients]:
        """Whoever could be a recipient, `size` of those who are known at a time; those who are gone are among them."""
        after: str | None = None
        following = select(people.c.user).order_by(people.c.user).offset(size - 1).limit(1)
        while True:
            async with autocommit(self._engine) as connection:
                upto = await connection.scalar(following.where(people.c.user > after) if after else following)
            yield Between(after, upto)
            if upto is None:
                return
            after = upto

    async def keep(self, persons: Iterable[Person]) -> None:
        """Store people as they are now, in one transaction; when somebody joined is not changed by it."""
        # In the order of the key, so that of two at once one waits for the other.
        rows = sorted(map(asdict, persons), key=itemgetter(*_KEY))
        if rows:
            async with self._engine.begin() as connection:
                await connection.execute(self._keeping(), rows)

    def _keeping(self) -> Executable:
        statement = insert_for(self._engine, people)
        kept = {*_KEY, "joined_at"}
        known = {column.name: statement.excluded[column.name] for column in people.c if column.name not in kept}
        return statement.on_conflict_do_update(index_elements=_KEY, set_=known)

    async def join(self, person: Person, joined: Action) -> None:
        """Store somebody as they are now, and that they have joined: both, or neither."""
        async with self._engine.begin() as connection:
            await advisory_lock(connection, person.user)
            await connection.execute(self._keeping(), asdict(person))
            await connection.execute(insert_once(self._engine), asdict(joined))

    async def change(self, user: str, **values: Any) -> bool:
        """Change single things of a person; whether there is such a person."""
        statement = update(people).where(people.c.user == user).values(values)
        async with autocommit(self._engine) as connection:
            return (await connection.execute(statement)).rowcount > 0

    async def stop(self, opted_out: Action) -> None:
        """Send somebody no more direct messages, nor what waits, and keep that they opted out: all, or nothing."""
        stopped = {"direct_messages": False, "earth_hour_reminder": False, "stopped_at": opted_out.at}
        mine = {"campaign": opted_out.campaign, "user": opted_out.user}
        async with self._engine.begin() as connection:
            await self._stop(connection, opted_out, MESSAGES, stopped)
            await connection.execute(delete(reminders).filter_by(**mine))

    async def stop_posts(self, opted_out: Action) -> None:
        """The same for posts to those who have joined; reminders that they asked for go on."""
        async with self._engine.begin() as connection:
            await self._stop(connection, opted_out, (_POSTS,), {"direct_messages": False})

    async def _stop(
        self, connection: AsyncConnection, opted_out: Action, audiences: Collection[str], values: Mapping[str, Any]
    ) -> None:
        await advisory_lock(connection, opted_out.user)
        await connection.execute(update(people).where(people.c.user == opted_out.user).values(values))
        await _take_back(connection, [opted_out.user], audiences, WITHDRAWN)
        await connection.execute(insert_once(self._engine), asdict(opted_out))

    async def apply(self, news: DirectoryChanges, now: datetime) -> None:
        """Take over what has become of people, in one transaction.

        What waits for those who have left is cancelled; of those who are back, it is left to planning to bring back
        what is still in time. What they said and asked for stays as it was.
        """
        if not news.users:
            return
        async with self._engine.begin() as connection:
            await _move(connection, news.zones)
            await _leave(connection, news.left, now)
            await _return(connection, news.back)


async def _move(connection: AsyncConnection, zones: Mapping[str, str]) -> None:
    moving = update(people).where(people.c.user == bindparam("who")).values(zone=bindparam("to"))
    rows = [{"who": user, "to": zone} for user, zone in sorted(zones.items())]
    if rows:
        await connection.execute(moving, rows)


async def _leave(connection: AsyncConnection, users: Collection[str], now: datetime) -> None:
    if users:
        await connection.execute(update(people).where(people.c.user.in_(users)).values(left_at=now))
        await _take_back(connection, users, MESSAGES, LEFT)


async def _take_back(
    connection: AsyncConnection, users: Collection[str], audiences: Collection[str], reason: str
) -> None:
    """Cancel what still waits for some people."""
    waiting = outbox.c.recipient.in_(users) & (outbox.c.state == State.DUE) & outbox.c.audience.in_(audiences)
    cancelled = {"state": State.CANCELLED, "reason": reason}
    await connection.execute(update(outbox).where(locked(outbox, waiting)).values(cancelled))


async def _return(connection: AsyncConnection, users: Collection[str]) -> None:
    taken_back = outbox.c.recipient.in_(users) & (outbox.c.state == State.CANCELLED) & (outbox.c.reason == LEFT)
    taken_back &= outbox.c.audience.in_(MESSAGES)
    if users:
        await connection.execute(update(people).where(people.c.user.in_(users)).values(left_at=None))
        await connection.execute(update(outbox).where(locked(outbox, taken_back)).values(reason=WITHDRAWN))

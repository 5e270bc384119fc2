"""The colleagues who have joined. Nobody is in this table before pressing a button or typing a command."""

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
"""The source of a country that the person has stated."""

LEFT = "the person has left the workspace"
"""The reason of a row that was cancelled because the person left, and is revived when they come back."""


@dataclass(frozen=True)
class Person:
    """Everything that is stored about one colleague, apart from what they did.

    `paused_until` is the first local date with messages again; `stopped_at` is when the person stopped messages;
    `left_at` is when Slack's user list first showed that the account is gone.
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
    """Changes found in Slack's user list: new time zones, people who have left the workspace, people who are back."""

    zones: Mapping[str, str]
    left: Collection[str]
    back: Collection[str]

    @property
    def users(self) -> set[str]:
        """The IDs of everybody with a change."""
        return {*self.zones, *self.left, *self.back}


@dataclass(frozen=True)
class MessageDemand:
    """The number of people in a zone and a country who want direct messages, and the reminder of Earth Hour."""

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
    """Stores people. User IDs are unique across workspaces, so a person is found by the ID alone.

    With `present`, as delivery uses it, people who have left the workspace are treated as if they had never joined.
    """

    def __init__(self, engine: AsyncEngine, *, present: bool = False) -> None:
        self._engine = engine
        self._counts = _present() if present else true()

    async def get(self, user: str) -> Person | None:
        """Look up a person. Returns `None` if they have not joined."""
        query = select(people).where(people.c.user == user, self._counts)
        async with autocommit(self._engine) as connection:
            row = (await connection.execute(query)).mappings().one_or_none()
        return Person(**row) if row else None

    async def among(self, users: Collection[str]) -> dict[str, Person]:
        """Look up several users. Returns those who have joined, by user ID."""
        query = select(people).where(people.c.user.in_(users), self._counts)
        async with autocommit(self._engine) as connection:
            rows = (await connection.execute(query)).mappings().all() if users else []
        return {row["user"]: Person(**row) for row in rows}

    async def member(self, user: str, campaign: str) -> Person | None:
        """Look up a participant of a campaign. Somebody who joined another campaign only is asked to join again."""
        query = select(people).where(people.c.user == user, _joined(campaign))
        async with autocommit(self._engine) as connection:
            row = (await connection.execute(query)).mappings().one_or_none()
        return Person(**row) if row else None

    async def reachable(self, campaign: str, recipients: Recipients = EVERYBODY) -> list[Person]:
        """List the present participants of a campaign who asked for any direct message, by user ID."""
        asked = _joined(campaign) & _present() & (people.c.direct_messages | people.c.earth_hour_reminder)
        asked &= recipients.among(people.c.user)
        async with autocommit(self._engine) as connection:
            rows = (await connection.execute(select(people).where(asked).order_by(people.c.user))).mappings().all()
        return [Person(**row) for row in rows]

    async def demand(self, campaign: str) -> list[MessageDemand]:
        """Count the present participants of a campaign by zone, country and the messages they asked for."""
        wanted = (func.count().filter(each) for each in (people.c.direct_messages, people.c.earth_hour_reminder))
        query = select(people.c.zone, people.c.country, *wanted).where(_joined(campaign), _present())
        async with autocommit(self._engine) as connection:
            rows = await connection.execute(query.group_by(people.c.zone, people.c.country))
            return [MessageDemand(*row) for row in rows]

    async def batches(self, size: int) -> AsyncIterator[Recipients]:
        """Divide all user IDs into ranges of `size` people. IDs of people who are forgotten fall into one as well."""
        after: str | None = None
        # Not lists of IDs: a row in the outbox for somebody who is no longer in `people` must be withdrawn, too.
        following = select(people.c.user).order_by(people.c.user).offset(size - 1).limit(1)
        while True:
            async with autocommit(self._engine) as connection:
                upto = await connection.scalar(following.where(people.c.user > after) if after else following)
            yield Between(after, upto)
            if upto is None:
                return
            after = upto

    async def keep(self, persons: Iterable[Person]) -> None:
        """Store people as they are now, in one transaction. Does not change when somebody joined."""
        # In the order of the key, so that two transactions at once cannot deadlock.
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
        """Store a person and the action of joining, in one transaction."""
        async with self._engine.begin() as connection:
            await advisory_lock(connection, person.user)
            await connection.execute(self._keeping(), asdict(person))
            await connection.execute(insert_once(self._engine), asdict(joined))

    async def change(self, user: str, **values: Any) -> bool:
        """Change single columns of a person. Returns whether there is such a person."""
        statement = update(people).where(people.c.user == user).values(values)
        async with autocommit(self._engine) as connection:
            return (await connection.execute(statement)).rowcount > 0

    async def stop(self, opted_out: Action) -> None:
        """Stop direct messages, cancel those that are due, and record the opt-out, in one transaction."""
        stopped = {"direct_messages": False, "earth_hour_reminder": False, "stopped_at": opted_out.at}
        mine = {"campaign": opted_out.campaign, "user": opted_out.user}
        async with self._engine.begin() as connection:
            await self._stop(connection, opted_out, MESSAGES, stopped)
            await connection.execute(delete(reminders).filter_by(**mine))

    async def stop_posts(self, opted_out: Action) -> None:
        """Stop daily posts by direct message, and record the opt-out. Reminders that the person asked for go on."""
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
        """Apply changes from Slack's user list in one transaction.

        1. Zones are updated.
        2. Due messages to people who have left are cancelled.
        3. Cancelled messages to people who are back get the reason with which planning revives what is still in time.

        The people's own settings stay as they were.
        """
        if not news.users:
            return
        async with self._engine.begin() as connection:
            await _move(connection, news.zones)
            await _leave(connection, news.left, now)
            await _return(connection, news.back)


async def _move(connection: AsyncConnection, zones: Mapping[str, str]) -> None:
    moving = update(people).where(people.c.user == bindparam("who")).values(zone=bindparam("to"))
    # Sorted, so that two transactions at once update rows in the same order and cannot deadlock.
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
    """Cancel the messages that are due for some people."""
    waiting = outbox.c.recipient.in_(users) & (outbox.c.state == State.DUE) & outbox.c.audience.in_(audiences)
    cancelled = {"state": State.CANCELLED, "reason": reason}
    await connection.execute(update(outbox).where(locked(outbox, waiting)).values(cancelled))


async def _return(connection: AsyncConnection, users: Collection[str]) -> None:
    taken_back = outbox.c.recipient.in_(users) & (outbox.c.state == State.CANCELLED) & (outbox.c.reason == LEFT)
    taken_back &= outbox.c.audience.in_(MESSAGES)
    if users:
        await connection.execute(update(people).where(people.c.user.in_(users)).values(left_at=None))
        await connection.execute(update(outbox).where(locked(outbox, taken_back)).values(reason=WITHDRAWN))

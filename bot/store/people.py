"""The colleagues who have joined. Nobody is in this table before pressing a button or typing a command."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Executable,
    Select,
    String,
    bindparam,
    delete,
    func,
    select,
    true,
    update,
)

from bot.database.dialect_statements import insert_for, lock_person, locked
from bot.store.actions import Action, ActionKind, insert_once
from bot.store.outbox import WITHDRAWN, State
from bot.store.privacy import MESSAGES
from bot.store.recipient_batches import EVERYBODY, Between, Recipients
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


def _joined(campaign: str | BindParameter[str]) -> ColumnElement[bool]:
    deed = select(actions.c.user).where(actions.c.campaign == campaign, actions.c.user == people.c.user)
    return deed.where(actions.c.kind == ActionKind.JOINED).exists()


@cache
def _member() -> Select[Any]:
    # Built once, as each press asks for it: putting a statement together costs as much as running it.
    return select(people).where(people.c.user == bindparam("who"), _joined(bindparam("of", type_=String)))


def _present() -> ColumnElement[bool]:
    return people.c.left_at.is_(None)


class People:
    """Stores people. User IDs are unique across workspaces, so a person is found by the ID alone.

    With `present`, as delivery uses it, people who have left the workspace are treated as if they had never joined.
    """

    def __init__(self, *, present: bool = False) -> None:
        self._counts = _present() if present else true()

    def get(self, connection: Connection, user: str) -> Person | None:
        """Look up a person. Returns `None` if they have not joined."""
        query = select(people).where(people.c.user == user, self._counts)
        row = connection.execute(query).mappings().one_or_none()
        return Person(**row) if row else None

    def among(self, connection: Connection, users: Collection[str]) -> dict[str, Person]:
        """Look up several users. Returns those who have joined, by user ID."""
        query = select(people).where(people.c.user.in_(users), self._counts)
        rows = connection.execute(query).mappings().all() if users else []
        return {row["user"]: Person(**row) for row in rows}

    def member(self, connection: Connection, user: str, campaign: str) -> Person | None:
        """Look up a participant of a campaign. Somebody who joined another campaign only is asked to join again."""
        row = connection.execute(_member(), {"who": user, "of": campaign}).mappings().one_or_none()
        return Person(**row) if row else None

    def reachable(self, connection: Connection, campaign: str, recipients: Recipients = EVERYBODY) -> list[Person]:
        """List the present participants of a campaign who asked for any direct message, by user ID."""
        asked = _joined(campaign) & _present() & (people.c.direct_messages | people.c.earth_hour_reminder)
        asked &= recipients.among(people.c.user)
        rows = connection.execute(select(people).where(asked).order_by(people.c.user)).mappings().all()
        return [Person(**row) for row in rows]

    def demand(self, connection: Connection, campaign: str) -> list[MessageDemand]:
        """Count the present participants of a campaign by zone, country and the messages they asked for."""
        wanted = (func.count().filter(each) for each in (people.c.direct_messages, people.c.earth_hour_reminder))
        query = select(people.c.zone, people.c.country, *wanted).where(_joined(campaign), _present())
        rows = connection.execute(query.group_by(people.c.zone, people.c.country))
        return [MessageDemand(*row) for row in rows]

    def batch(self, connection: Connection, size: int, after: str | None = None) -> Between:
        """Return the range of the next `size` people after a user ID. The last one has no upper bound.

        IDs of people who are forgotten fall into one of the ranges as well: a row in the outbox for somebody who is no
        longer in `people` must be withdrawn, too.
        """
        following = select(people.c.user).order_by(people.c.user).offset(size - 1).limit(1)
        upto = connection.scalar(following.where(people.c.user > after) if after else following)
        return Between(after, upto)

    def keep(self, connection: Connection, persons: Iterable[Person]) -> None:
        """Store people as they are now, in one transaction. Does not change when somebody joined."""
        # In the order of the key, so that two transactions at once cannot deadlock.
        rows = sorted(map(asdict, persons), key=itemgetter(*_KEY))
        if rows:
            connection.execute(_keeping(connection), rows)

    def join(self, connection: Connection, person: Person, joined: Action) -> None:
        """Store a person and the action of joining, in one transaction."""
        lock_person(connection, person.user)
        connection.execute(_keeping(connection), asdict(person))
        connection.execute(insert_once(connection), asdict(joined))

    def change(self, connection: Connection, /, user: str, **values: Any) -> bool:
        """Change single columns of a person. Returns whether there is such a person."""
        statement = update(people).where(people.c.user == user).values(values)
        return connection.execute(statement).rowcount > 0

    def stop(self, connection: Connection, opted_out: Action) -> None:
        """Stop direct messages, cancel those that are due, and record the opt-out, in one transaction."""
        stopped = {"direct_messages": False, "earth_hour_reminder": False, "stopped_at": opted_out.at}
        mine = {"campaign": opted_out.campaign, "user": opted_out.user}
        self._stop(connection, opted_out, MESSAGES, stopped)
        connection.execute(delete(reminders).filter_by(**mine))

    def stop_posts(self, connection: Connection, opted_out: Action) -> None:
        """Stop daily posts by direct message, and record the opt-out. Reminders that the person asked for go on."""
        self._stop(connection, opted_out, (_POSTS,), {"direct_messages": False})

    def _stop(
        self, connection: Connection, opted_out: Action, audiences: Collection[str], values: Mapping[str, Any]
    ) -> None:
        lock_person(connection, opted_out.user)
        connection.execute(update(people).where(people.c.user == opted_out.user).values(values))
        _take_back(connection, [opted_out.user], audiences, WITHDRAWN)
        connection.execute(insert_once(connection), asdict(opted_out))

    def apply(self, connection: Connection, news: DirectoryChanges, now: datetime) -> None:
        """Apply changes from Slack's user list in one transaction.

        1. Zones are updated.
        2. Due messages to people who have left are cancelled.
        3. Cancelled messages to people who are back get the reason with which planning revives what is still in time.

        The people's own settings stay as they were.
        """
        if not news.users:
            return
        _move(connection, news.zones)
        _leave(connection, news.left, now)
        _return(connection, news.back)


def _keeping(connection: Connection) -> Executable:
    statement = insert_for(connection, people)
    kept = {*_KEY, "joined_at"}
    known = {column.name: statement.excluded[column.name] for column in people.c if column.name not in kept}
    return statement.on_conflict_do_update(index_elements=_KEY, set_=known)


def _move(connection: Connection, zones: Mapping[str, str]) -> None:
    moving = update(people).where(people.c.user == bindparam("who")).values(zone=bindparam("to"))
    # Sorted, so that two transactions at once update rows in the same order and cannot deadlock.
    rows = [{"who": user, "to": zone} for user, zone in sorted(zones.items())]
    if rows:
        connection.execute(moving, rows)


def _leave(connection: Connection, users: Collection[str], now: datetime) -> None:
    if users:
        connection.execute(update(people).where(people.c.user.in_(users)).values(left_at=now))
        _take_back(connection, users, MESSAGES, LEFT)


def _take_back(connection: Connection, users: Collection[str], audiences: Collection[str], reason: str) -> None:
    """Cancel the messages that are due for some people."""
    waiting = outbox.c.recipient.in_(users) & (outbox.c.state == State.DUE) & outbox.c.audience.in_(audiences)
    cancelled = {"state": State.CANCELLED, "reason": reason}
    connection.execute(update(outbox).where(locked(outbox, waiting)).values(cancelled))


def _return(connection: Connection, users: Collection[str]) -> None:
    taken_back = outbox.c.recipient.in_(users) & (outbox.c.state == State.CANCELLED) & (outbox.c.reason == LEFT)
    taken_back &= outbox.c.audience.in_(MESSAGES)
    if users:
        connection.execute(update(people).where(people.c.user.in_(users)).values(left_at=None))
        connection.execute(update(outbox).where(locked(outbox, taken_back)).values(reason=WITHDRAWN))

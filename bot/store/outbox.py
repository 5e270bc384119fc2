"""The outbox: one row for every message that is to be sent, and what became of it.

    due ──claim──> sending ──> sent
     ^                │  ├───> failed       Slack said never
     │   put back     │  └───> unconfirmed  nobody can say whether it arrived
     └────────────────┘
    due ──> skipped (too late) or cancelled (withdrawn, opted out, paused)

A row in `sending` whose lease has run out is a question, not a failure. It stays with whoever sent it for as long as
that one is alive. Whoever takes it over then waits for as long as a lease, because the other one may be alive all the
same and go by another clock, and looks for the message in Slack before anything is sent again.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Executable,
    Integer,
    Select,
    Update,
    and_,
    bindparam,
    case,
    func,
    select,
    true,
    union_all,
    update,
)
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.campaign.schedule import Slot
from bot.store.database import autocommit, insert_for, locked
from bot.store.recipients import Recipients
from bot.store.tables import Instant, outbox

_CHUNK = 500

_IDS = uuid.UUID("6f3a1c0e-8d52-4b7e-9a41-2c5d7e90b813")
"""The namespace of the IDs of messages in channels. Such a message has the same one in every database: one that was
lost, or restored from a copy, finds in Slack what it does not remember."""

IN_CHANNELS = frozenset({"countries", "company", "idea_post"})
"""Audiences whose messages stand in channels. All others are for one person each, and their IDs are random: other apps
read them in Slack, and one that is derived from the key could be found again by trying everybody's key."""


_POSTS = frozenset({"countries", "company"})
"""The audiences of posts in channels, which say nothing of anybody."""


class State(StrEnum):
    """What has become of a message."""

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"
    FAILED = "failed"
    UNCONFIRMED = "unconfirmed"


WITHDRAWN = "neither the campaign's files nor the person ask for it any more"
"""Why a row was cancelled that comes back when they ask for it again."""


@dataclass(frozen=True)
class Entry:
    """A row of the outbox."""

    id: str
    slot: Slot
    state: State
    next_attempt_at: datetime
    planned_at: datetime
    reason: str | None
    channel: str | None
    ts: str | None
    sent_at: datetime | None
    shown: int | None = None

    @property
    def label(self) -> str:
        """What logs call it: a post in a channel by its key, and what is about people or ideas by an ID alone."""
        return self.slot.key if self.slot.audience in _POSTS else self.id


_LINE = tuple(field.name for field in fields(Slot))
_REST = ("id", "next_attempt_at", "planned_at", "reason", "channel", "ts", "sent_at", "shown")


def _row(found: RowMapping) -> Entry:
    line = Slot(**{name: found[name] for name in _LINE})
    return Entry(slot=line, state=State(found["state"]), **{name: found[name] for name in _REST})


@dataclass(frozen=True)
class Changes:
    """What a new reading of the campaign asks of the outbox. Rows that are on their way or sent are never in it."""

    add: Sequence[Slot] = ()
    refuse: Sequence[tuple[Slot, str]] = ()
    move: Sequence[tuple[str, Slot]] = ()
    withdraw: Sequence[str] = ()

    def __bool__(self) -> bool:
        return bool(self.add or self.refuse or self.move or self.withdraw)


@dataclass(frozen=True)
class Attention:
    """When the next row is due, and when the next one wants to be asked about."""

    due: datetime | None
    unclear: datetime | None


class Outbox:
    """The outbox of one database. `replica` is this process; `lease` is how long a claim holds.

    Where it is the `exclusive` process on the database, whoever claimed something before it is dead.
    """

    def __init__(self, engine: AsyncEngine, replica: str, lease: timedelta, *, exclusive: bool = False) -> None:
        self._engine = engine
        self._replica = replica
        self._lease = lease
        self._exclusive = exclusive
        # Whoever holds a row that wants attention goes first; else two would take it from each other again and again.
        self._grace = lease / 3
        # Built once: putting the statement together costs as much as running it.
        self._claim = _taking(and_(_is_due(), outbox.c.recipient.not_in(bindparam("busy", expanding=True))))
        self._claim_unclear = _taking(_is_unclear(replica))

    async def apply(self, changes: Changes, now: datetime) -> None:
        """Carry out a plan in one transaction; rows that another process claimed meanwhile stay as they are."""
        async with self._engine.begin() as connection:
            await self._insert(connection, _added(changes, now))
            for row_id, values in _changed(changes):
                await connection.execute(_unsent(row_id).values(values))

    async def _insert(self, connection: AsyncConnection, rows: Sequence[Mapping[str, Any]]) -> None:
        statement = insert_for(self._engine, outbox).on_conflict_do_nothing()
        for start in range(0, len(rows), _CHUNK):
            await connection.execute(statement, list(rows[start : start + _CHUNK]))

    async def claim(self, now: datetime, limit: int, busy: Collection[str] = ()) -> list[Entry]:
        """Take up to `limit` due rows for this process, oldest first; none for recipients in `busy`.

        A claim is a lease: should this process die, another one takes the row over when the lease runs out.
        """
        return await self._take(self._claim, now, limit, busy=list(busy))

    async def claim_unclear(self, now: datetime, limit: int) -> list[Entry]:
        """Take rows of this process whose lease ran out, and those that wait to be asked about again."""
        return await self._take(self._claim_unclear, now, limit)

    async def reclaim_expired(self, now: datetime, living: Collection[str] = ()) -> int:
        """Take rows that others were sending when their lease ran out; how many there were.

        Those of the `living` stay theirs: they ask about them themselves, and would not get to it if two took rows from
        each other. Of the rest, what has certainly not left is due again. What may have left is this process's to ask
        about after another lease, for the other one may live, and its clock be behind this one. That wait goes by this
        clock alone, and when it is over no send is under way that the other had begun.
        """
        silent = true() if self._exclusive else outbox.c.next_attempt_at <= now - self._grace
        others = self._others(living) & silent
        stayed = outbox.c.channel.is_(None)
        taken = {
            "state": case((stayed, State.DUE), else_=State.SENDING),
            "next_attempt_at": case((stayed, now), else_=now + self._lease),
            "claimed_by": self._replica,
        }
        free = locked(outbox, others, skip_taken=True)
        return await self._write(update(outbox).where(free).values(taken))

    async def _take(self, statement: Executable, now: datetime, limit: int, **more: Any) -> list[Entry]:
        values = {"moment": now, "most": limit, "taker": self._replica, "lease_end": now + self._lease, **more}
        async with autocommit(self._engine) as connection:
            found = (await connection.execute(statement, values)).mappings().all()
        # Of what is due at once for one recipient, the order says nothing of who wrote first: IDs are random.
        return sorted(map(_row, found), key=lambda row: (row.slot.due_at, row.slot.recipient, row.id))

    async def mark_sent(self, row_id: str, channel: str, ts: str, at: datetime) -> None:
        """Record that Slack has the message. This is the truth whoever holds the lease by now."""
        values = {"state": State.SENT, "channel": channel, "ts": ts, "sent_at": at, "reason": None}
        await self._write(update(outbox).where(outbox.c.id == row_id, outbox.c.state != State.SENT).values(values))

    async def mark_posting(self, row_id: str, channel: str) -> bool:
        """Record where a claimed message is about to be posted; whether the row is still this process's to post.

        A row that says nothing of a channel has certainly not been posted.
        """
        return await self._write(self._mine(row_id).values(channel=channel)) == 1

    async def release(self, row_id: str, next_attempt_at: datetime, reason: str) -> None:
        """Give a claimed entry back, for another attempt: Slack certainly does not have the message."""
        values = {"state": State.DUE, "next_attempt_at": next_attempt_at, "reason": reason, "channel": None}
        await self._write(self._mine(row_id).values(values))

    async def mark_failed(self, row_id: str, reason: str) -> None:
        """Record that Slack refused the message for good; the reason says what to do about it."""
        await self._write(self._mine(row_id).values(state=State.FAILED, reason=reason))

    async def mark_cancelled(self, row_id: str, reason: str) -> None:
        """Record that a claimed message shall not be sent after all."""
        await self._write(self._mine(row_id).values(state=State.CANCELLED, reason=reason))

    async def mark_unknown(self, row_id: str, next_attempt_at: datetime, reason: str) -> None:
        """Record that a send had no clear answer: Slack is asked about it at `next_attempt_at`."""
        await self._write(self._mine(row_id).values(next_attempt_at=next_attempt_at, reason=reason))

    async def mark_unconfirmed(self, row_id: str, next_attempt_at: datetime, reason: str) -> None:
        """Record that nobody can say whether Slack has the message; it is asked about again at `next_attempt_at`."""
        values = {"state": State.UNCONFIRMED, "next_attempt_at": next_attempt_at, "reason": reason}
        await self._write(self._mine(row_id).values(values))

    def _mine(self, row_id: str) -> Update:
        locked = and_(outbox.c.state == State.SENDING, outbox.c.claimed_by == self._replica)
        return update(outbox).where(outbox.c.id == row_id, locked)

    async def skip_expired(self, now: datetime) -> int:
        """Give up on rows whose late limit has passed; how many there were."""
        late = and_(outbox.c.state == State.DUE, outbox.c.expires_at <= now)
        why = func.coalesce("its late limit passed; before that: " + outbox.c.reason, "its late limit passed")
        free = locked(outbox, late, skip_taken=True)
        return await self._write(update(outbox).where(free).values(state=State.SKIPPED, reason=why))

    async def revive_failed(self, now: datetime) -> int:
        """Make failed rows due again that are still within their late limit; how many there were.

        Done at a start: whoever starts the bot anew has usually mended what Slack refused.
        """
        again = and_(outbox.c.state == State.FAILED, outbox.c.expires_at > now)
        free = locked(outbox, again, skip_taken=True)
        return await self._write(update(outbox).where(free).values(state=State.DUE, next_attempt_at=now))

    async def _write(self, statement: Update) -> int:
        async with autocommit(self._engine) as connection:
            return (await connection.execute(statement)).rowcount

    async def next_attempts(self, living: Collection[str] = ()) -> Attention:
        """When rows next want this process's attention, while these others are alive."""
        mine = _in(State.SENDING) & (outbox.c.claimed_by == self._replica)
        query = select(
            _earliest(_in(State.DUE)).scalar_subquery(),
            _earliest(_in(State.UNCONFIRMED), mine).scalar_subquery(),
            _earliest(self._others(living)).scalar_subquery(),
        )
        async with autocommit(self._engine) as connection:
            due, own, left = (await connection.execute(query)).one()
        return Attention(due, min((at for at in (own, left and left + self._grace) if at), default=None))

    def _others(self, living: Collection[str]) -> ColumnElement[bool]:
        return _in(State.SENDING) & outbox.c.claimed_by.not_in([self._replica, *living])

    async def entries(self, campaign: str) -> list[Entry]:
        """Every row of a campaign, by due instant."""
        query = select(outbox).where(outbox.c.campaign == campaign).order_by(outbox.c.due_at, outbox.c.recipient)
        async with autocommit(self._engine) as connection:
            return [_row(found) for found in (await connection.execute(query)).mappings()]

    async def entries_for(self, campaign: str, audiences: Collection[str], recipients: Recipients) -> list[Entry]:
        """The rows of some audiences for some recipients, in no order."""
        mine = and_(
            outbox.c.campaign == campaign, outbox.c.audience.in_(audiences), recipients.among(outbox.c.recipient)
        )
        async with autocommit(self._engine) as connection:
            return [_row(found) for found in (await connection.execute(select(outbox).where(mine))).mappings()]

    async def channels_of(self, campaign: str) -> set[str]:
        """The channels in which something of a campaign stands."""
        public = outbox.c.channel.like("C%") | outbox.c.channel.like("G%")
        query = select(outbox.c.channel).where(outbox.c.campaign == campaign, _in(State.SENT), public).distinct()
        async with autocommit(self._engine) as connection:
            return {str(channel) for channel in await connection.scalars(query)}

    async def changeable(self, campaign: str, kind: str, since: datetime) -> list[Entry]:
        """What was sent of a kind since an instant and may still change, by due instant."""
        sent = and_(outbox.c.state == State.SENT, outbox.c.reason.is_(None), outbox.c.kind == kind)
        sent &= outbox.c.due_at >= since
        query = select(outbox).where(outbox.c.campaign == campaign, sent).order_by(outbox.c.due_at, outbox.c.recipient)
        async with autocommit(self._engine) as connection:
            return [_row(found) for found in (await connection.execute(query)).mappings()]

    async def claim_update(self, row_id: str, now: datetime, every: timedelta) -> bool:
        """Take the turn to change what a sent message shows; nobody gets one twice within `every`."""
        rested = outbox.c.shown_at.is_(None) | (outbox.c.shown_at <= now - every)
        return await self._write(update(outbox).where(outbox.c.id == row_id, rested).values(shown_at=now)) == 1

    async def record_shown(self, row_id: str, number: int) -> None:
        """Record the number that a sent message shows by now."""
        await self._write(update(outbox).where(outbox.c.id == row_id).values(shown=number))

    async def freeze(self, row_id: str, reason: str) -> None:
        """Record that a sent message can never be changed again, and why."""
        sent = and_(outbox.c.id == row_id, outbox.c.state == State.SENT)
        await self._write(update(outbox).where(sent).values(reason=reason))

    async def count_by_state(self) -> dict[State, int]:
        """How many rows there are in each state."""
        query = select(outbox.c.state, func.count()).group_by(outbox.c.state)
        async with autocommit(self._engine) as connection:
            found = {State(state): count for state, count in await connection.execute(query)}
        return {state: found.get(state, 0) for state in State}

    async def overdue(self, now: datetime) -> tuple[int, datetime | None]:
        """How many rows should have been sent by now, and the due instant of the oldest."""
        late = and_(outbox.c.state.in_([State.DUE, State.SENDING]), outbox.c.due_at <= now)
        query = select(func.count(), func.min(outbox.c.due_at)).where(late)
        async with autocommit(self._engine) as connection:
            count, oldest = (await connection.execute(query)).one()
        return count, oldest

    async def reasons(self, *states: State, most: int = 20) -> list[str]:
        """The different reasons of rows in these states, for those who watch over the bot."""
        query = select(outbox.c.reason).where(outbox.c.state.in_(states), outbox.c.reason.is_not(None)).distinct()
        async with autocommit(self._engine) as connection:
            return [str(reason) for reason in await connection.scalars(query.order_by(outbox.c.reason).limit(most))]


def _new(line: Slot, state: State, reason: str | None, now: datetime) -> dict[str, Any]:
    return {
        **asdict(line),
        "id": _id(line),
        "state": state,
        "next_attempt_at": line.due_at,
        "planned_at": now,
        "reason": reason,
    }


def _id(line: Slot) -> str:
    return (uuid.uuid5(_IDS, line.key) if line.audience in IN_CHANNELS else uuid.uuid4()).hex


def _added(changes: Changes, now: datetime) -> list[dict[str, Any]]:
    """The new rows in the order of their keys: two plans at once wait for each other at the same row."""
    new = [(line.key, _new(line, State.DUE, None, now)) for line in changes.add]
    new += [(line.key, _new(line, State.CANCELLED, why, now)) for line, why in changes.refuse]
    return [row for _, row in sorted(new, key=itemgetter(0))]


def _changed(changes: Changes) -> list[tuple[str, dict[str, Any]]]:
    """What becomes of rows, in the order of their IDs, for the same reason."""
    moved = {"state": State.DUE, "reason": None}
    changed = [(row_id, {**asdict(line), **moved, "next_attempt_at": line.due_at}) for row_id, line in changes.move]
    changed += [(row_id, {"state": State.CANCELLED, "reason": WITHDRAWN}) for row_id in changes.withdraw]
    return sorted(changed, key=itemgetter(0))


def _in(state: State) -> ColumnElement[bool]:
    return outbox.c.state == state


def _earliest(*which: ColumnElement[bool]) -> Select[tuple[datetime]]:
    """When the first of these rows wants attention: for each state, the answer is at one end of an index."""
    each = [select(func.min(outbox.c.next_attempt_at).label("at")).where(those) for those in which]
    return select(func.min(union_all(*each).subquery().c.at))


def _moment() -> BindParameter[datetime]:
    return bindparam("moment", type_=Instant())


def _is_due() -> ColumnElement[bool]:
    # The first bound says nothing new, but the index of what is due ends there.
    begun = and_(outbox.c.state == State.DUE, outbox.c.due_at <= _moment())
    # Wrapped, so that nobody looks in the index of `next_attempt_at`, which is in another order.
    ready = func.coalesce(outbox.c.next_attempt_at, _moment()) <= _moment()
    return and_(begun, ready, outbox.c.expires_at > _moment())


def _is_unclear(replica: str) -> ColumnElement[bool]:
    free = (outbox.c.state == State.UNCONFIRMED) | (outbox.c.claimed_by == replica)
    return and_(outbox.c.state.in_([State.SENDING, State.UNCONFIRMED]), outbox.c.next_attempt_at <= _moment(), free)


def _taking(which: ColumnElement[bool]) -> Executable:
    """The claim: one conditional update, of which a second process sees nothing or everything."""
    chosen = (
        select(outbox.c.id)
        .where(which)
        .order_by(outbox.c.due_at, outbox.c.recipient)
        .limit(bindparam("most", type_=Integer()))
        .with_for_update(skip_locked=True)
        # Chosen once: a subquery could be run again for each row, and would choose others.
        .cte("chosen")
    )
    leased = {
        "state": State.SENDING,
        "claimed_by": bindparam("taker"),
        "next_attempt_at": bindparam("lease_end", type_=Instant()),
    }
    return update(outbox).where(outbox.c.id.in_(select(chosen.c.id))).values(leased).returning(outbox)


def _unsent(row_id: str) -> Update:
    """A row that planning may still change: nobody has begun to send it."""
    settled = outbox.c.state.in_([State.DUE, State.SKIPPED, State.FAILED, State.CANCELLED])
    return update(outbox).where(outbox.c.id == row_id, settled)

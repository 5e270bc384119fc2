"""The outbox: one row for every message that is to be sent, with its state.

    due ──claim──> sending ──> sent
     ^                │  ├───> failed       Slack rejected it for good
     │    release     │  └───> unconfirmed  nobody can say whether it arrived
     └────────────────┘
    due ──> skipped (too late) or cancelled (withdrawn, opted out, paused)

An expired lease does not mean that a send failed. Of a row in `sending` whose lease has expired,

1. the process that claimed it looks for the message in Slack, for as long as that process is alive;
2. otherwise another process takes the row over, waits for one more lease, because the first one may be alive with a
   slower clock, and then looks for the message before anything is sent again.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
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

from bot.campaign.schedule import Slot
from bot.database.dialect_statements import insert_for, locked
from bot.store.hold_conditions import (
    NOT_APPROVED,
    PAUSED,
    Leaving,
    is_held,
    is_paused,
    is_taken_back,
    may_leave_unapproved,
    why_it_waits,
)
from bot.store.recipient_batches import Recipients, These
from bot.store.tables import Instant, outbox

MOVING = timedelta(minutes=2)
"""Messages are being sent, as far as anybody can tell, if one was within this time."""

_CHUNK = 500

_IDS = uuid.UUID("6f3a1c0e-8d52-4b7e-9a41-2c5d7e90b813")
"""The namespace of the IDs of messages in channels, which are the same in every database: a database that was
lost, or restored from a backup, finds in Slack what it does not remember."""

IN_CHANNELS = frozenset({"countries", "company", "idea_post", "share", "share_news", "correction"})
"""Audiences whose messages are posted in channels. All others are for one person, and their IDs are random: other apps
read them in Slack, and an ID derived from the key could be traced to a person by trying everybody's key."""


_POSTS = frozenset({"countries", "company"})
"""Audiences of posts in channels, whose keys say nothing about a person."""


class State(StrEnum):
    """The state of a message."""

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"
    FAILED = "failed"
    UNCONFIRMED = "unconfirmed"


WITHDRAWN = "neither the campaign's files nor the person ask for it any more"
"""The reason of a cancelled row that planning revives when the files or the person want it again."""


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
    text_hash: str | None = None

    @property
    def label(self) -> str:
        """The name for logs: the key of a post in a channel, and only an ID for anything about people or ideas."""
        return self.slot.key if self.slot.audience in _POSTS else self.id


_LINE = tuple(field.name for field in fields(Slot))
_REST = ("id", "next_attempt_at", "planned_at", "reason", "channel", "ts", "sent_at", "shown", "text_hash")


def _row(found: RowMapping) -> Entry:
    line = Slot(**{name: found[name] for name in _LINE})
    return Entry(slot=line, state=State(found["state"]), **{name: found[name] for name in _REST})


@dataclass(frozen=True)
class Changes:
    """The changes that a plan makes to the outbox. Rows that are being sent, or were sent, are never among them."""

    add: Sequence[Slot] = ()
    refuse: Sequence[tuple[Slot, str]] = ()
    move: Sequence[tuple[str, Slot]] = ()
    withdraw: Sequence[str] = ()

    def __bool__(self) -> bool:
        return bool(self.add or self.refuse or self.move or self.withdraw)


@dataclass(frozen=True)
class Attention:
    """The instants at which the next row is due, and at which Slack is next asked about one."""

    due: datetime | None
    unclear: datetime | None


@dataclass(frozen=True)
class Room:
    """The rows that can be taken now: to be sent, to be looked up, and at most together."""

    sends: int
    lookups: int
    together: int


@dataclass(frozen=True)
class Taken:
    """Entries that were claimed to be sent, and entries that Slack is to be asked about."""

    due: list[Entry]
    unclear: list[Entry]


class Outbox:
    """The outbox as one process sees it. `replica` is its ID; `lease` is how long a claim holds.

    An `exclusive` process is the only one on the database, so any other process that claimed a row is dead.
    """

    def __init__(self, replica: str, lease: timedelta, *, exclusive: bool = False) -> None:
        self._replica = replica
        self._lease = lease
        self._exclusive = exclusive
        # The owner of an expired row has this long to handle it; otherwise two would take it from each other for ever.
        self._grace = lease / 3
        # Built once: putting the statement together costs as much as running it.
        self._claim = _taking(and_(_is_due(), outbox.c.recipient.not_in(bindparam("busy", expanding=True))))
        self._claim_unclear = _taking(_is_unclear(replica))
        mine = and_(outbox.c.id == bindparam("row_id"), self._is_mine())
        self._mark_posting = update(outbox).where(mine, ~is_paused(), ~is_taken_back(), may_leave_unapproved())

    def apply(self, connection: Connection, changes: Changes, now: datetime) -> None:
        """Apply a plan in one transaction. Rows that another process has claimed meanwhile stay as they are."""
        self._insert(connection, _added(changes, now))
        for row_id, values in _changed(changes):
            connection.execute(_unsent(row_id).values(values))

    def _insert(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        statement = insert_for(connection, outbox).on_conflict_do_nothing()
        for start in range(0, len(rows), _CHUNK):
            connection.execute(statement, list(rows[start : start + _CHUNK]))

    def take(
        self,
        connection: Connection,
        now: datetime,
        room: Room,
        busy: Collection[str] = (),
        living: Collection[str] = (),
        waiting: Collection[str] = (),
    ) -> Taken:
        """Do everything that can be done with the outbox at an instant, as one transaction.

        1. Claim due rows, leaving out recipients in `busy` and posts that are `waiting` for an approval.
        2. Skip what is too late.
        3. Reclaim rows of processes that are not among the `living`, and claim rows that are unclear.
        """
        free = min(room.sends, room.together)
        due = self.claim(connection, now, free, busy, waiting) if free > 0 else []
        self.skip_expired(connection, now, waiting)
        self.reclaim_expired(connection, now, living)
        free = min(room.lookups, room.together - len(due))
        return Taken(due, self.claim_unclear(connection, now, free) if free > 0 else [])

    def claim(
        self,
        connection: Connection,
        now: datetime,
        limit: int,
        busy: Collection[str] = (),
        waiting: Collection[str] = (),
    ) -> list[Entry]:
        """Claim up to `limit` due rows for this process, oldest first, leaving out recipients in `busy`.

        What is paused is left out, and posts that are `waiting` for an approval, each as `post:language`: they would
        keep others from their turn. A claim is a lease: if this process dies, another one takes the row over after the
        lease has expired.
        """
        held, claim = is_held(connection, waiting), self._claim
        if held is not None:
            claim = _taking(and_(_is_due(), outbox.c.recipient.not_in(bindparam("busy", expanding=True)), ~held))
        return self._take(connection, claim, now, limit, busy=list(busy))

    def claim_unclear(self, connection: Connection, now: datetime, limit: int) -> list[Entry]:
        """Claim this process's rows with an expired lease, and unconfirmed rows that are to be looked up again."""
        return self._take(connection, self._claim_unclear, now, limit)

    def reclaim_expired(self, connection: Connection, now: datetime, living: Collection[str] = ()) -> int:
        """Reclaim rows of dead processes whose lease has expired. Returns their number.

        1. Rows of the `living` stay theirs: each process looks up its own.
        2. A row without a channel was certainly not posted, and becomes due again.
        3. Any other row may have been posted. This process takes it over, and looks it up after another lease: the
           other process may be alive with a slower clock, and by then no send that it had begun is under way.
        """
        # An exclusive process has nobody to wait for. Otherwise the owner, if it lives, gets to its row first.
        silent = true() if self._exclusive else outbox.c.next_attempt_at <= now - self._grace
        others = self._others(living) & silent
        stayed = outbox.c.channel.is_(None)
        taken = {
            "state": case((stayed, State.DUE), else_=State.SENDING),
            "next_attempt_at": case((stayed, now), else_=now + self._lease),
            "claimed_by": self._replica,
        }
        free = locked(outbox, others, skip_taken=True)
        return _write(connection, update(outbox).where(free).values(taken))

    def _take(
        self, connection: Connection, statement: Executable, now: datetime, limit: int, **more: Any
    ) -> list[Entry]:
        values = {"moment": now, "most": limit, "taker": self._replica, "lease_end": now + self._lease, **more}
        found = connection.execute(statement, values).mappings().all()
        # RETURNING has no order. The random ID as the last key hides who wrote first, where several are due at once.
        return sorted(map(_row, found), key=lambda row: (row.slot.due_at, row.slot.recipient, row.id))

    def mark_sent(self, connection: Connection, row_id: str, channel: str, ts: str, at: datetime) -> None:
        """Record that Slack has the message, even if another process holds the lease by now: it is a fact."""
        values = {"state": State.SENT, "channel": channel, "ts": ts, "sent_at": at, "reason": None}
        _write(connection, update(outbox).where(outbox.c.id == row_id, outbox.c.state != State.SENT).values(values))

    def mark_posting(self, connection: Connection, row_id: str, channel: str, words: Leaving | None = None) -> bool:
        """Record where a claimed message is about to be posted, and with which words. Returns whether it may leave.

        It may not if this process no longer owns the row, or if an organiser holds it; then see `hold`. Written before
        the request, so that a row without a channel has certainly not been posted.
        """
        about = {"words_of": words.post, "words": words.hash} if words else {"words_of": "", "words": ""}
        free = not (words and words.must_be_approved)
        leaves = self._mark_posting.values(channel=channel, text_hash=words.hash if words else None)
        found = connection.execute(leaves, {"row_id": row_id, "free": free, **about}).rowcount
        return found == 1

    def hold(self, connection: Connection, row_id: str, next_attempt_at: datetime) -> None:
        """Put back a claimed message that may not leave: what is left out is withdrawn, and anything else waits."""
        why = case((is_paused(), PAUSED), (is_taken_back(), WITHDRAWN), else_=NOT_APPROVED)
        state = case((is_paused(), State.DUE), (is_taken_back(), State.CANCELLED), else_=State.DUE)
        put_back = {"state": state, "reason": why, "next_attempt_at": next_attempt_at, "channel": None}
        _write(connection, self._mine(row_id).values(put_back))

    def release(self, connection: Connection, row_id: str, next_attempt_at: datetime, reason: str) -> None:
        """Give a claimed row back for another attempt. Slack must certainly not have the message."""
        values = {"state": State.DUE, "next_attempt_at": next_attempt_at, "reason": reason, "channel": None}
        _write(connection, self._mine(row_id).values(values))

    def mark_failed(self, connection: Connection, row_id: str, reason: str) -> None:
        """Record that Slack rejected the message for good; the reason says what to do about it."""
        _write(connection, self._mine(row_id).values(state=State.FAILED, reason=reason))

    def mark_cancelled(self, connection: Connection, row_id: str, reason: str) -> None:
        """Record that a claimed message is not to be sent after all."""
        _write(connection, self._mine(row_id).values(state=State.CANCELLED, reason=reason))

    def mark_unknown(self, connection: Connection, row_id: str, next_attempt_at: datetime, reason: str) -> None:
        """Record that a send had no clear answer. Slack's history is searched at `next_attempt_at`."""
        _write(connection, self._mine(row_id).values(next_attempt_at=next_attempt_at, reason=reason))

    def mark_unconfirmed(self, connection: Connection, row_id: str, next_attempt_at: datetime, reason: str) -> None:
        """Record that nobody can tell whether Slack has the message. It is looked up again at `next_attempt_at`."""
        values = {"state": State.UNCONFIRMED, "next_attempt_at": next_attempt_at, "reason": reason}
        _write(connection, self._mine(row_id).values(values))

    def _mine(self, row_id: str) -> Update:
        return update(outbox).where(outbox.c.id == row_id, self._is_mine())

    def _is_mine(self) -> ColumnElement[bool]:
        return and_(outbox.c.state == State.SENDING, outbox.c.claimed_by == self._replica)

    def skip_expired(self, connection: Connection, now: datetime, waiting: Collection[str] = ()) -> int:
        """Skip due rows whose deadline has passed. Returns their number."""
        late = and_(outbox.c.state == State.DUE, outbox.c.expires_at <= now)
        waits = outbox.c.reason if is_held(connection, waiting) is None else why_it_waits(waiting)
        why = func.coalesce("its late limit passed; before that: " + waits, "its late limit passed")
        free = locked(outbox, late, skip_taken=True)
        return _write(connection, update(outbox).where(free).values(state=State.SKIPPED, reason=why))

    def revive_failed(self, connection: Connection, now: datetime) -> int:
        """Make failed rows due again that are still in time. Returns their number.

        Called at startup: an operator who restarts the bot has usually fixed what Slack rejected.
        """
        again = and_(outbox.c.state == State.FAILED, outbox.c.expires_at > now)
        free = locked(outbox, again, skip_taken=True)
        return _write(connection, update(outbox).where(free).values(state=State.DUE, next_attempt_at=now))

    def next_attempts(
        self, connection: Connection, living: Collection[str] = (), waiting: Collection[str] = ()
    ) -> Attention:
        """Return when this process next has something to do, while the processes `living` handle their own rows.

        What is held is not claimed, so it is nothing to wake up for before its deadline.
        """
        mine = _in(State.SENDING) & (outbox.c.claimed_by == self._replica)
        held, due = is_held(connection, waiting), _in(State.DUE)
        query = select(
            _earliest(due if held is None else due & ~held).scalar_subquery(),
            _earliest(_in(State.UNCONFIRMED), mine).scalar_subquery(),
            _earliest(self._others(living)).scalar_subquery(),
        )
        due, own, left = connection.execute(query).one()
        return Attention(due, min((at for at in (own, left and left + self._grace) if at), default=None))

    def _others(self, living: Collection[str]) -> ColumnElement[bool]:
        return _in(State.SENDING) & outbox.c.claimed_by.not_in([self._replica, *living])

    def entries(self, connection: Connection, campaign: str) -> list[Entry]:
        """List the rows of a campaign by due instant."""
        query = select(outbox).where(outbox.c.campaign == campaign).order_by(outbox.c.due_at, outbox.c.recipient)
        return [_row(found) for found in connection.execute(query).mappings()]

    def entry(self, connection: Connection, row_id: str) -> Entry | None:
        """Look up a row by its ID."""
        found = connection.execute(select(outbox).where(outbox.c.id == row_id)).mappings().one_or_none()
        return _row(found) if found else None

    def sent_message(
        self, connection: Connection, campaign: str, post: str, audience: str, recipient: str
    ) -> Entry | None:
        """Look up the message of a post to an addressee that was sent last, if any was."""
        to = and_(outbox.c.post == post, outbox.c.audience == audience, outbox.c.recipient == recipient)
        sent = self.entries_where(connection, campaign, to & _in(State.SENT))
        return max(sent, key=lambda entry: entry.slot.due_at, default=None)

    def entries_where(self, connection: Connection, campaign: str, which: ColumnElement[bool]) -> list[Entry]:
        """List the rows of a campaign that match a condition, by ID."""
        query = select(outbox).where(outbox.c.campaign == campaign, which).order_by(outbox.c.id)
        return [_row(found) for found in connection.execute(query).mappings()]

    def entries_for(
        self, connection: Connection, campaign: str, audiences: Collection[str], recipients: Recipients
    ) -> list[Entry]:
        """List the rows of some audiences for some recipients, in no particular order."""
        mine = {"of_campaign": campaign, "audiences": list(audiences)}
        if isinstance(recipients, These):
            found = connection.execute(_of_these(), {**mine, "recipients": list(recipients.users)})
        else:
            found = connection.execute(_of_audiences().where(recipients.among(outbox.c.recipient)), mine)
        return [_row(row) for row in found.mappings()]

    def channels_of(self, connection: Connection, campaign: str) -> set[str]:
        """List the channels in which something of a campaign has been posted."""
        # Slack's IDs of channels begin with C, and with G where they are old and private; direct messages begin with D.
        public = outbox.c.channel.like("C%") | outbox.c.channel.like("G%")
        query = select(outbox.c.channel).where(outbox.c.campaign == campaign, _in(State.SENT), public).distinct()
        return {str(channel) for channel in connection.scalars(query)}

    def changeable(self, connection: Connection, campaign: str, kind: str, since: datetime) -> list[Entry]:
        """List sent messages of a kind that may still be edited, from an instant on, by due instant."""
        # Only `freeze` gives a sent row a reason.
        sent = and_(outbox.c.state == State.SENT, outbox.c.reason.is_(None), outbox.c.kind == kind)
        sent &= outbox.c.due_at >= since
        query = select(outbox).where(outbox.c.campaign == campaign, sent).order_by(outbox.c.due_at, outbox.c.recipient)
        return [_row(found) for found in connection.execute(query).mappings()]

    def claim_update(self, connection: Connection, row_id: str, now: datetime, every: timedelta) -> bool:
        """Claim one edit of a sent message. Returns False within `every` of the last claim by any process."""
        rested = outbox.c.shown_at.is_(None) | (outbox.c.shown_at <= now - every)
        return _write(connection, update(outbox).where(outbox.c.id == row_id, rested).values(shown_at=now)) == 1

    def record_shown(self, connection: Connection, row_id: str, number: int) -> None:
        """Record the number that a sent message shows now."""
        _write(connection, update(outbox).where(outbox.c.id == row_id).values(shown=number))

    def freeze(self, connection: Connection, row_id: str, reason: str) -> None:
        """Record that a sent message can never be edited again, and why."""
        sent = and_(outbox.c.id == row_id, outbox.c.state == State.SENT)
        _write(connection, update(outbox).where(sent).values(reason=reason))

    def count_by_state(self, connection: Connection) -> dict[State, int]:
        """Count the rows in each state, including states without any."""
        query = select(outbox.c.state, func.count()).group_by(outbox.c.state)
        found = {State(state): count for state, count in connection.execute(query)}
        return {state: found.get(state, 0) for state in State}

    def overdue(
        self, connection: Connection, now: datetime, waiting: Collection[str] = ()
    ) -> tuple[int, datetime | None]:
        """Count the rows that should have been sent by now. Returns the due instant of the oldest as well."""
        query = select(func.count(), func.min(outbox.c.due_at)).where(_is_late(connection, now, waiting))
        count, oldest = connection.execute(query).one()
        return count, oldest

    def stuck_since(self, connection: Connection, now: datetime, waiting: Collection[str] = ()) -> datetime | None:
        """Return the due instant of the oldest overdue row that does not just wait for its turn.

        Thousands that are due at one minute leave one after the other, at the pace that Slack allows. So while messages
        are being sent, only those count that something has kept back.
        """
        late = _is_late(connection, now, waiting)
        lately = select(outbox.c.id).where(outbox.c.state == State.SENT, outbox.c.sent_at > now - MOVING)
        # The index has them by due instant, and what was sent last is near its end.
        if connection.execute(lately.order_by(outbox.c.due_at.desc()).limit(1)).first():
            late &= outbox.c.reason.is_not(None)
        since: datetime | None = connection.scalar(select(func.min(outbox.c.due_at)).where(late))
        return since

    def reasons(self, connection: Connection, *states: State, most: int = 20) -> list[str]:
        """List the distinct reasons of rows in some states, for operators."""
        query = select(outbox.c.reason).where(outbox.c.state.in_(states), outbox.c.reason.is_not(None)).distinct()
        return [str(reason) for reason in connection.scalars(query.order_by(outbox.c.reason).limit(most))]


def _is_late(connection: Connection, now: datetime, waiting: Collection[str]) -> ColumnElement[bool]:
    """Return the condition for rows that should have been sent by now, without those that organisers hold."""
    late = and_(outbox.c.state.in_([State.DUE, State.SENDING]), outbox.c.due_at <= now)
    held = is_held(connection, waiting)
    return late if held is None else late & ~held


def _write(connection: Connection, statement: Update) -> int:
    return connection.execute(statement).rowcount


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
    """Return the new rows in the order of their keys, so that two plans at once cannot deadlock."""
    new = [(line.key, _new(line, State.DUE, None, now)) for line in changes.add]
    new += [(line.key, _new(line, State.CANCELLED, why, now)) for line, why in changes.refuse]
    return [row for _, row in sorted(new, key=itemgetter(0))]


def _changed(changes: Changes) -> list[tuple[str, dict[str, Any]]]:
    """Return the changes to rows in the order of their IDs, so that two plans at once cannot deadlock."""
    moved = {"state": State.DUE, "reason": None}
    changed = [(row_id, {**asdict(line), **moved, "next_attempt_at": line.due_at}) for row_id, line in changes.move]
    changed += [(row_id, {"state": State.CANCELLED, "reason": WITHDRAWN}) for row_id in changes.withdraw]
    return sorted(changed, key=itemgetter(0))


def _in(state: State) -> ColumnElement[bool]:
    return outbox.c.state == state


def _earliest(*which: ColumnElement[bool]) -> Select[tuple[datetime]]:
    """Select the earliest `next_attempt_at`. One query a condition, since each is answered by the end of an index."""
    each = [select(func.min(outbox.c.next_attempt_at).label("at")).where(those) for those in which]
    return select(func.min(union_all(*each).subquery().c.at))


def _moment() -> BindParameter[datetime]:
    return bindparam("moment", type_=Instant())


def _is_due() -> ColumnElement[bool]:
    # Implied by the second condition, but it is what bounds the scan of the index on `due_at`.
    begun = and_(outbox.c.state == State.DUE, outbox.c.due_at <= _moment())
    # Wrapped, so that the planner does not choose the index on `next_attempt_at`, which has another order.
    ready = func.coalesce(outbox.c.next_attempt_at, _moment()) <= _moment()
    return and_(begun, ready, outbox.c.expires_at > _moment())


def _is_unclear(replica: str) -> ColumnElement[bool]:
    free = (outbox.c.state == State.UNCONFIRMED) | (outbox.c.claimed_by == replica)
    return and_(outbox.c.state.in_([State.SENDING, State.UNCONFIRMED]), outbox.c.next_attempt_at <= _moment(), free)


def _taking(which: ColumnElement[bool]) -> Executable:
    """Build the claim: one conditional update, so that two processes never claim the same row."""
    chosen = (
        select(outbox.c.id)
        .where(which)
        .order_by(outbox.c.due_at, outbox.c.recipient)
        .limit(bindparam("most", type_=Integer()))
        .with_for_update(skip_locked=True)
        # A CTE runs once. A subquery could run again for each row, and choose other rows each time.
        .cte("chosen")
    )
    leased = {
        "state": State.SENDING,
        "claimed_by": bindparam("taker"),
        "next_attempt_at": bindparam("lease_end", type_=Instant()),
    }
    return update(outbox).where(outbox.c.id.in_(select(chosen.c.id))).values(leased).returning(outbox)


@cache
def _of_audiences() -> Select[Any]:
    among = outbox.c.audience.in_(bindparam("audiences", expanding=True))
    return select(outbox).where(outbox.c.campaign == bindparam("of_campaign"), among)


@cache
def _of_these() -> Select[Any]:
    return _of_audiences().where(outbox.c.recipient.in_(bindparam("recipients", expanding=True)))


def _unsent(row_id: str) -> Update:
    """Build an update of a row that planning may still change, because nobody has begun to send it."""
    settled = outbox.c.state.in_([State.DUE, State.SKIPPED, State.FAILED, State.CANCELLED])
    return update(outbox).where(outbox.c.id == row_id, settled)

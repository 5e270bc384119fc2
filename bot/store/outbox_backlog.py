"""The state of the outbox, as readiness and metrics report it, and whether the database takes writes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, text

from bot.database.dialect_statements import is_sqlite
from bot.store.failed_messages import Failed, FailedMessages
from bot.store.outbox import Outbox, State
from bot.store.tables import replicas

_LARGE = "probe" + "." * 10_000
"""An ID larger than a page of SQLite's (4 kB): storing it needs new pages, which a full disk does not have."""


@dataclass(frozen=True)
class Backlog:
    """Messages by state, how many are overdue and since when, and the reasons why messages do not arrive.

    `stuck` is the due instant of the oldest overdue message that does not just wait for its turn.
    """

    counts: Mapping[State, int]
    overdue: int
    oldest: datetime | None
    stuck: datetime | None
    waiting: tuple[str, ...]
    unconfirmed: tuple[str, ...]
    failed: Failed


def read_backlog(connection: Connection, outbox: Outbox, now: datetime, waiting: Collection[str] = ()) -> Backlog:
    """Read the backlog, without what organisers hold.

    The transaction also writes, so that it fails where the database takes no writes.
    """
    # Reading alone would succeed on a full disk or on a standby, from which nothing can be claimed.
    probe(connection)
    overdue, oldest = outbox.overdue(connection, now, waiting)
    return Backlog(
        counts=outbox.count_by_state(connection),
        overdue=overdue,
        oldest=oldest,
        stuck=outbox.stuck_since(connection, now, waiting) if overdue else None,
        # A row that was given back keeps the reason of its last attempt; it matters only while messages are late.
        waiting=tuple(outbox.reasons(connection, State.DUE, State.SENDING)) if overdue else (),
        unconfirmed=tuple(outbox.reasons(connection, State.UNCONFIRMED)),
        failed=FailedMessages().lately(connection, now),
    )


def probe(connection: Connection) -> None:
    """Write something that leaves nothing behind, once the transaction is committed."""
    if is_sqlite(connection):
        # `replicas` is unused on SQLite, which has one process.
        connection.execute(text("INSERT INTO replicas (id, seen_at) VALUES (:id, 0)"), {"id": _LARGE})
        connection.execute(delete(replicas).where(replicas.c.id == _LARGE))
    else:
        # Of one row in every database, and changing nothing: it needs a write transaction all the same.
        connection.execute(text("UPDATE alembic_version SET version_num = version_num"))

"""The state of the outbox, as readiness and metrics report it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.failed_messages import Failed, FailedMessages
from bot.store.outbox import Outbox, State
from bot.store.write_probe import probe


@dataclass(frozen=True)
class Backlog:
    """Messages by state, how many are overdue and since when, and the reasons why messages do not arrive."""

    counts: Mapping[State, int]
    overdue: int
    oldest: datetime | None
    waiting: tuple[str, ...]
    unconfirmed: tuple[str, ...]
    failed: Failed


async def read_backlog(engine: AsyncEngine, outbox: Outbox, now: datetime) -> Backlog:
    """Read the backlog, after a write has shown that the database takes writes.

    Raises:
        SQLAlchemyError: The database cannot be read or written.
        OSError: It cannot be reached, or its file is not there any more.
    """
    # Reading alone would succeed on a full disk or on a standby, from which nothing can be claimed.
    await probe(engine)
    overdue, oldest = await outbox.overdue(now)
    return Backlog(
        counts=await outbox.count_by_state(),
        overdue=overdue,
        oldest=oldest,
        # A row that was given back keeps the reason of its last attempt; it matters only while messages are late.
        waiting=tuple(await outbox.reasons(State.DUE, State.SENDING)) if overdue else (),
        unconfirmed=tuple(await outbox.reasons(State.UNCONFIRMED)),
        failed=await FailedMessages(engine).lately(now),
    )

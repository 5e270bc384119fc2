"""What the outbox says of itself to those who watch over the bot."""

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
    """How many messages are in which state, what is overdue since when, and what keeps messages from arriving."""

    counts: Mapping[State, int]
    overdue: int
    oldest: datetime | None
    waiting: tuple[str, ...]
    unconfirmed: tuple[str, ...]
    failed: Failed


async def read_backlog(engine: AsyncEngine, outbox: Outbox, now: datetime) -> Backlog:
    """Read it from a database that takes writes.

    Raises:
        SQLAlchemyError: The database cannot be read or written.
        OSError: It cannot be reached, or its file is not there any more.
    """
    await probe(engine)
    overdue, oldest = await outbox.overdue(now)
    return Backlog(
        counts=await outbox.count_by_state(),
        overdue=overdue,
        oldest=oldest,
        waiting=tuple(await outbox.reasons(State.DUE, State.SENDING)) if overdue else (),
        unconfirmed=tuple(await outbox.reasons(State.UNCONFIRMED)),
        failed=await FailedMessages(engine).lately(now),
    )

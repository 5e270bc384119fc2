"""The processes that share one database, with what they tell each other about Slack's rate limits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from bot.database.dialect_statements import insert_for
from bot.store.tables import outbox, replicas


@dataclass(frozen=True)
class Replica:
    """A process, and when it last announced itself, by its own clock.

    `held_until` is until when Slack has asked it to wait. `in_doubt` is the number of messages that it has begun to
    post, and of which it does not know yet whether Slack has them.
    """

    id: str
    seen_at: datetime
    held_until: datetime | None
    in_doubt: int


class Replicas:
    """Records which processes live; `id` is this one's."""

    def __init__(self, replica: str) -> None:
        self.id = replica
        # The channel is recorded just before a post, so a row with one may have left.
        unsure = outbox.c.state == "sending", outbox.c.channel.is_not(None), outbox.c.claimed_by == replicas.c.id
        in_doubt = select(func.count()).where(*unsure).scalar_subquery()
        self._all = select(replicas.c.id, replicas.c.seen_at, replicas.c.held_until, in_doubt)

    def present(self, connection: Connection, now: datetime, held_until: datetime | None) -> list[Replica]:
        """Record that this process lives. Returns every process on record, dead ones included."""
        here = insert_for(connection, replicas).values(id=self.id, seen_at=now, held_until=held_until)
        changed = {"seen_at": now, "held_until": held_until}
        connection.execute(here.on_conflict_do_update(index_elements=("id",), set_=changed))
        return [Replica(*found) for found in connection.execute(self._all)]

    def remove(self, connection: Connection, ids: Collection[str]) -> None:
        """Remove processes that are leaving, or that have died."""
        connection.execute(delete(replicas).where(replicas.c.id.in_(ids)))

"""Published figures as opaque JSON, and the secret of each campaign that their noise comes from."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from bot.database.dialect_statements import insert_for
from bot.store.tables import campaigns, snapshots


@dataclass(frozen=True)
class Snapshot:
    """The figures of a campaign as JSON, as they were published."""

    campaign: str
    taken_at: datetime
    definition: str
    standings: str


class Snapshots:
    """Stores and reads snapshots."""

    def keep(self, connection: Connection, snapshot: Snapshot) -> bool:
        """Store a snapshot. Returns whether it is the first of that campaign and moment; a second one is dropped."""
        once = insert_for(connection, snapshots).on_conflict_do_nothing()
        return connection.execute(once, asdict(snapshot)).rowcount > 0

    def secret(self, connection: Connection, campaign: str, keep_until: date) -> bytes:
        """Return the secret of a campaign, which is created with the campaign's row and removed with it."""
        # Inserted and then read, so that processes that start at once end up with one secret.
        there = insert_for(connection, campaigns).values(id=campaign, keep_until=keep_until).on_conflict_do_nothing()
        connection.execute(there)
        found = connection.scalar(select(campaigns.c.secret).where(campaigns.c.id == campaign))
        return bytes.fromhex(str(found))

    def newest(self, connection: Connection, campaign: str, until: datetime | None = None) -> Snapshot | None:
        """Return the last snapshot of a campaign, or the last one taken by `until`."""
        query = _newest() if until is None else _newest().where(snapshots.c.taken_at <= until)
        row = connection.execute(query, {"of_campaign": campaign}).mappings().one_or_none()
        return Snapshot(**row) if row else None

    def former(self, connection: Connection, campaign: str, before: datetime) -> Snapshot | None:
        """Return the last snapshot of any other campaign that was taken before an instant."""
        query = select(snapshots).where(snapshots.c.campaign != campaign, snapshots.c.taken_at < before)
        row = connection.execute(query.order_by(snapshots.c.taken_at.desc()).limit(1)).mappings().one_or_none()
        return Snapshot(**row) if row else None

    def all(self, connection: Connection, campaign: str) -> list[Snapshot]:
        """List the snapshots of a campaign, oldest first."""
        query = select(snapshots).filter_by(campaign=campaign).order_by(snapshots.c.taken_at)
        return [Snapshot(**row) for row in connection.execute(query).mappings()]


@cache
def _newest() -> Select[Any]:
    mine = select(snapshots).where(snapshots.c.campaign == bindparam("of_campaign"))
    return mine.order_by(snapshots.c.taken_at.desc()).limit(1)

"""Pauses, and posts that a country leaves out."""

from __future__ import annotations

import uuid
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Update, insert, select, update

from bot.campaign.decisions import ALL_COUNTRIES, Omission, Pause
from bot.store.dialect_statements import insert_for, lock_campaign
from bot.store.organisers import Act, Actor, record
from bot.store.tables import omissions, pauses


class Missed(StrEnum):
    """The choice for messages that were missed during a pause."""

    SEND = "send"
    LEAVE_OUT = "leave_out"


class Pauses:
    """Stores pauses and omissions."""

    def pause(self, connection: Connection, actor: Actor, country: str = ALL_COUNTRIES) -> Pause:
        """Pause a country, or all. Returns the pause that holds: somebody may have been first."""
        lock_campaign(connection, actor.campaign)
        for each in self.in_force(connection, actor.campaign):
            if each.country == country:
                return each
        made = Pause(uuid.uuid4().hex, country, actor.user, actor.at)
        values = {"country": country, "by": made.by, "at": made.at}
        connection.execute(insert(pauses).values(id=made.id, campaign=actor.campaign, **values))
        record(connection, actor, Act.PAUSED, country=country)
        return made

    def resume(self, connection: Connection, actor: Actor, pause: Pause, choice: Missed) -> bool:
        """End a pause. Returns whether it was still in force."""
        lock_campaign(connection, actor.campaign)
        held = update(pauses).where(pauses.c.id == pause.id, pauses.c.resumed_at.is_(None))
        over = _write(connection, held.values(resumed_by=actor.user, resumed_at=actor.at, choice=choice))
        if over:
            record(connection, actor, Act.RESUMED, country=pause.country)
        return over

    def in_force(self, connection: Connection, campaign: str) -> tuple[Pause, ...]:
        """List the pauses in force, oldest first."""
        query = select(pauses).where(pauses.c.campaign == campaign, pauses.c.resumed_at.is_(None))
        rows = connection.execute(query.order_by(pauses.c.at, pauses.c.id)).mappings()
        return tuple(Pause(row["id"], row["country"], row["by"], row["at"]) for row in rows)

    def leave_out(self, connection: Connection, actor: Actor, post: str, country: str) -> Omission:
        """Leave a post out in a country. Returns the omission that holds: somebody may have been first."""
        lock_campaign(connection, actor.campaign)
        for each in self.omissions(connection, actor.campaign):
            if (each.post, each.country) == (post, country):
                return each
        key = {"campaign": actor.campaign, "post": post, "country": country}
        values: dict[str, Any] = {"by": actor.user, "at": actor.at, "restored_by": None, "restored_at": None}
        statement = insert_for(connection, omissions).values({**key, **values})
        connection.execute(statement.on_conflict_do_update(index_elements=tuple(key), set_=values))
        record(connection, actor, Act.LEFT_OUT, post, country=country)
        return Omission(post, country, actor.user, actor.at)

    def bring_back(self, connection: Connection, actor: Actor, post: str, country: str) -> bool:
        """Bring a post back that was left out. Returns whether it was still left out."""
        lock_campaign(connection, actor.campaign)
        mine = update(omissions).filter_by(campaign=actor.campaign, post=post, country=country, restored_at=None)
        back = _write(connection, mine.values(restored_by=actor.user, restored_at=actor.at))
        if back:
            record(connection, actor, Act.BROUGHT_BACK, post, country=country)
        return back

    def omissions(self, connection: Connection, campaign: str) -> tuple[Omission, ...]:
        """List what is left out now, oldest first."""
        query = select(omissions).where(omissions.c.campaign == campaign, omissions.c.restored_at.is_(None))
        rows = connection.execute(query.order_by(omissions.c.at, omissions.c.post, omissions.c.country)).mappings()
        return tuple(Omission(row["post"], row["country"], row["by"], row["at"]) for row in rows)


def _write(connection: Connection, statement: Update) -> bool:
    return connection.execute(statement).rowcount > 0

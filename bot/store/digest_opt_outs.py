"""The switch of the digest: who has switched it off. Everybody else who organises gets it."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, select

from bot.database.dialect_statements import insert_for
from bot.store.organiser_acts import Actor
from bot.store.tables import digest_opt_outs


class Digests:
    """Stores who wants no digest. It is a wish of that person alone, and so no act that others are shown."""

    def switch_off(self, connection: Connection, actor: Actor) -> None:
        """Send somebody no more digests of a campaign."""
        off = insert_for(connection, digest_opt_outs).values(campaign=actor.campaign, user=actor.user, at=actor.at)
        connection.execute(off.on_conflict_do_nothing())

    def switch_on(self, connection: Connection, actor: Actor) -> None:
        """Send somebody digests again."""
        connection.execute(delete(digest_opt_outs).filter_by(campaign=actor.campaign, user=actor.user))

    def off(self, connection: Connection, campaign: str) -> frozenset[str]:
        """Return the users who want no digest of a campaign."""
        found = connection.scalars(_off(), {"of_campaign": campaign})
        return frozenset(map(str, found))


@cache
def _off() -> Select[Any]:
    return select(digest_opt_outs.c.user).where(digest_opt_outs.c.campaign == bindparam("of_campaign"))

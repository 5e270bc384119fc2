"""Everything that is kept of one person, in one place: to show it, and to forget it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, select, union
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store.database import inserting, single
from bot.store.outbox import WITHDRAWN, State
from bot.store.tables import campaigns, deeds, ideas, outbox, outcomes, people, pledges, remarks, reminders

_DONE = (deeds, pledges, reminders, outcomes, remarks, ideas)
"""Every table of what people did; all of them say in which campaign."""

_OWN = {table.name: table for table in (people, *_DONE)}
"""Every table with a column `user`; nothing personal is anywhere else, apart from messages addressed to somebody."""

_MESSAGE = (outbox.c.campaign, outbox.c.post, outbox.c.kind, outbox.c.due_at, outbox.c.state, outbox.c.sent_at)

MESSAGES = ("joined", "earth_hour_reminder", "reminder", "idea_news")
"""Audiences of messages that people get as themselves, and can stop; others have them for a duty or in a channel."""

_NAMED = ("countries", "company", "representatives")
"""Audiences that the campaign's own files name: their messages are nothing about a person."""


class Privacy:
    """What is known of people, and its end."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def everything(self, user: str) -> dict[str, list[dict[str, Any]]]:
        """All rows of a person by table; tables without any are left out."""
        async with single(self._engine) as connection:
            found = {name: await _rows(connection, select(each).filter_by(user=user)) for name, each in _OWN.items()}
            found["messages"] = await _rows(connection, select(*_MESSAGE).where(_is_for(user)))
        return {name: rows for name, rows in found.items() if rows}

    async def forget(self, user: str) -> bool:
        """Remove a person's rows and the messages for them; whether there were any. Published figures stay."""
        async with self._engine.begin() as connection:
            gone = [await _remove(connection, table, table.c.user == user) for table in _OWN.values()]
            gone.append(await _remove(connection, outbox, _is_for(user)))
        return any(gone)

    async def recall(self, user: str, audiences: tuple[str, ...] = MESSAGES) -> int:
        """Take back what is still to be sent to a person; how many messages there were.

        They come back when the person asks for such messages again.
        """
        waiting = (outbox.c.recipient == user) & (outbox.c.state == State.DUE) & outbox.c.audience.in_(audiences)
        async with single(self._engine) as connection:
            values = {"state": State.CANCELLED, "reason": WITHDRAWN}
            return (await connection.execute(outbox.update().where(waiting).values(values))).rowcount

    async def keep_until(self, campaign: str, last_day: date) -> None:
        """Note until when what people did in a campaign is kept."""
        statement = inserting(self._engine, campaigns).values(id=campaign, keep_until=last_day)
        changed = statement.on_conflict_do_update(index_elements=("id",), set_={"keep_until": last_day})
        async with single(self._engine) as connection:
            await connection.execute(changed)

    async def purge(self, today: date) -> list[str]:
        """Remove what people did in campaigns whose last day has passed, and the people who are in no other one."""
        async with self._engine.begin() as connection:
            over = list(await connection.scalars(select(campaigns.c.id).where(campaigns.c.keep_until < today)))
            for campaign in over:
                await self._end(connection, campaign)
        return [str(campaign) for campaign in over]

    async def _end(self, connection: AsyncConnection, campaign: str) -> None:
        for table in _DONE:
            await _remove(connection, table, table.c.campaign == campaign)
        personal = outbox.c.audience.not_in(_NAMED)
        await _remove(connection, outbox, (outbox.c.campaign == campaign) & personal)
        elsewhere = union(*(select(table.c.user) for table in _DONE))
        await _remove(connection, people, people.c.user.not_in(elsewhere))
        await _remove(connection, campaigns, campaigns.c.id == campaign)


def _is_for(user: str) -> ColumnElement[bool]:
    # What a representative was sent about other people's ideas is not about the representative.
    return (outbox.c.recipient == user) & outbox.c.audience.in_(MESSAGES)


async def _rows(connection: AsyncConnection, query: Any) -> list[dict[str, Any]]:
    rows: list[Mapping[Any, Any]] = list((await connection.execute(query)).mappings())
    return [dict(row) for row in rows]


async def _remove(connection: AsyncConnection, table: Table, which: ColumnElement[bool]) -> int:
    return (await connection.execute(delete(table).where(which))).rowcount

"""The actions that people took, each recorded once: pressing the same button again changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Executable, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.database import autocommit, insert_for
from bot.store.tables import actions


class ActionKind(StrEnum):
    """The kinds of action that are recorded."""

    JOINED = "joined"
    TIP = "tip"
    EARTH_HOUR_INTENT = "earth_hour_intent"
    EARTH_HOUR = "earth_hour"
    OPTED_OUT = "opted_out"


@dataclass(frozen=True)
class Action:
    """One thing that somebody did, with the country they were in at the time. `subject` is the post it is about."""

    campaign: str
    user: str
    kind: ActionKind
    subject: str
    country: str | None
    at: datetime
    answer: str | None = None
    minutes: int | None = None


class Actions:
    """Records actions and looks them up."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._once = insert_once(engine)

    async def record(self, deed: Action) -> bool:
        """Record an action. Returns whether it is new."""
        async with autocommit(self._engine) as connection:
            # The primary key decides, not a query before it: two presses of one button may arrive at the same moment.
            return (await connection.execute(self._once, asdict(deed))).rowcount > 0

    async def answer(self, deed: Action) -> None:
        """Record an action that carries an answer, in place of an earlier answer to the same question."""
        statement = insert_for(self._engine, actions).values(asdict(deed))
        # Not the country: somebody who travels and answers again still counts where they answered first.
        changed = {"answer": deed.answer, "minutes": deed.minutes, "at": deed.at}
        async with autocommit(self._engine) as connection:
            await connection.execute(statement.on_conflict_do_update(index_elements=_KEY, set_=changed))

    async def of(self, campaign: str, user: str) -> list[Action]:
        """List the actions of one person in a campaign, oldest first."""
        query = select(actions).where(actions.c.campaign == campaign, actions.c.user == user).order_by(actions.c.at)
        async with autocommit(self._engine) as connection:
            return [_deed(row) for row in (await connection.execute(query)).mappings()]


_KEY = ("campaign", "user", "kind", "subject")


def insert_once(engine: AsyncEngine) -> Executable:
    """Build an insert that records an action unless it is recorded already."""
    return insert_for(engine, actions).on_conflict_do_nothing()


def _deed(row: Mapping[Any, Any]) -> Action:
    return Action(**{**row, "kind": ActionKind(row["kind"])})

"""The actions that people took, each recorded once: pressing the same button again changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import Connection, Executable, Select, bindparam, select

from bot.database.dialect_statements import insert_for
from bot.store.tables import actions


class ActionKind(StrEnum):
    """The kinds of action that are recorded."""

    JOINED = "joined"
    TIP = "tip"
    EARTH_HOUR_INTENT = "earth_hour_intent"
    EARTH_HOUR = "earth_hour"
    OPTED_OUT = "opted_out"
    GUESS = "guess"


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

    def record(self, connection: Connection, action: Action) -> bool:
        """Record an action. Returns whether it is new."""
        # The primary key decides, not a query before it: two presses of one button may arrive at the same moment.
        return connection.execute(insert_once(connection), asdict(action)).rowcount > 0

    def answer(self, connection: Connection, action: Action) -> None:
        """Record an action that carries an answer, in place of an earlier answer to the same question."""
        statement = insert_for(connection, actions).values(asdict(action))
        # Not the country: somebody who travels and answers again still counts where they answered first.
        changed = {"answer": action.answer, "minutes": action.minutes, "at": action.at}
        connection.execute(statement.on_conflict_do_update(index_elements=_KEY, set_=changed))

    def of(self, connection: Connection, campaign: str, user: str) -> list[Action]:
        """List the actions of one person in a campaign, oldest first."""
        return [_action(row) for row in connection.execute(_actions_of(), {"of": campaign, "who": user}).mappings()]


_KEY = ("campaign", "user", "kind", "subject")


@cache
def _actions_of() -> Select[Any]:
    # Built once: putting a statement together costs as much as running it.
    mine = (actions.c.campaign == bindparam("of"), actions.c.user == bindparam("who"))
    return select(actions).where(*mine).order_by(actions.c.at)


def insert_once(connection: Connection) -> Executable:
    """Build an insert that records an action unless it is recorded already."""
    return insert_for(connection, actions).on_conflict_do_nothing()


def _action(row: Mapping[Any, Any]) -> Action:
    return Action(**{**row, "kind": ActionKind(row["kind"])})

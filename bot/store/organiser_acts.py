"""Acts of organisers in Slack, and the people who stand in for them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Connection, Integer, Select, bindparam, insert, select, update

from bot.campaign.organiser_decisions import StandIn
from bot.database.dialect_statements import insert_for, lock_campaign
from bot.database.errors import StoreError
from bot.store.tables import organiser_acts, stand_ins

T = TypeVar("T")


class NotAllowedError(StoreError):
    """Somebody has tried to decide what is not, or no longer, theirs to decide; nothing was stored."""


class Act(StrEnum):
    """Everything that an organiser can do and that the others are shown."""

    EDITED = "edited"
    DISCARDED = "discarded"
    APPROVED = "approved"
    LEFT_OUT = "left_out"
    BROUGHT_BACK = "brought_back"
    PAUSED = "paused"
    RESUMED = "resumed"
    ADDED_POST = "added_post"
    WITHDREW_POST = "withdrew_post"
    NAMED_STAND_IN = "named_stand_in"
    ENDED_STAND_IN = "ended_stand_in"
    TRIED_AGAIN = "tried_again"
    CORRECTED = "corrected"
    ASKED_ABOUT_IDEA = "asked_about_idea"
    DECIDED_IDEA = "decided_idea"
    SHARED_IDEA = "shared_idea"
    SHARED_POST = "shared_post"


@dataclass(frozen=True)
class Actor:
    """An organiser who does something now, in a campaign."""

    campaign: str
    user: str
    at: datetime


@dataclass(frozen=True)
class Acted:
    """Something that an organiser did. `subject` is a post, or empty; `user` is None once that person is forgotten."""

    user: str | None
    act: Act
    subject: str
    language: str | None
    country: str | None
    at: datetime


@dataclass(frozen=True)
class StandInChange:
    """The last change of somebody's standing in: named, or ended before its last day. `id` is random."""

    id: str
    stand_in: StandIn
    ended_at: datetime | None

    @property
    def at(self) -> datetime:
        """The instant of the change."""
        return self.ended_at or self.stand_in.at


def record(
    connection: Connection, actor: Actor, act: Act, subject: str = "", *, language: str | None = None, country: str = ""
) -> None:
    """Record an act, in the transaction that carries it out."""
    values = {"subject": subject, "language": language, "country": country or None, "at": actor.at}
    made = insert(organiser_acts).values(
        id=uuid.uuid4().hex, campaign=actor.campaign, user=actor.user, act=act, **values
    )
    connection.execute(made)


class Organisers:
    """Looks up acts, and names people who stand in for a representative."""

    def carry_out(
        self,
        connection: Connection,
        actor: Actor,
        is_allowed: Callable[[tuple[StandIn, ...]], bool],
        change: Callable[..., T],
        *arguments: object,
    ) -> T:
        """Make a change of an organiser who may make it, as those who stand in are known to this very transaction.

        Raises:
            NotAllowedError: The organiser may not.
        """
        if not is_allowed(self.stand_ins(connection, actor.campaign)):
            raise NotAllowedError
        return change(connection, actor, *arguments)

    def acts(self, connection: Connection, campaign: str, most: int) -> list[Acted]:
        """List the last acts of a campaign, newest first."""
        found = connection.execute(_last_acts(), {"of_campaign": campaign, "most": most})
        return [_acted(row) for row in found.mappings()]

    def name_stand_in(
        self, connection: Connection, actor: Actor, country: str, user: str, until: date
    ) -> StandIn | None:
        """Let somebody stand in for a country's representatives up to a day. Returns what held before, if anything."""
        lock_campaign(connection, actor.campaign)
        named = self.stand_ins(connection, actor.campaign)
        before = next((each for each in named if (each.country, each.user) == (country, user)), None)
        if before and before.until == until:
            return before
        key = {"campaign": actor.campaign, "country": country, "user": user}
        values = {"until": until, "by": actor.user, "at": actor.at, "ended_at": None, "change": uuid.uuid4().hex}
        statement = insert_for(connection, stand_ins).values({**key, **values})
        connection.execute(statement.on_conflict_do_update(index_elements=tuple(key), set_=values))
        record(connection, actor, Act.NAMED_STAND_IN, country=country)
        return before

    def end_stand_in(self, connection: Connection, actor: Actor, country: str, user: str) -> bool:
        """End somebody's standing in before its last day. Returns whether there was anything to end."""
        key = {"campaign": actor.campaign, "country": country, "user": user, "ended_at": None}
        ended = update(stand_ins).filter_by(**key).values(ended_at=actor.at, change=uuid.uuid4().hex)
        gone = connection.execute(ended).rowcount > 0
        if gone:
            record(connection, actor, Act.ENDED_STAND_IN, country=country)
        return gone

    def stand_ins(self, connection: Connection, campaign: str) -> tuple[StandIn, ...]:
        """List everybody who was named, also those whose last day has passed."""
        query = select(stand_ins).filter_by(campaign=campaign, ended_at=None)
        rows = connection.execute(query.order_by(stand_ins.c.country, stand_ins.c.user)).mappings()
        return tuple(map(_stand_in, rows))

    def stand_in_changes(self, connection: Connection, campaign: str) -> list[StandInChange]:
        """List the last change of each standing in, oldest first."""
        changed = select(stand_ins).where(stand_ins.c.campaign == campaign, stand_ins.c.change.is_not(None))
        rows = connection.execute(changed).mappings()
        found = [StandInChange(row["change"], _stand_in(row), row["ended_at"]) for row in rows]
        return sorted(found, key=lambda each: (each.at, each.id))


def _stand_in(row: Mapping[Any, Any]) -> StandIn:
    return StandIn(row["country"], row["user"], row["until"], row["by"], row["at"])


@cache
def _last_acts() -> Select[Any]:
    mine = select(organiser_acts).where(organiser_acts.c.campaign == bindparam("of_campaign"))
    return mine.order_by(organiser_acts.c.at.desc(), organiser_acts.c.id).limit(bindparam("most", type_=Integer))


def _acted(row: Mapping[Any, Any]) -> Acted:
    return Acted(row["user"], Act(row["act"]), row["subject"], row["language"], row["country"], row["at"])

"""Pauses, and posts that a country leaves out."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, insert, select, update

from bot.campaign.model import Audience
from bot.campaign.organiser_decisions import ALL_COUNTRIES, Omission, Pause
from bot.database.dialect_statements import insert_for, lock_campaign, lock_outbox
from bot.store.hold_conditions import PAUSED, can_be_paused, is_paused
from bot.store.organiser_acts import Act, Actor, record
from bot.store.outbox import WITHDRAWN, State
from bot.store.tables import omissions, outbox, pauses

LEFT_OUT = "an organiser left it out after a pause"
"""The reason of a cancelled row that nothing revives."""


class Missed(StrEnum):
    """The choice for messages that were missed during a pause."""

    SEND = "send"
    LEAVE_OUT = "leave_out"


@dataclass(frozen=True)
class MissedPost:
    """Messages of one post that a pause has kept: how many, since when, and whether they can still be sent."""

    post: str
    kind: str
    audience: str
    country: str | None
    can_be_sent: bool
    number: int
    due_at: datetime
    expires_at: datetime


class Pauses:
    """Stores pauses and omissions, and keeps back or lets go what they are about."""

    def pause(self, connection: Connection, actor: Actor, country: str = ALL_COUNTRIES) -> Pause:
        """Pause a country, or all, at once. Returns the pause that holds: somebody may have been first.

        What was claimed and has not left is put back. What has a channel may have left, and goes on.
        """
        lock_campaign(connection, actor.campaign)
        lock_outbox(connection)
        for each in self.in_force(connection, actor.campaign):
            if each.country == country:
                return each
        made = Pause(uuid.uuid4().hex, country, actor.user, actor.at)
        values = {"country": country, "by": made.by, "at": made.at}
        connection.execute(insert(pauses).values(id=made.id, campaign=actor.campaign, **values))
        put_back = {"state": State.DUE, "reason": PAUSED, "next_attempt_at": actor.at}
        connection.execute(update(outbox).where(_is_claimed(actor.campaign), is_paused()).values(put_back))
        record(connection, actor, Act.PAUSED, country=country)
        return made

    def resume(self, connection: Connection, actor: Actor, pause: Pause, choice: Missed) -> bool:
        """End a pause, and send what was missed or leave it out. Returns whether it was still in force.

        What is under another pause waits on.
        """
        lock_campaign(connection, actor.campaign)
        held = update(pauses).where(pauses.c.id == pause.id, pauses.c.resumed_at.is_(None))
        ended = held.values(resumed_by=actor.user, resumed_at=actor.at, choice=choice)
        over = connection.execute(ended).rowcount > 0
        if over:
            free = and_(_is_missed(actor.campaign, pause, actor.at), ~is_paused())
            connection.execute(update(outbox).where(free).values(_after(choice, actor.at)))
            record(connection, actor, Act.RESUMED, country=pause.country)
        return over

    def missed(self, connection: Connection, campaign: str, pause: Pause, now: datetime) -> list[MissedPost]:
        """List what a pause in force has kept so far, by post and country, in the order of due times."""
        can_be_sent = outbox.c.state == State.DUE
        too_late = and_(
            outbox.c.state == State.SKIPPED, outbox.c.expires_at > pause.at, outbox.c.reason.endswith(PAUSED)
        )
        about = (outbox.c.post, outbox.c.kind, outbox.c.audience, outbox.c.country)
        counted = (func.count(), func.min(outbox.c.due_at), func.max(outbox.c.expires_at))
        mine = and_(_is_of(campaign, pause), outbox.c.due_at <= now, can_be_sent | too_late)
        query = select(*about, can_be_sent, *counted).where(mine).group_by(*about, can_be_sent)
        found = [MissedPost(*row) for row in connection.execute(query)]
        return sorted(found, key=lambda each: (each.due_at, each.post, each.country or ""))

    def in_force(self, connection: Connection, campaign: str) -> tuple[Pause, ...]:
        """List the pauses in force, oldest first."""
        query = select(pauses).where(pauses.c.campaign == campaign, pauses.c.resumed_at.is_(None))
        rows = connection.execute(query.order_by(pauses.c.at, pauses.c.id)).mappings()
        return tuple(Pause(row["id"], row["country"], row["by"], row["at"]) for row in rows)

    def leave_out(self, connection: Connection, actor: Actor, post: str, country: str) -> Omission:
        """Leave a post out in a country. Returns the omission that holds: somebody may have been first."""
        lock_campaign(connection, actor.campaign)
        lock_outbox(connection)
        for each in self.omissions(connection, actor.campaign):
            if (each.post, each.country) == (post, country):
                return each
        key = {"campaign": actor.campaign, "post": post, "country": country}
        values: dict[str, Any] = {"by": actor.user, "at": actor.at, "restored_by": None, "restored_at": None}
        statement = insert_for(connection, omissions).values({**key, **values})
        connection.execute(statement.on_conflict_do_update(index_elements=tuple(key), set_=values))
        withdraw_unsent(connection, actor.campaign, post, outbox.c.country == country)
        record(connection, actor, Act.LEFT_OUT, post, country=country)
        return Omission(post, country, actor.user, actor.at)

    def bring_back(self, connection: Connection, actor: Actor, post: str, country: str) -> bool:
        """Bring a post back that was left out. Returns whether it was still left out."""
        lock_campaign(connection, actor.campaign)
        mine = update(omissions).filter_by(campaign=actor.campaign, post=post, country=country, restored_at=None)
        restored = mine.values(restored_by=actor.user, restored_at=actor.at)
        back = connection.execute(restored).rowcount > 0
        if back:
            record(connection, actor, Act.BROUGHT_BACK, post, country=country)
        return back

    def omissions(self, connection: Connection, campaign: str) -> tuple[Omission, ...]:
        """List what is left out now, oldest first."""
        query = select(omissions).where(omissions.c.campaign == campaign, omissions.c.restored_at.is_(None))
        rows = connection.execute(query.order_by(omissions.c.at, omissions.c.post, omissions.c.country)).mappings()
        return tuple(Omission(row["post"], row["country"], row["by"], row["at"]) for row in rows)


def _after(choice: Missed, now: datetime) -> dict[str, Any]:
    if choice is Missed.LEAVE_OUT:
        return {"state": State.CANCELLED, "reason": LEFT_OUT}
    return {"next_attempt_at": now, "reason": None}


def _is_claimed(campaign: str) -> ColumnElement[bool]:
    return and_(outbox.c.campaign == campaign, outbox.c.state == State.SENDING, outbox.c.channel.is_(None))


def _is_of(campaign: str, pause: Pause) -> ColumnElement[bool]:
    mine = and_(outbox.c.campaign == campaign, can_be_paused())
    return mine if pause.country == ALL_COUNTRIES else mine & (outbox.c.country == pause.country)


def _is_missed(campaign: str, pause: Pause, now: datetime) -> ColumnElement[bool]:
    return and_(_is_of(campaign, pause), outbox.c.state == State.DUE, outbox.c.due_at <= now)


def withdraw_unsent(connection: Connection, campaign: str, post: str, which: ColumnElement[bool]) -> None:
    """Withdraw messages of a post that have not left; planning revives them if the post comes back."""
    unsent = _is_claimed(campaign) | and_(outbox.c.campaign == campaign, outbox.c.state == State.DUE)
    withdrawn = {"state": State.CANCELLED, "reason": WITHDRAWN}
    connection.execute(update(outbox).where(unsent, outbox.c.post == post, which).values(withdrawn))


def has_left(campaign: str, post: str) -> ColumnElement[bool]:
    """Return the condition that a post has been sent to its country, or may have been; it may have been shared."""
    gone = outbox.c.state.in_([State.SENT, State.UNCONFIRMED])
    is_leaving = and_(outbox.c.state == State.SENDING, outbox.c.channel.is_not(None))
    mine = and_(outbox.c.campaign == campaign, outbox.c.post == post, outbox.c.audience == Audience.COUNTRIES)
    return exists().where(mine, gone | is_leaving)

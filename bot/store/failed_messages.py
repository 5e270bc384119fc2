"""Messages that Slack has rejected for good, for operators to act on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, exists, func, select, update

from bot.database.dialect_statements import locked
from bot.store.organiser_acts import Act, Actor, record
from bot.store.outbox import State
from bot.store.tables import outbox

TOLD_FOR = timedelta(days=1)
"""The time after its due instant for which a failed message is reported: an operator looks at least once a day."""

_MOST = 20
"""The most distinct reasons that are listed."""


@dataclass(frozen=True)
class Failed:
    """The number of recent failures, their distinct reasons, and whether anything due since then was sent."""

    count: int = 0
    reasons: tuple[str, ...] = ()
    # Tells a message that is wrong by itself from an installation in which nothing arrives.
    is_anything_sent: bool = True


class FailedMessages:
    """Looks up failed entries of the outbox, and gives up on those that are too late."""

    def lately(self, connection: Connection, now: datetime) -> Failed:
        """Summarise failures that a restart can still send, and those that were due within the last day."""
        recent = _failed() & ((outbox.c.expires_at > now) | (outbox.c.due_at > now - TOLD_FOR))
        counted = select(func.count(), func.min(outbox.c.due_at)).where(recent)
        why = select(outbox.c.reason).where(recent, outbox.c.reason.is_not(None)).distinct()
        count, first = connection.execute(counted).one()
        if not count:
            return Failed()
        reasons = connection.scalars(why.order_by(outbox.c.reason).limit(_MOST))
        sent = select(exists().where(and_(outbox.c.state == State.SENT, outbox.c.due_at >= first)))
        return Failed(count, tuple(map(str, reasons)), bool(connection.scalar(sent)))

    def give_up(self, connection: Connection, now: datetime) -> int:
        """Turn failed messages whose deadline has passed into skipped ones. Returns their number.

        Called at startup: an operator who restarts the bot has seen what Slack rejected.
        """
        why = func.coalesce("its late limit passed; before that: " + outbox.c.reason, "its late limit passed")
        past = locked(outbox, _failed() & (outbox.c.expires_at <= now), skip_taken=True)
        values = {"state": State.SKIPPED, "reason": why}
        return connection.execute(update(outbox).where(past).values(values)).rowcount

    def try_again(self, connection: Connection, actor: Actor, post: str, country: str | None) -> int:
        """Make the messages of a post due again that failed or were skipped, and whose deadline has not passed.

        Returns their number. Without a country, those of all countries and of the company.
        """
        given_up = outbox.c.state.in_([State.FAILED, State.SKIPPED]) & (outbox.c.expires_at > actor.at)
        mine = and_(outbox.c.campaign == actor.campaign, outbox.c.post == post, given_up)
        free = locked(outbox, mine if country is None else mine & (outbox.c.country == country), skip_taken=True)
        again = {"state": State.DUE, "next_attempt_at": actor.at, "reason": None, "channel": None}
        rows = connection.execute(update(outbox).where(free).values(again)).rowcount
        if rows:
            record(connection, actor, Act.TRIED_AGAIN, post, country=country or "")
        return rows


def _failed() -> ColumnElement[bool]:
    return outbox.c.state == State.FAILED

"""Ideas and remarks for the representatives, and the decisions about ideas."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, RowMapping, Update, func, select, update

from bot.database.dialect_statements import insert_for, lock_person
from bot.database.errors import StoreError
from bot.store.tables import ideas, remarks


class IdeaState(StrEnum):
    """The state of an idea."""

    NEW = "new"
    ASKED = "asked"
    APPROVED = "approved"
    DECLINED = "declined"


OPEN = (IdeaState.NEW, IdeaState.ASKED)


@dataclass(frozen=True)
class Idea:
    """An idea, its author and its state. `named` means that the author may be shown with it.

    `changed_at` is when the state last changed; `round` counts the questions a representative has asked; `decided_by`
    is the representative who asked or decided last.
    """

    id: str
    campaign: str
    user: str
    country: str | None
    language: str
    text: str
    named: bool
    at: datetime
    changed_at: datetime
    state: IdeaState = IdeaState.NEW
    round: int = 0
    published: bool = False
    reason: str | None = None
    question: str | None = None
    answer: str | None = None
    decided_by: str | None = None


@dataclass(frozen=True)
class Remark:
    """A comment for the representatives on what stood in the way of a pledge."""

    id: str
    campaign: str
    user: str
    pledge: str
    occasion: str
    country: str | None
    at: datetime
    obstacle: str | None
    text: str


@dataclass(frozen=True)
class IdeaLimit:
    """The most ideas that one person may send since an instant."""

    since: datetime
    most: int


class TooManyIdeasError(StoreError):
    """The author has reached the limit of ideas; this one was not stored."""


class Ideas:
    """Stores ideas and remarks, and the decisions about ideas."""

    def submit(
        self, connection: Connection, idea: Idea, form: str | None = None, allowance: IdeaLimit | None = None
    ) -> bool:
        """Store a new idea. Returns whether it is new: a form that Slack delivers twice is one idea.

        Raises:
            TooManyIdeasError: The author has reached the limit.
        """
        statement = insert_for(connection, ideas).values({**asdict(idea), "form": form or idea.id})
        lock_person(connection, idea.user)
        # Inserted before it is counted, so that a repeated delivery is no error; raising rolls the insert back.
        new = connection.execute(statement.on_conflict_do_nothing()).rowcount > 0
        if new and allowance and _sent(connection, idea.user, allowance.since) > allowance.most:
            raise TooManyIdeasError
        return new

    def allows(self, connection: Connection, user: str, allowance: IdeaLimit) -> bool:
        """Return whether somebody may send another idea."""
        return _sent(connection, user, allowance.since) < allowance.most

    def remark(self, connection: Connection, remark: Remark) -> None:
        """Store a remark, in place of an earlier one on the same occasion."""
        statement = insert_for(connection, remarks).values(asdict(remark))
        # The ID stays: notifications in the outbox refer to it.
        changed = {"obstacle": remark.obstacle, "text": remark.text}
        key = ("campaign", "user", "pledge", "occasion")
        connection.execute(statement.on_conflict_do_update(index_elements=key, set_=changed))

    def get(self, connection: Connection, idea: str) -> Idea | None:
        """Look up an idea by its ID."""
        row = connection.execute(select(ideas).filter_by(id=idea)).mappings().one_or_none()
        return _idea(row) if row else None

    def of_campaign(self, connection: Connection, campaign: str) -> list[Idea]:
        """List the ideas of a campaign, oldest first."""
        query = select(ideas).filter_by(campaign=campaign).order_by(ideas.c.at, ideas.c.id)
        return [_idea(row) for row in connection.execute(query).mappings()]

    def get_remark(self, connection: Connection, remark: str) -> Remark | None:
        """Look up a remark by its ID."""
        row = connection.execute(select(remarks).filter_by(id=remark)).mappings().one_or_none()
        return Remark(**row) if row else None

    def remarks_of(self, connection: Connection, campaign: str) -> list[Remark]:
        """List the remarks of a campaign, oldest first."""
        query = select(remarks).filter_by(campaign=campaign).order_by(remarks.c.at, remarks.c.id)
        return [Remark(**row) for row in connection.execute(query).mappings()]

    def decide(
        self,
        connection: Connection,
        /,
        idea: str,
        state: IdeaState,
        now: datetime,
        *,
        by: str | None = None,
        **values: Any,
    ) -> bool:
        """Approve or decline an idea. Returns whether this was the decision."""
        values = {"state": state, "changed_at": now, "decided_by": by, **values}
        # Several representatives see the same buttons; the first press wins.
        open_ = update(ideas).where(ideas.c.id == idea, ideas.c.state.in_(OPEN))
        return _write(connection, open_.values(values))

    def ask(self, connection: Connection, idea: str, question: str, now: datetime, *, by: str | None = None) -> bool:
        """Put a question to the author of a new idea. Returns whether the idea was still new."""
        put = {"state": IdeaState.ASKED, "changed_at": now, "question": question, "answer": None, "decided_by": by}
        new = update(ideas).where(ideas.c.id == idea, ideas.c.state == IdeaState.NEW)
        return _write(connection, new.values(**put, round=ideas.c.round + 1))

    def answer(self, connection: Connection, idea: str, user: str, answer: str, now: datetime) -> bool:
        """Store the author's answer. Returns whether the question was still open."""
        asked = update(ideas).where(ideas.c.id == idea, ideas.c.user == user, ideas.c.state == IdeaState.ASKED)
        return _write(connection, asked.values(state=IdeaState.NEW, changed_at=now, answer=answer))


def _write(connection: Connection, statement: Update) -> bool:
    return bool(connection.execute(statement).rowcount)


def _sent(connection: Connection, user: str, since: datetime) -> int:
    query = select(func.count()).select_from(ideas).where(ideas.c.user == user, ideas.c.at >= since)
    return connection.scalar(query) or 0


def _idea(row: RowMapping) -> Idea:
    values = {name: value for name, value in row.items() if name != ideas.c.form.name}
    return Idea(**{**values, "state": IdeaState(row["state"])})

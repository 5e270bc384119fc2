"""Ideas and remarks for the representatives, and what organisers make of ideas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, Update, bindparam, func, select, update

from bot.database.dialect_statements import insert_for, lock_person
from bot.database.errors import StoreError
from bot.store.organiser_acts import Act, Actor, record
from bot.store.tables import ideas, remarks


class IdeaState(StrEnum):
    """The state of an idea. `DECLINED` is also one that was approved and turned out not to be possible."""

    NEW = "new"
    ASKED = "asked"
    APPROVED = "approved"
    PLANNED = "planned"
    DONE = "done"
    DECLINED = "declined"


OPEN = (IdeaState.NEW, IdeaState.ASKED)

NEXT: Mapping[IdeaState, tuple[IdeaState, ...]] = {
    **dict.fromkeys(OPEN, (IdeaState.APPROVED, IdeaState.DECLINED)),
    IdeaState.APPROVED: (IdeaState.PLANNED, IdeaState.DONE, IdeaState.DECLINED),
    IdeaState.PLANNED: (IdeaState.DONE, IdeaState.DECLINED),
    IdeaState.DONE: (),
    IdeaState.DECLINED: (),
}
"""The decisions that can be taken about an idea, by its state."""


def same_stage(state: IdeaState) -> tuple[IdeaState, ...]:
    """Return the states in which the same is to be decided: a question leaves an idea open."""
    return OPEN if state in OPEN else (state,)


@dataclass(frozen=True)
class Idea:
    """An idea, its author and its state. `named` means that the author may be shown with it.

    `changed_at` is when the state last changed, and `approved_at` when the idea was approved; `round` counts the
    questions a representative has asked; `decided_by` is the organiser who asked or decided last, and `reason` what
    they said about the decision. The author agreed that it is `kept` for next year, and `told` to customers.
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
    approved_at: datetime | None = None
    kept: bool = False
    told: bool = False


@dataclass(frozen=True)
class Choice:
    """An organiser's choice about an idea: its next state, and the words that go with it, a reason or a question.

    `seen` is the state in which they saw the idea.
    """

    state: IdeaState
    seen: IdeaState = IdeaState.NEW
    text: str | None = None
    published: bool = False


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

    def count_by_state(self, connection: Connection, campaign: str) -> dict[tuple[str | None, IdeaState], int]:
        """Count the ideas of a campaign by country and state."""
        rows = connection.execute(_counted(), {"of_campaign": campaign})
        return {(country, IdeaState(state)): count for country, state, count in rows}

    def choose(self, connection: Connection, actor: Actor, idea: str, choice: Choice) -> bool:
        """Ask or decide as an organiser, and record that. Returns whether nobody else was first."""
        asks = choice.state is IdeaState.ASKED
        if asks:
            made = self.ask(connection, idea, choice.text or "", actor.at, by=actor.user)
        else:
            values: dict[str, Any] = {"reason": choice.text} | ({"published": True} if choice.published else {})
            made = self.decide(connection, idea, choice.state, actor.at, seen=choice.seen, by=actor.user, **values)
        if made:
            record(connection, actor, Act.ASKED_ABOUT_IDEA if asks else Act.DECIDED_IDEA)
        return made

    def decide(
        self,
        connection: Connection,
        /,
        idea: str,
        state: IdeaState,
        now: datetime,
        *,
        seen: IdeaState = IdeaState.NEW,
        by: str | None = None,
        **values: Any,
    ) -> bool:
        """Bring an idea from the state in which it was seen to the next. Returns whether this was the decision."""
        if state not in NEXT[seen]:
            return False
        values = {"state": state, "changed_at": now, "decided_by": by, **values}
        if state is IdeaState.APPROVED:
            values["approved_at"] = now
        # Several representatives see the same buttons; the first press wins.
        unchanged = update(ideas).where(ideas.c.id == idea, ideas.c.state.in_(same_stage(seen)))
        return _write(connection, unchanged.values(values))

    def ask(self, connection: Connection, idea: str, question: str, now: datetime, *, by: str | None = None) -> bool:
        """Put a question to the author of a new idea. Returns whether the idea was still new."""
        put = {"state": IdeaState.ASKED, "changed_at": now, "question": question, "answer": None, "decided_by": by}
        new = update(ideas).where(ideas.c.id == idea, ideas.c.state == IdeaState.NEW)
        return _write(connection, new.values(**put, round=ideas.c.round + 1))

    def answer(self, connection: Connection, idea: str, user: str, answer: str, now: datetime) -> bool:
        """Store the author's answer. Returns whether the question was still open."""
        asked = update(ideas).where(ideas.c.id == idea, ideas.c.user == user, ideas.c.state == IdeaState.ASKED)
        return _write(connection, asked.values(state=IdeaState.NEW, changed_at=now, answer=answer))


@cache
def _counted() -> Select[Any]:
    mine = select(ideas.c.country, ideas.c.state, func.count()).where(ideas.c.campaign == bindparam("of_campaign"))
    return mine.group_by(ideas.c.country, ideas.c.state)


def _write(connection: Connection, statement: Update) -> bool:
    return bool(connection.execute(statement).rowcount)


def _sent(connection: Connection, user: str, since: datetime) -> int:
    query = select(func.count()).select_from(ideas).where(ideas.c.user == user, ideas.c.at >= since)
    return connection.scalar(query) or 0


def _idea(row: RowMapping) -> Idea:
    values = {name: value for name, value in row.items() if name != ideas.c.form.name}
    agreed = {"kept": bool(row["kept"]), "told": bool(row["told"])}
    return Idea(**{**values, **agreed, "state": IdeaState(row["state"])})

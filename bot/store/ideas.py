"""Ideas and remarks for the representatives, and what they made of them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import RowMapping, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.database import inserting, single
from bot.store.tables import ideas, remarks


class Stage(StrEnum):
    """Where an idea stands."""

    NEW = "new"
    ASKED = "asked"
    APPROVED = "approved"
    DECLINED = "declined"


OPEN = (Stage.NEW, Stage.ASKED)


@dataclass(frozen=True)
class Idea:
    """An idea, who had it and what became of it; `named` means that the author may be shown with it.

    `changed_at` is when it came to stand where it stands; `round` counts the questions a representative has asked.
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
    state: Stage = Stage.NEW
    round: int = 0
    published: bool = False
    reason: str | None = None
    question: str | None = None
    answer: str | None = None


@dataclass(frozen=True)
class Remark:
    """A line to the representatives about what stood in the way of a pledge."""

    id: str
    campaign: str
    user: str
    pledge: str
    occasion: str
    country: str | None
    at: datetime
    obstacle: str | None
    text: str


class Ideas:
    """Everything people wrote to the representatives."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def submit(self, idea: Idea) -> bool:
        """Keep a new idea; whether it was not there yet."""
        async with single(self._engine) as connection:
            statement = inserting(self._engine, ideas).on_conflict_do_nothing()
            return (await connection.execute(statement, asdict(idea))).rowcount > 0

    async def remark(self, remark: Remark) -> None:
        """Keep a remark; a second one on the same occasion takes the place of the first."""
        statement = inserting(self._engine, remarks).values(asdict(remark))
        changed = {"obstacle": remark.obstacle, "text": remark.text}
        key = ("campaign", "user", "pledge", "occasion")
        async with single(self._engine) as connection:
            await connection.execute(statement.on_conflict_do_update(index_elements=key, set_=changed))

    async def get(self, idea: str) -> Idea | None:
        """One idea."""
        async with single(self._engine) as connection:
            row = (await connection.execute(select(ideas).filter_by(id=idea))).mappings().one_or_none()
        return _idea(row) if row else None

    async def of_campaign(self, campaign: str) -> list[Idea]:
        """Every idea of a campaign, oldest first."""
        query = select(ideas).filter_by(campaign=campaign).order_by(ideas.c.at, ideas.c.id)
        async with single(self._engine) as connection:
            return [_idea(row) for row in (await connection.execute(query)).mappings()]

    async def get_remark(self, remark: str) -> Remark | None:
        """One remark."""
        async with single(self._engine) as connection:
            row = (await connection.execute(select(remarks).filter_by(id=remark))).mappings().one_or_none()
        return Remark(**row) if row else None

    async def remarks_of(self, campaign: str) -> list[Remark]:
        """Every remark of a campaign, oldest first."""
        query = select(remarks).filter_by(campaign=campaign).order_by(remarks.c.at, remarks.c.id)
        async with single(self._engine) as connection:
            return [Remark(**row) for row in (await connection.execute(query)).mappings()]

    async def decide(self, idea: str, state: Stage, now: datetime, **values: Any) -> bool:
        """Approve or decline an idea nobody has decided yet; whether this was the decision."""
        values = {"state": state, "changed_at": now, **values}
        open_ = update(ideas).where(ideas.c.id == idea, ideas.c.state.in_(OPEN))
        return await self._write(open_.values(values))

    async def ask(self, idea: str, question: str, now: datetime) -> bool:
        """Put a question to the author of an idea that is not decided; whether it could be put."""
        put = {"state": Stage.ASKED, "changed_at": now, "question": question, "answer": None}
        new = update(ideas).where(ideas.c.id == idea, ideas.c.state == Stage.NEW)
        return await self._write(new.values(**put, round=ideas.c.round + 1))

    async def answer(self, idea: str, user: str, answer: str, now: datetime) -> bool:
        """The author's answer to the question; whether the question was still open."""
        asked = update(ideas).where(ideas.c.id == idea, ideas.c.user == user, ideas.c.state == Stage.ASKED)
        return await self._write(asked.values(state=Stage.NEW, changed_at=now, answer=answer))

    async def _write(self, statement: Any) -> bool:
        async with single(self._engine) as connection:
            return bool((await connection.execute(statement)).rowcount)


def _idea(row: RowMapping) -> Idea:
    return Idea(**{**row, "state": Stage(row["state"])})

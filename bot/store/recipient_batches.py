"""Subsets of recipients: planning for a hundred thousand people is done in batches."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, true


@dataclass(frozen=True)
class These:
    """Users by their IDs, a few hundred at most: each ID is a parameter of the statement."""

    users: Collection[str]

    def among(self, column: ColumnElement[str]) -> ColumnElement[bool]:
        """The condition on a column of user IDs."""
        return column.in_(self.users)


@dataclass(frozen=True)
class Between:
    """All users after one ID and up to another, in the database's order. None means no bound."""

    after: str | None = None
    upto: str | None = None

    def among(self, column: ColumnElement[str]) -> ColumnElement[bool]:
        """The condition on a column of user IDs."""
        above = true() if self.after is None else column > self.after
        return and_(above, true() if self.upto is None else column <= self.upto)


Recipients = These | Between
EVERYBODY = Between()

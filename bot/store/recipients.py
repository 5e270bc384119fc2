"""A part of all recipients: what is done for a hundred thousand people is done for some of them at a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, true


@dataclass(frozen=True)
class These:
    """Some users by their IDs, a few hundred at most."""

    users: Collection[str]

    def among(self, column: ColumnElement[str]) -> ColumnElement[bool]:
        """The condition on a column of user IDs."""
        return column.in_(self.users)


@dataclass(frozen=True)
class Between:
    """All users after an ID and up to another, in the order of the database; None has no bound."""

    after: str | None = None
    upto: str | None = None

    def among(self, column: ColumnElement[str]) -> ColumnElement[bool]:
        """The condition on a column of user IDs."""
        above = true() if self.after is None else column > self.after
        return and_(above, true() if self.upto is None else column <= self.upto)


Recipients = These | Between
EVERYBODY = Between()

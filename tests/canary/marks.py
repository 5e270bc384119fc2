"""Marks that can be found again wherever they come to stand: everything about a person is one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What about a person a mark stands for; `id` is that of a row about what they wrote.

    `organiser` and `words` are of somebody who stands in for a representative, and edits a post.
    """

    USER = "user"
    NAME = "name"
    PLAN = "plan"
    REMARK = "remark"
    IDEA = "idea"
    ANSWER = "answer"
    QUESTION = "question"
    REASON = "reason"
    ID = "id"
    ORGANISER = "organiser"
    WORDS = "words"


@dataclass(frozen=True)
class Mark:
    """One thing about one person, who has a number."""

    kind: Kind
    number: int


_USER = "U0CANARY"
_ORGANISER = "U0CANORG"
_WRITTEN = "name|plan|remark|idea|answer|question|reason|words"
_FOUND = re.compile(rf"{_USER}(\d{{4}})|{_ORGANISER}(\d{{4}})|canary({_WRITTEN})(\d{{4}})", re.IGNORECASE)


def user(number: int) -> str:
    """Somebody's user ID."""
    return f"{_USER}{number:04}"


def organiser(number: int) -> str:
    """The user ID of somebody who stands in for a representative."""
    return f"{_ORGANISER}{number:04}"


def word(kind: Kind, number: int) -> str:
    """What somebody is called or writes, or is written to about it."""
    return f"canary{kind}{number:04}"


@dataclass
class Finder:
    """Finds every mark in a text; `ids` are those of rows, as they become known."""

    ids: dict[str, int] = field(default_factory=dict)

    def learn(self, ids: Mapping[str, int]) -> None:
        """Take rows' IDs for marks from here on."""
        self.ids.update(ids)

    def marks(self, content: str | bytes) -> set[Mark]:
        """The marks in a text, or in the bytes of a file."""
        text = content.decode("latin-1") if isinstance(content, bytes) else content
        found = {_mark(*each.groups()) for each in _FOUND.finditer(text)}
        return found | {Mark(Kind.ID, number) for name, number in self.ids.items() if name in text}


def _mark(user_number: str | None, organiser_number: str | None, kind: str | None, number: str | None) -> Mark:
    if user_number:
        return Mark(Kind.USER, int(user_number))
    if organiser_number:
        return Mark(Kind.ORGANISER, int(organiser_number))
    return Mark(Kind(str(kind).lower()), int(str(number)))

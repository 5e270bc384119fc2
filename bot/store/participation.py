"""What people did in a campaign, person by person, and what each of them adds to each of its measures.

It is exact, and shown to nobody before `standings` has blurred it. Everything counts in the country in which it was
done. A person counts once in a campaign for each thing, where they did it first, so that the countries add up to the
company.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Float,
    Integer,
    Select,
    String,
    Table,
    and_,
    cast,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.types import NullType

from bot.store.actions import ActionKind
from bot.store.database import snapshot
from bot.store.pledges import Answer
from bot.store.tables import actions, outcomes, pledges

TIP = "tip:"
"""What the measure of a tip begins with; the tip's post follows."""

_DID = "did"
"""The answer of who took part in Earth Hour."""

_AT_ONCE, _A_TURN = 500, 10
"""Rows that are fetched at once, and those after which whoever presses has a turn."""

_GRAMS = 1000
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")

Contribution = Mapping[tuple[str, str | None], int]
"""What somebody adds, by measure and country: people and pledges in ones, minutes, and grams."""


class Event(NamedTuple):
    """Something somebody did, in the columns that deeds, pledges and outcomes share.

    `name` is the kind of a deed, or the pledge; `occasion` its subject, or when a pledge was answered for. `number` has
    the minutes of a deed, and whether somebody who answers for a pledge will go on.
    """

    user: str
    source: str
    name: str
    occasion: str
    country: str | None
    at: Any
    answer: str | None
    number: int | None
    kg: float | None


@dataclass(frozen=True)
class KilogramRules:
    """How a campaign counts kilograms: at most `max_kg` for each act, and a pledge of `once` only once."""

    once: Collection[str] = ()
    max_kg: int = 50

    def grams(self, act: Event) -> int:
        """What an act weighs."""
        return round(min(act.kg or 0.0, self.max_kg) * _GRAMS)


class Participation:
    """What people did in a campaign, read from their rows each time."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def added(self, campaign: str, rules: KilogramRules) -> AsyncIterator[tuple[str, Contribution]]:
        """Everybody who did something, each once, with what they add; withdrawn pledges are left out."""
        mine: list[Event] = []
        async with snapshot(self._engine) as connection, connection.stream(_acts(campaign)) as rows:
            async for batch in rows.partitions(_AT_ONCE):
                for number, act in enumerate(map(Event._make, batch)):
                    if number % _A_TURN == 0:
                        await asyncio.sleep(0)
                    if mine and mine[0].user != act.user:
                        yield mine[0].user, contribution(mine, rules)
                        mine = []
                    mine.append(act)
        if mine:
            yield mine[0].user, contribution(mine, rules)


def contribution(acts: Iterable[Event], rules: KilogramRules) -> Contribution:
    """What one person adds by everything they did.

    A pledge of `once` weighs at most once, however often it was done, and then as much as it ever did. Any other weighs
    for each day on which it was done, or once if nobody said on which. What they do anyway adds nothing.
    """
    person = _Person(rules)
    for act in sorted(acts, key=attrgetter("source", "at", "name", "occasion")):
        _READ[act.source](person, act)
    person.weigh()
    return person.contribution


@dataclass
class _Person:
    """What one person adds, while their acts are gone through: what they pledged comes before how it went."""

    rules: KilogramRules
    contribution: dict[tuple[str, str | None], int] = field(default_factory=dict)
    counted: set[tuple[str, str]] = field(default_factory=set)
    stands: set[str] = field(default_factory=set)
    done: dict[str, list[Event]] = field(default_factory=dict)

    def add(self, measure: str, act: Event, amount: int = 1) -> None:
        if amount:
            key = measure, act.country
            self.contribution[key] = self.contribution.get(key, 0) + amount

    def add_once(self, measure: str, act: Event, each: str = "") -> None:
        if (measure, each) not in self.counted:
            self.counted.add((measure, each))
            self.add(measure, act)

    def deed(self, act: Event) -> None:
        match act.name:
            case ActionKind.JOINED if not act.occasion:
                self.add("participants", act)
            case ActionKind.TIP:
                self.add(TIP + act.occasion, act)
            case ActionKind.OPTED_OUT:
                self.add_once("opted_out", act)
            case ActionKind.EARTH_HOUR if act.answer == _DID:
                self.add_once("earth_hour_people", act)
                self.add("earth_hour_minutes", act, max(act.number or 0, 0))

    def pledge(self, act: Event) -> None:
        self.stands.add(act.name)
        self.add_once("pledgers", act)
        self.add("pledges", act)
        self.add("pledged", act, self.rules.grams(act))

    def outcome(self, act: Event) -> None:
        if act.name not in self.stands:
            return
        self.add_once("answerers", act)
        if act.number:
            self.add_once("continuing", act)
        if act.answer == Answer.DONE:
            self.add_once("confirmed_pledges", act, each=act.name)
            self.done.setdefault(act.name, []).append(act)

    def weigh(self) -> None:
        for pledge, done in self.done.items():
            days = [act for act in done if _DAY.match(act.occasion)]
            if pledge in self.rules.once or not days:
                # The first of those that weigh the most: what was done twice may have been done in two countries.
                days = [max(done, key=self.rules.grams)]
            for act in days:
                self.add("confirmed", act, self.rules.grams(act))


_DEED, _PLEDGE, _OUTCOME = "1", "2", "3"
_READ = {_DEED: _Person.deed, _PLEDGE: _Person.pledge, _OUTCOME: _Person.outcome}


def _acts(campaign: str) -> CompoundSelect[Any]:
    """Every act, those of a person together, in an order that the primary keys have already."""
    stands = and_(pledges.c.already.is_(False), pledges.c.withdrawn_at.is_(None))
    sources = (
        _select(_DEED, actions, name="kind", occasion="subject", at="at", answer="answer", number="minutes"),
        _select(_PLEDGE, pledges, name="pledge", at="made_at", kg="kg").where(stands),
        _select(
            _OUTCOME,
            outcomes,
            name="pledge",
            occasion="occasion",
            at="at",
            answer="answer",
            number="continues",
            kg="kg",
        ),
    )
    return union_all(*(each.filter_by(campaign=campaign) for each in sources)).order_by("user")


def _select(source: str, table: Table, **columns: str) -> Select[Any]:
    # Types are said where a table has no such column, so that the tables fit together; instants are only compared.
    nothing = {"answer": cast(null(), String), "kg": cast(null(), Float), "name": literal(""), "occasion": literal("")}
    found = {name: table.c[column] for name, column in columns.items()}
    values: dict[str, ColumnElement[Any]] = {
        **nothing,
        "user": table.c.user,
        "source": literal(source),
        "country": table.c.country,
        "number": null(),
        **found,
    }
    values |= {"number": cast(values["number"], Integer), "at": type_coerce(values["at"], NullType())}
    labelled: list[ColumnElement[Any]] = [values[name].label(name) for name in Event._fields]
    return select(*labelled).select_from(table)

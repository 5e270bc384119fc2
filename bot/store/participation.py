"""Exact contributions, person by person, to each measure of a campaign.

Nothing here is shown before `bot.standings` has blurred it. Everything counts in the country in which it was done. A
person counts once in a campaign for each measure of people, where they did it first, so that the countries add up to
the company.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
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
from sqlalchemy.types import NullType

from bot.campaign.pledges import OBSTACLE
from bot.store.actions import ActionKind
from bot.store.pledges import Answer
from bot.store.tables import actions, outcomes, pledges

TIP = "tip:"
"""Prefix of the measure of a tip; the name of its post follows."""

GUESS = "guess:"
"""Prefix of the measure of an answer that was guessed; the name of its post and its number follow."""

_DID = "did"
"""The answer of somebody who took part in Earth Hour."""

_AT_ONCE = 500
"""Rows to fetch at once."""

_GRAMS = 1000
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")

Contribution = Mapping[tuple[str, str | None], int]
"""Amounts that one person adds, by measure and country: people and pledges in ones, minutes, and grams."""


class Event(NamedTuple):
    """Something that somebody did, in the columns that actions, pledges and outcomes share.

    `name` is the kind of an action, or the pledge; `occasion` is the subject of an action, or the occasion of an
    outcome. `number` has the minutes of an action, or whether somebody who reports an outcome will go on;
    `obstacle`, what would have made that easier.
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
    obstacle: str | None


@dataclass(frozen=True)
class KilogramRules:
    """The rules for counting kilograms: at most `max_kg` for each event, and a pledge in `once` only once."""

    once: Collection[str] = ()
    max_kg: int = 50

    def grams(self, act: Event) -> int:
        """Return the grams that an event counts."""
        # Whole grams, because sums of floats depend on their order, and the noise depends on every amount.
        return round(min(act.kg or 0.0, self.max_kg) * _GRAMS)


def contributions(connection: Connection, campaign: str, rules: KilogramRules) -> Iterator[tuple[str, Contribution]]:
    """Yield everybody who did something, once, with their contribution. Withdrawn pledges are left out.

    Read from the rows of people each time, so that no total can drift from them.
    """
    # Streamed: a million rows are never in memory.
    rows = connection.execution_options(yield_per=_AT_ONCE).execute(_acts(campaign))
    for user, acts in groupby(map(Event._make, rows), attrgetter("user")):
        yield user, contribution(acts, rules)


def contribution(acts: Iterable[Event], rules: KilogramRules) -> Contribution:
    """Compute the contribution of one person from everything they did.

    1. Actions, then pledges, then outcomes: an outcome counts only for a pledge that stands.
    2. A pledge in `once` counts its grams at most once, however often it was done, at the largest amount.
    3. Any other pledge counts for each day on which it was done, or once if no day is known.
    """
    person = _Person(rules)
    # Rows of one person come in no order, and what counts once counts in the country of the earliest event.
    for act in sorted(acts, key=attrgetter("source", "at", "name", "occasion")):
        _READ[act.source](person, act)
    person.weigh()
    return person.contribution


@dataclass
class _Person:
    """The contribution of one person while their events are added up, pledges before outcomes."""

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
            case ActionKind.GUESS if act.answer:
                self.add(f"{GUESS}{act.occasion}:{act.answer}", act)
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
            # The pledge was withdrawn, or is something they do anyway.
            return
        self.add_once("answerers", act)
        if act.number:
            self.add_once("continuing", act)
        if act.obstacle:
            self.add_once(OBSTACLE + act.obstacle, act)
        if act.answer == Answer.DONE:
            self.add_once("confirmed_pledges", act, each=act.name)
            self.done.setdefault(act.name, []).append(act)

    def weigh(self) -> None:
        for pledge, done in self.done.items():
            days = [act for act in done if _DAY.match(act.occasion)]
            if pledge in self.rules.once or not days:
                # The first of the largest: it may have been done in two countries, and must count in one.
                days = [max(done, key=self.rules.grams)]
            for act in days:
                self.add("confirmed", act, self.rules.grams(act))


_DEED, _PLEDGE, _OUTCOME = "1", "2", "3"
_READ = {_DEED: _Person.deed, _PLEDGE: _Person.pledge, _OUTCOME: _Person.outcome}


def _acts(campaign: str) -> CompoundSelect[Any]:
    """Select all events, sorted by person, which is an order that the primary keys have already."""
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
            obstacle="obstacle",
        ),
    )
    return union_all(*(each.filter_by(campaign=campaign) for each in sources)).order_by("user")


def _select(source: str, table: Table, **columns: str) -> Select[Any]:
    # PostgreSQL wants the columns of a UNION to have the same types. Instants are only compared, so they stay raw.
    no_text = cast(null(), String)
    nothing = {
        "answer": no_text,
        "obstacle": no_text,
        "kg": cast(null(), Float),
        "name": literal(""),
        "occasion": literal(""),
    }
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

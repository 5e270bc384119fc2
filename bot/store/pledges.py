"""Pledges, their outcomes, and the days on which people want to be reminded of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from enum import StrEnum
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Executable, RowMapping, Select, Table, bindparam, case, delete, select, update

from bot.database.dialect_statements import insert_for, insert_in, lock_person
from bot.store.people import Person
from bot.store.recipient_batches import EVERYBODY, Recipients
from bot.store.tables import outcomes, people, pledges, reminders

_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")


class Answer(StrEnum):
    """Answers to how a pledge went, best first. Only `DONE` confirms kilograms."""

    DONE = "done"
    DECIDED = "decided"
    """For pledges that take a year, such as keeping a laptop: they can be decided but not done in a week."""
    PARTLY = "partly"
    NOT_YET = "not_yet"
    NOT = "not"


@dataclass(frozen=True)
class Factor:
    """Savings on one occasion in kg CO2e, and the version of the figures. `kg` is `None` if there is no figure."""

    kg: float | None
    kg_low: float
    kg_high: float
    factors: str


@dataclass(frozen=True)
class Pledged:
    """A pledge that somebody made, with their country and the figure at the time.

    `already` means that they do it anyway. `remind_at` is a local time; `any_hour` allows it outside working hours.
    """

    campaign: str
    user: str
    pledge: str
    country: str | None
    made_at: datetime
    factor: Factor
    already: bool = False
    plan: str | None = None
    remind_at: time | None = None
    any_hour: bool = False
    remind_on: tuple[date, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """The outcome of a pledge on an occasion, which is a local date in ISO form or the post that asked."""

    campaign: str
    user: str
    pledge: str
    occasion: str
    country: str | None
    at: datetime
    answer: Answer
    factor: Factor
    obstacle: str | None = None
    continues: bool | None = None

    @property
    def is_day(self) -> bool:
        """True if it says "done on this day", False if it answers the question of a post."""
        return bool(_DAY.match(self.occasion))


class Pledges:
    """Stores pledges, reminders and outcomes."""

    def make(self, connection: Connection, pledged: Pledged) -> bool:
        """Store a pledge. Returns whether there were or are reminders of it.

        Made again, a pledge gets the new plan and reminders, and keeps its first country and figure. A withdrawn pledge
        is made anew, with the country and the figure of today. Somebody who has stopped messages and asks for reminders
        wants these.
        """
        key = {"campaign": pledged.campaign, "user": pledged.user, "pledge": pledged.pledge}
        days = [{**key, "day": day} for day in sorted(set(pledged.remind_on))]
        lock_person(connection, pledged.user)
        connection.execute(_making(connection.dialect.name), _pledge_row(pledged))
        # Replaced as a whole, since the form shows all days and the person may have cleared some.
        had_reminders = self._remove_reminders(connection, **key)
        if days:
            connection.execute(reminders.insert(), days)
            connection.execute(_resuming(), {"of_user": pledged.user})
        return had_reminders or bool(days)

    def withdraw(self, connection: Connection, campaign: str, user: str, pledge: str, now: datetime) -> bool:
        """Withdraw a pledge and its reminders. Returns whether there was one."""
        mine = {"campaign": campaign, "user": user, "pledge": pledge}
        standing = update(pledges).filter_by(**mine).where(pledges.c.withdrawn_at.is_(None))
        lock_person(connection, user)
        done = connection.execute(standing.values(withdrawn_at=now)).rowcount > 0
        self._remove_reminders(connection, **mine)
        return done

    def stop_reminders(self, connection: Connection, campaign: str, user: str, pledge: str) -> None:
        """Delete the reminders of a pledge."""
        self._remove_reminders(connection, campaign, user, pledge)

    def _remove_reminders(self, connection: Connection, campaign: str, user: str, pledge: str) -> bool:
        values = {"in_campaign": campaign, "of_user": user, "of_pledge": pledge}
        return connection.execute(_removing_reminders(), values).rowcount > 0

    def of(self, connection: Connection, campaign: str, user: str) -> list[Pledged]:
        """List somebody's pledges that are not withdrawn, oldest first."""
        mine = {"in_campaign": campaign, "of_user": user}
        rows = connection.execute(_pledges_of(), mine).mappings().all()
        when = connection.execute(_reminders_of(), mine).all() if rows else []
        return [_pledged(row, [each.day for each in when if each.pledge == row["pledge"]]) for row in rows]

    def asked_about(self, connection: Connection, campaign: str, user: str) -> list[str]:
        """List the pledges that a check-in can ask about: not withdrawn, and not something they do anyway."""
        query = _standing(campaign).where(pledges.c.user == user, pledges.c.already.is_(False))
        return list(connection.scalars(query.with_only_columns(pledges.c.pledge)))

    def to_remind(
        self, connection: Connection, campaign: str, recipients: Recipients = EVERYBODY
    ) -> list[tuple[Person, Pledged]]:
        """List the people who want reminders, each with the pledge."""
        days: dict[tuple[str, str], list[date]] = {}
        wanted = select(reminders).filter_by(campaign=campaign).order_by(reminders.c.day)
        wanted = wanted.where(recipients.among(reminders.c.user))
        joined = pledges.join(people, people.c.user == pledges.c.user)
        query = _standing(campaign).add_columns(*people.c).select_from(joined)
        query = query.where(pledges.c.remind_at.is_not(None), recipients.among(pledges.c.user))
        for each in connection.execute(wanted):
            days.setdefault((each.user, each.pledge), []).append(each.day)
        rows = connection.execute(query).mappings().all() if days else []
        keyed = [(row, days.get((row[pledges.c.user], row[pledges.c.pledge]), [])) for row in rows]
        return [(_person(row), _pledged(row, when)) for row, when in keyed if when]

    def answer(self, connection: Connection, answers: Iterable[Outcome]) -> None:
        """Store outcomes in place of earlier ones on the same occasion. Keeps the country of the first answer."""
        # In the order of the key, so that two transactions at once cannot deadlock.
        rows = sorted(map(_outcome_row, answers), key=itemgetter(*_OUTCOME_KEY))
        statement = insert_for(connection, outcomes)
        changed = {name: statement.excluded[name] for name in ("answer", "obstacle", "continues")}
        if rows:
            connection.execute(statement.on_conflict_do_update(index_elements=_OUTCOME_KEY, set_=changed), rows)

    def mark(self, connection: Connection, outcome: Outcome) -> bool:
        """Record that a pledge was done on a day. Returns whether that is new."""
        statement = insert_for(connection, outcomes).on_conflict_do_nothing()
        return connection.execute(statement, _outcome_row(outcome)).rowcount > 0

    def outcomes(self, connection: Connection, campaign: str, user: str) -> list[Outcome]:
        """List the outcomes of somebody's pledges, oldest first."""
        mine = {"in_campaign": campaign, "of_user": user}
        return [_outcome(row) for row in connection.execute(_outcomes_of(), mine).mappings()]


_PLEDGE_KEY = ("campaign", "user", "pledge")
_OUTCOME_KEY = (*_PLEDGE_KEY, "occasion")


@cache
def _making(dialect: str) -> Executable:
    """Build the statement that stores a pledge, once for each kind of database."""
    statement = insert_in(dialect, pledges)
    new = statement.excluded
    replaced = {name: new[name] for name in ("already", "plan", "remind_at", "any_hour", "withdrawn_at")}
    kept = {
        name: case((pledges.c.withdrawn_at.is_(None), pledges.c[name]), else_=new[name])
        for name in ("country", "made_at", "kg", "kg_low", "kg_high", "factors")
    }
    return statement.on_conflict_do_update(index_elements=_PLEDGE_KEY, set_=replaced | kept)


def _standing(campaign: str) -> Select[Any]:
    return select(pledges).where(pledges.c.campaign == campaign, pledges.c.withdrawn_at.is_(None))


def _of(table: Table) -> Select[Any]:
    """Select the rows of one person in a campaign."""
    return select(table).where(table.c.campaign == bindparam("in_campaign"), table.c.user == bindparam("of_user"))


# Built once, as each press needs some of them: putting a statement together costs as much as running it.
@cache
def _pledges_of() -> Select[Any]:
    return _of(pledges).where(pledges.c.withdrawn_at.is_(None)).order_by(pledges.c.made_at, pledges.c.pledge)


@cache
def _reminders_of() -> Select[Any]:
    return _of(reminders).order_by(reminders.c.day)


@cache
def _outcomes_of() -> Select[Any]:
    return _of(outcomes).order_by(outcomes.c.at, outcomes.c.occasion)


@cache
def _removing_reminders() -> Executable:
    return delete(reminders).where(
        reminders.c.campaign == bindparam("in_campaign"),
        reminders.c.user == bindparam("of_user"),
        reminders.c.pledge == bindparam("of_pledge"),
    )


@cache
def _resuming() -> Executable:
    return update(people).where(people.c.user == bindparam("of_user")).values(stopped_at=None)


def _pledge_row(pledged: Pledged) -> dict[str, Any]:
    row = asdict(pledged)
    del row["remind_on"]
    return {**row.pop("factor"), **row, "withdrawn_at": None}


def _outcome_row(outcome: Outcome) -> dict[str, Any]:
    row = asdict(outcome)
    return {**row.pop("factor"), **row}


def _factor(row: RowMapping, table: Any) -> Factor:
    return Factor(row[table.c.kg], row[table.c.kg_low], row[table.c.kg_high], row[table.c.factors])


def _pledged(row: RowMapping, days: Sequence[date]) -> Pledged:
    names = ("campaign", "user", "pledge", "country", "made_at", "already", "plan", "remind_at", "any_hour")
    values = {name: row[pledges.c[name]] for name in names}
    return Pledged(**values, factor=_factor(row, pledges), remind_on=tuple(days))


def _person(row: RowMapping) -> Person:
    return Person(**{column.name: row[column] for column in people.c})


def _outcome(row: RowMapping) -> Outcome:
    names = ("campaign", "user", "pledge", "occasion", "country", "at", "obstacle", "continues")
    values = {name: row[outcomes.c[name]] for name in names}
    return Outcome(**values, answer=Answer(row["answer"]), factor=_factor(row, outcomes))

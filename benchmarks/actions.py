"""What people did in a campaign: each the same number of things, so that only how many they are makes a difference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, TextClause, text

from bot.campaign.model import Campaign, Pledge
from bot.database.database import Database
from bot.store.actions import ActionKind
from bot.store.people import Person
from bot.store.pledges import Answer
from bot.store.tables import actions, outcomes, people, pledges

EACH = 20
"""Actions of one person: eight actions, three pledges, and three times how each of them went."""

_TIPS = 5
_PLEDGES = 3
_KINDS = 2
"""Of people in each country: every second one went the other way where there are two."""
_NAME = "U0BENCH"

_DAY = timedelta(days=1)

Row = dict[str, Any]


def user(number: int) -> str:
    """The ID of one of them."""
    return f"{_NAME}{number:05d}"


async def fill(database: Database, campaign: Campaign, actions: int, now: datetime) -> None:
    """Write so many actions of the two days before `now` into an empty database, with the people whose they are."""
    patterns = [_Doer(campaign, number, now) for number in range(_KINDS * len(campaign.countries))]
    with database.transaction() as connection:
        for table, rows in _rows(patterns).items():
            connection.execute(table.insert(), rows)
            connection.execute(_copying(table), {"patterns": len(patterns), "last": actions // EACH - 1})


def _copying(table: Table) -> TextClause:
    """Makes the rows of everybody out of those of the first few, in the database: it would take Python too long."""
    columns = [f'"{column.name}"' for column in table.c]
    copied = ["name" if column == '"user"' else column for column in columns]
    return text(f"""
        INSERT INTO {table.name} ({", ".join(columns)})
        WITH RECURSIVE copies(number) AS (
            SELECT :patterns UNION ALL SELECT number + 1 FROM copies WHERE number < :last
        ), names AS (
            SELECT printf('{_NAME}%05d', number) AS name, printf('{_NAME}%05d', number % :patterns) AS pattern
            FROM copies
        )
        SELECT {", ".join(copied)} FROM names JOIN {table.name} ON "user" = pattern
    """)  # noqa: S608 - all of it is ours


@dataclass(frozen=True)
class _Doer:
    """One of the first few, of whom all others are copies."""

    campaign: Campaign
    number: int
    now: datetime

    @property
    def country(self) -> str:
        return self.campaign.countries[self.number % len(self.campaign.countries)].code

    @property
    def is_keen(self) -> bool:
        return self.number < len(self.campaign.countries)

    @property
    def mine(self) -> Row:
        return {"campaign": self.campaign.id, "user": user(self.number), "country": self.country}

    @property
    def pledged(self) -> tuple[Pledge, ...]:
        return self.campaign.pledges[:_PLEDGES]


def _rows(doers: list[_Doer]) -> dict[Table, list[Row]]:
    return {
        people: [_person(each) for each in doers],
        actions: [row for each in doers for row in _deeds(each)],
        pledges: [_pledge(each, pledge) for each in doers for pledge in each.pledged],
        outcomes: [row for each in doers for pledge in each.pledged for row in _outcomes(each, pledge)],
    }


def _person(doer: _Doer) -> Row:
    """Somebody who wants no messages: planning those is measured elsewhere."""
    joined_at = doer.now - 2 * _DAY
    return asdict(Person("T0BENCH", user(doer.number), "UTC", joined_at, country=doer.country, language="en"))


def _deeds(doer: _Doer) -> Iterator[Row]:
    plain = {**doer.mine, "at": doer.now - _DAY, "answer": None, "minutes": None}
    yield {**plain, "kind": ActionKind.JOINED, "subject": ""}
    for number in range(_TIPS):
        yield {**plain, "kind": ActionKind.TIP, "subject": f"tip-{number}"}
    yield {**plain, "kind": ActionKind.EARTH_HOUR_INTENT, "subject": ""}
    answer = {"answer": "did", "minutes": 60} if doer.is_keen else {"answer": "forgot"}
    yield {**plain, "kind": ActionKind.EARTH_HOUR, "subject": "", **answer}


def _pledge(doer: _Doer, pledge: Pledge) -> Row:
    made = {"made_at": doer.now - _DAY, "already": False, "plan": "After work", "remind_at": None, "any_hour": False}
    return {**doer.mine, **_figures(doer, pledge), **made, "withdrawn_at": None}


def _outcomes(doer: _Doer, pledge: Pledge) -> Iterator[Row]:
    """Done on two days, and once in answer to a question."""
    plain = {**doer.mine, **_figures(doer, pledge), "answer": Answer.DONE, "obstacle": None, "continues": None}
    for at in (doer.now - 2 * _DAY, doer.now - _DAY):
        yield {**plain, "at": at, "occasion": at.date().isoformat()}
    asked = {} if doer.is_keen else {"answer": Answer.NOT}
    yield {**plain, "at": doer.now - _DAY, "occasion": "check-in", "continues": doer.is_keen, **asked}


def _figures(doer: _Doer, pledge: Pledge) -> Row:
    kilograms = {"kg": pledge.kilograms(doer.country), "kg_low": pledge.low, "kg_high": pledge.high}
    return {"pledge": pledge.id, **kilograms, "factors": doer.campaign.factors_version}

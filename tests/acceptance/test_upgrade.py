"""Databases in which the bot's first versions kept a week, in today's bot.

`weeks/first.json` is what the first version that could play a week had in its database when the week was over, and
`weeks/second.json` the same of the first one in which people could take part: each played a rehearsal of its own
campaign, in the code of then, and nothing in them was written by hand.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, Text, bindparam, select, text
from sqlalchemy.types import Boolean, Date, DateTime, Time

from bot.database.database import Database
from bot.database.urls import open_database
from bot.settings import Transport
from bot.standings.published_figures import Standings
from bot.store.schema import upgrade
from bot.store.tables import Instant, metadata
from rehearsal.slack.workspace import User
from tests.bot.store import old_versions
from tests.bot.store.databases import Server, server, up_to_date, url
from tests.bot.store.old_versions import COLUMNS, TABLES, config
from tests.bot.store.test_migrations import shape
from tests.campaigns import SHIPPED
from tests.simulation import MachineClock, simulate

from .participants import Participant

__all__ = ["server", "up_to_date", "url"]

WEEKS = Path(old_versions.__file__).parent / "weeks"
Row = dict[str, Any]

AFTERWARDS = datetime(2027, 5, 3, 9, tzinfo=UTC)
FORGOTTEN = datetime(2027, 7, 23, 9, tzinfo=UTC)
"""Ninety days after the campaign has closed, and one more."""

ANEW = {"outbox": {"id"}, "remarks": {"id"}, "snapshots": {"standings"}}
"""What is not as it was, on purpose: ids that could be guessed, and sums from which hidden figures could be."""

GONE = {"snapshots": {"basis"}}
"""Columns that were removed, with what was in them."""


@dataclass(frozen=True)
class Played:
    """A week that a version has played: what its database held, by table, and which indexes it had."""

    revision: str
    indexes: tuple[str, ...]
    tables: Mapping[str, list[Row]]

    @classmethod
    def read(cls, name: str) -> Played:
        """Read what is kept of it."""
        kept = json.loads((WEEKS / f"{name}.json").read_text("utf-8"))
        tables = {table: rows_of(table, columns, rows) for table, (columns, *rows) in kept["tables"].items()}
        return cls(kept["revision"], tuple(kept["indexes"]), tables)

    def write(self, connection: Connection) -> None:
        """Make the database as that version left it."""
        command.upgrade(config(connection), self.revision)
        # The first migration has got an index since. A database of before has none, and says the same revision.
        for index in {"ix_outbox_state_due_at_recipient"} - {*self.indexes}:
            connection.exec_driver_sql(f"DROP INDEX {index}")
        for table, rows in self.tables.items():
            for row in rows:
                names = ", ".join(f'"{column}"' for column in row)
                values = ", ".join(f":{column}" for column in row)
                insertion = text(f'INSERT INTO "{table}" ({names}) VALUES ({values})')  # noqa: S608 - our own names
                parameters = [bindparam(column, type_=type_of(table, column)) for column in row]
                connection.execute(insertion.bindparams(*parameters), row)
        connection.commit()


def rows_of(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[Row]:
    return [{name: typed(table, name, value) for name, value in zip(columns, row, strict=True)} for row in rows]


def type_of(table: str, column: str) -> Any:
    """The type of a column by its name of then; what is gone by now was text."""
    now = metadata.tables[TABLES.get(table, table)].c
    return next((now[name].type for name in (column, COLUMNS.get(column, column)) if name in now), Text())


def typed(table: str, column: str, value: Any) -> Any:
    """A value as Python has it; SQLite has dates and instants as text."""
    match type_of(table, column):
        case _ if value is None:
            return None
        case Instant():
            return datetime.fromisoformat(value).replace(tzinfo=UTC)
        case DateTime():
            return datetime.fromisoformat(value)
        case Date():
            return date.fromisoformat(value)
        case Time():
            return time.fromisoformat(value)
        case Boolean():
            return bool(value)
    return value


def today(table: str, row: Row) -> Row:
    """A row by today's names, without what is not as it was."""
    names = {**COLUMNS, "owner": "claimed_by"}
    left = ANEW.get(table, set()) | GONE.get(table, set())
    return {names.get(column, column): value for column, value in row.items() if column not in left}


@pytest.fixture(params=["first", "second"])
def played(request: pytest.FixtureRequest) -> Played:
    return Played.read(request.param)


@pytest.fixture
async def old(empty_url: str, played: Played) -> AsyncIterator[Database]:
    """A database of that version, with its week in it."""
    database = open_database(empty_url)
    with database.transaction() as connection:
        played.write(connection)
    yield database
    await database.close()


@pytest.fixture
def empty_url(url: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The address of a database without tables."""
    if url.startswith("sqlite"):
        return f"sqlite:///{tmp_path / 'old.db'}"
    found: Server = request.getfixturevalue("server")
    return found.empty()


def contents(database: Database, table: str) -> list[Row]:
    with database.transaction() as connection:
        return [dict(row) for row in connection.execute(select(metadata.tables[table])).mappings()]


def ordered(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: repr(sorted(row.items())))


async def test_no_row_of_a_finished_week_is_lost(old: Database, played: Played) -> None:
    await upgrade(old)
    assert sum(map(len, played.tables.values())) > 70
    for name, before in played.tables.items():
        table = TABLES.get(name, name)
        expected = [today(name, row) for row in before]
        after = contents(old, table)
        kept = [{column: row[column] for column in expected[0]} for row in after] if expected else after
        assert ordered(kept) == ordered(expected), table
        for column in ANEW.get(name, ()):
            assert len({row[column] for row in after}) == len({row[column] for row in before}), (table, column)


async def test_an_upgraded_week_has_the_shape_of_a_new_one(
    old: Database, tmp_path: Path, url: str, request: pytest.FixtureRequest
) -> None:
    await upgrade(old)
    server: Server | None = None if url.startswith("sqlite") else request.getfixturevalue("server")
    new = open_database(server.empty() if server else f"sqlite:///{tmp_path / 'new.db'}")
    await upgrade(new)
    assert await shape(old) == await shape(new)
    await new.close()


@pytest.mark.parametrize("played", ["second"], indirect=True)
async def test_todays_bot_goes_on_with_a_week_of_then(
    old: Database, played: Played, tmp_path: Path, empty_url: str
) -> None:
    async with simulate(tmp_path, SHIPPED, MachineClock(AFTERWARDS), transport=Transport.HTTP) as week:
        week.address = empty_url
        user = next(row["user"] for row in played.tables["pledges"])
        week.slack.workspace.add_user(User(user, "somebody"))
        await upgrade(old)
        await week.start()
        await week.open_door()
        await week.run_until(AFTERWARDS.replace(day=10))
        assert week.slack.workspace.log == [], "nothing that was sent then is sent again"
        who = Participant(week, user)
        pledged = {row["pledge"] for row in played.tables["pledges"] if row["user"] == user}
        assert {each.pledge for each in await who.pledged()} == pledged
        assert (await who.types("data")).text
        await who.types("forget")
        await who.fills()
        assert await who.stored() == {}
        await week.run_until(FORGOTTEN)
        left = {table: contents(old, table) for table in ("actions", "pledges", "outcomes", "ideas", "people")}
        assert left == {table: [] for table in left}
        kept = [Standings.model_validate_json(row["standings"]) for row in contents(old, "snapshots")]
    assert len(kept) == len(played.tables["snapshots"])

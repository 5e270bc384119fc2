"""The migrations on a database with something in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, TextClause, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

import bot
from bot.store.database import open_database, single, upgrade
from bot.store.outbox import Outbox, State
from bot.store.people import People, Person
from bot.store.tables import metadata

from .lines import CAMPAIGN, LEASE, line, planned

FIRST: dict[str, dict[str, Any]] = {
    "outbox": {
        "id": "row", "campaign": CAMPAIGN, "post": "tip", "audience": "countries", "recipient": "SE",
        "local_date": "2027-03-15", "kind": "tip", "country": "SE", "language": "sv", "zone": "Europe/Stockholm",
        "local": "2027-03-15 09:00:00.000000", "due_at": "2027-03-15 08:00:00.000000",
        "late_until": "2027-03-15 10:00:00.000000", "planned_at": "2027-03-14 08:00:00.000000", "state": "sent",
        "attend_at": "2027-03-15 08:00:30.000000", "owner": "me", "reason": None, "channel": "C0WEEK", "ts": "1.000100",
        "sent_at": "2027-03-15 08:00:01.000000",
    },
    "people": {
        "workspace": "T0TEAM", "user": "U0ANN", "country": "SE", "country_source": "said", "language": "sv",
        "zone": "Europe/Stockholm", "joined_at": "2027-03-14 09:30:00.000000", "direct_messages": True,
        "earth_hour_reminder": False, "paused_until": "2027-03-17",
    },
}  # fmt: skip
"""One row a table, as the first version wrote them."""

ANN = Person(
    "T0TEAM",
    "U0ANN",
    "Europe/Stockholm",
    datetime(2027, 3, 14, 9, 30, tzinfo=UTC),
    "SE",
    "said",
    "sv",
    direct_messages=True,
    paused_until=date(2027, 3, 17),
)

Run = Callable[[Config, str], None]


def config(connection: Connection) -> Config:
    made = Config()
    made.set_main_option("script_location", str(Path(bot.__file__).parent / "store" / "migrations"))
    made.attributes["connection"] = connection
    return made


async def migrated(engine: AsyncEngine, run: Run, revision: str) -> None:
    def go(connection: Connection) -> None:
        run(config(connection), revision)
        connection.commit()

    async with engine.connect() as connection:
        await connection.run_sync(go)


@pytest.fixture
async def old(empty: AsyncEngine) -> AsyncEngine:
    """A database of the first version, in use."""
    await migrated(empty, command.upgrade, "0001")
    async with empty.begin() as connection:
        for table, row in FIRST.items():
            await connection.execute(insertion(table), row)
    return empty


def insertion(table: str) -> TextClause:
    names = ", ".join(f'"{name}"' for name in FIRST[table])
    values = ", ".join(f":{name}" for name in FIRST[table])
    return text(f'INSERT INTO "{table}" ({names}) VALUES ({values})')  # noqa: S608 - our own names


async def rows(engine: AsyncEngine, table: str) -> list[dict[str, Any]]:
    async with single(engine) as connection:
        return [dict(row) for row in (await connection.execute(text(f'SELECT * FROM "{table}"'))).mappings()]  # noqa: S608


async def differences(engine: AsyncEngine) -> list[object]:
    def find(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata))

    async with engine.connect() as connection:
        return await connection.run_sync(find)


async def names(engine: AsyncEngine) -> set[str]:
    async with single(engine) as connection:
        return set(await connection.run_sync(lambda each: inspect(each).get_table_names()))


async def test_what_the_first_version_wrote_is_read_by_the_newest(old: AsyncEngine) -> None:
    await upgrade(old)
    assert await differences(old) == []
    assert await People(old).get("U0ANN") == ANN
    [row] = await Outbox(old, "me", LEASE).rows(CAMPAIGN)
    assert (row.id, row.line, row.state, row.ts, row.shown) == ("row", line(), State.SENT, "1.000100", None)


async def test_what_the_first_version_sent_is_not_sent_again(old: AsyncEngine) -> None:
    await upgrade(old)
    outbox = Outbox(old, "me", LEASE)
    assert [row.id for row in await planned(outbox, line())] == ["row"]
    assert await outbox.claim(line().due_at, 5) == []


async def test_going_back_to_the_first_version_keeps_what_it_knew(old: AsyncEngine) -> None:
    await upgrade(old)
    await migrated(old, command.downgrade, "0001")
    assert await names(old) == {*FIRST, "alembic_version"}
    assert {table: await rows(old, table) for table in FIRST} == {table: [row] for table, row in FIRST.items()}
    await upgrade(old)
    assert await differences(old) == []
    assert await People(old).get("U0ANN") == ANN


async def test_going_back_keeps_each_line_unique(old: AsyncEngine) -> None:
    await upgrade(old)
    await migrated(old, command.downgrade, "0001")
    async with single(old) as connection:
        with pytest.raises(IntegrityError):
            await connection.execute(insertion("outbox"), FIRST["outbox"] | {"id": "another"})


async def test_an_empty_database_and_one_that_grew_are_the_same(old: AsyncEngine, tmp_path: Path) -> None:
    await upgrade(old)
    new = open_database(f"sqlite:///{tmp_path / 'new.db'}")
    await upgrade(new)
    assert await shape(new) == await shape(old)
    await new.dispose()


async def shape(engine: AsyncEngine) -> dict[str, object]:
    def look(connection: Connection) -> dict[str, object]:
        seen = inspect(connection)
        return {
            name: (
                {column["name"]: (str(column["type"]), column["nullable"]) for column in seen.get_columns(name)},
                sorted((index["name"] or "", index["column_names"]) for index in seen.get_indexes(name)),
                seen.get_pk_constraint(name),
                sorted(each["name"] or "" for each in seen.get_unique_constraints(name)),
            )
            for name in seen.get_table_names()
        }

    async with single(engine) as connection:
        return await connection.run_sync(look)


def test_there_is_one_newest_version() -> None:
    scripts = ScriptDirectory(str(Path(bot.__file__).parent / "store" / "migrations"))
    assert len(scripts.get_heads()) == 1

"""A database of another version of the bot: said in a sentence by whoever opens it, and changed by `run` alone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.cli.report import read_published
from bot.database.database import Database
from bot.database.errors import DatabaseUnusableError
from bot.store.database_check import inspect_database
from bot.store.schema import require_current, upgrade
from bot.store.transfer import transfer

from .databases import Server
from .test_snapshots import WEEK

NOW = datetime(2027, 3, 15, 9, tzinfo=UTC)


async def stamp(database: Database, revision: str) -> None:
    with database.transaction() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})


async def revision(database: Database) -> str:
    with database.transaction() as connection:
        return str(connection.scalar(text("SELECT version_num FROM alembic_version")))


@pytest.fixture
async def newer(database: Database) -> AsyncIterator[Database]:
    """A database that a version has used which does not exist yet."""
    current = await revision(database)
    await stamp(database, "9999")
    yield database
    await stamp(database, current)


def openings(url: str) -> list[Callable[[], object]]:
    """What a command may do with a database that it did not make."""
    return [
        lambda: require_current(url),
        lambda: read_published(url, WEEK),
        lambda: transfer(url, "sqlite:///to.db", NOW),
    ]


async def test_a_newer_schema_is_refused_in_a_sentence(newer: Database, url: str) -> None:
    says = "its schema 9999 is of a newer version of the bot"
    with pytest.raises(DatabaseUnusableError, match=says):
        await upgrade(newer)
    for open_it in openings(url):
        with pytest.raises(DatabaseUnusableError, match=says):
            open_it()
    found = inspect_database(url)
    assert (found.ok, found.is_readable) == (False, False)
    assert "install the newer version again" in found.detail
    assert await revision(newer) == "9999"


async def test_an_older_schema_is_left_to_run(database: Database, url: str) -> None:
    current = await revision(database)
    await stamp(database, "0001")
    for open_it in openings(url):
        with pytest.raises(DatabaseUnusableError, match=f"has schema 0001; earthweek run upgrades it to {current}"):
            open_it()
    found = inspect_database(url)
    assert (found.ok, found.is_readable) == (True, False)
    assert f"it has schema 0001; earthweek run upgrades it to {current}" in found.detail
    assert await revision(database) == "0001"
    await stamp(database, current)


async def test_an_empty_database_gets_no_tables_by_looking(empty: Database, url: str) -> None:
    with empty.transaction() as connection:
        connection.execute(text("CREATE TABLE mine (x integer)"))
    found = inspect_database(url)
    assert (found.ok, found.is_readable) == (True, False)
    assert "it has no tables yet; earthweek run makes them" in found.detail
    with empty.transaction() as connection, pytest.raises(Exception, match=r"no such table|does not exist"):
        connection.execute(text("SELECT * FROM replicas"))


async def test_a_target_of_another_version_is_not_upgraded(
    database: Database, url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    server: Server | None = None if url.startswith("sqlite") else request.getfixturevalue("server")
    to_url = server.empty() if server else f"sqlite:///{tmp_path / 'to.db'}"
    transfer(url, to_url, NOW)
    current = await revision(database)
    await stamp(database, "0002")
    with pytest.raises(DatabaseUnusableError, match="has schema 0002"):
        transfer(to_url, url, NOW)
    assert await revision(database) == "0002"
    await stamp(database, current)

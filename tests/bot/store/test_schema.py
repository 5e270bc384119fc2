"""A database of another version of the bot: said in a sentence by whoever opens it, and changed by `run` alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.cli.report import read_published
from bot.store.database import DatabaseUnusableError, autocommit, require_current, upgrade
from bot.store.inspection import inspect_database
from bot.store.transfer import transfer

from .databases import Server
from .test_snapshots import WEEK

NOW = datetime(2027, 3, 15, 9, tzinfo=UTC)


async def stamp(engine: AsyncEngine, revision: str) -> None:
    async with autocommit(engine) as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = :to"), {"to": revision})


async def revision(engine: AsyncEngine) -> str:
    async with autocommit(engine) as connection:
        return str(await connection.scalar(text("SELECT version_num FROM alembic_version")))


@pytest.fixture
async def newer(engine: AsyncEngine) -> AsyncIterator[AsyncEngine]:
    """A database that a version has used which does not exist yet."""
    current = await revision(engine)
    await stamp(engine, "9999")
    yield engine
    await stamp(engine, current)


async def test_a_newer_schema_is_refused_in_a_sentence(newer: AsyncEngine, url: str) -> None:
    for opening in (
        upgrade(newer),
        require_current(url),
        read_published(url, WEEK),
        transfer(url, "sqlite:///to.db", NOW),
    ):
        with pytest.raises(DatabaseUnusableError, match="its schema 9999 is of a newer version of the bot"):
            await opening
    found = await inspect_database(url)
    assert (found.ok, found.is_readable) == (False, False)
    assert "install the newer version again" in found.detail
    assert await revision(newer) == "9999"


async def test_an_older_schema_is_left_to_run(engine: AsyncEngine, url: str) -> None:
    current = await revision(engine)
    await stamp(engine, "0001")
    for opening in (require_current(url), read_published(url, WEEK), transfer(url, "sqlite:///to.db", NOW)):
        with pytest.raises(DatabaseUnusableError, match=f"has schema 0001; earthweek run upgrades it to {current}"):
            await opening
    found = await inspect_database(url)
    assert (found.ok, found.is_readable) == (True, False)
    assert f"it has schema 0001; earthweek run upgrades it to {current}" in found.detail
    assert await revision(engine) == "0001"
    await stamp(engine, current)


async def test_an_empty_database_gets_no_tables_by_looking(empty: AsyncEngine, url: str) -> None:
    async with autocommit(empty) as connection:
        await connection.execute(text("CREATE TABLE mine (x integer)"))
    found = await inspect_database(url)
    assert (found.ok, found.is_readable) == (True, False)
    assert "it has no tables yet; earthweek run makes them" in found.detail
    async with autocommit(empty) as connection:
        with pytest.raises(Exception, match=r"no such table|does not exist"):
            await connection.execute(text("SELECT * FROM replicas"))


async def test_a_target_of_another_version_is_not_upgraded(
    engine: AsyncEngine, url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    server: Server | None = None if url.startswith("sqlite") else request.getfixturevalue("server")
    to_url = server.empty() if server else f"sqlite:///{tmp_path / 'to.db'}"
    await transfer(url, to_url, NOW)
    current = await revision(engine)
    await stamp(engine, "0002")
    with pytest.raises(DatabaseUnusableError, match="has schema 0002"):
        await transfer(to_url, url, NOW)
    assert await revision(engine) == "0002"
    await stamp(engine, current)

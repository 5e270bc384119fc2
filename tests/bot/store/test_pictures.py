"""Which picture is which file in Slack, and that one process at a time uploads it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.database.urls import open_database
from bot.store.store import Store

from .databases import server, up_to_date, url

__all__ = ["server", "up_to_date", "url"]

NOW = datetime(2027, 3, 15, 8, tzinfo=UTC)
LATER, MINUTE = NOW + timedelta(minutes=10), timedelta(minutes=1)
HERE, LINE = "T0HERE", "a" * 64


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    database = open_database(url)
    yield Store(database, "me", timedelta(seconds=30))
    await database.close()


async def claims(store: Store, at: datetime = NOW, team: str = HERE) -> bool:
    return await store.write(store.pictures.claim, team, LINE, at, at + timedelta(minutes=10))


async def uploads(store: Store, file: str = "F00000001", at: datetime = NOW) -> None:
    await store.write(store.pictures.record, HERE, LINE, file, at)


async def file_at(store: Store, at: datetime, team: str = HERE) -> str | None:
    return await store.read(store.pictures.file, team, LINE, at)


async def test_one_process_uploads_until_its_time_is_over(store: Store) -> None:
    assert await claims(store)
    assert not await claims(store)
    assert not await claims(store, LATER - MINUTE)
    assert await claims(store, LATER)


async def test_uploaded_picture_is_never_claimed_again(store: Store) -> None:
    await claims(store)
    await uploads(store)
    assert not await claims(store, LATER + timedelta(days=90))
    assert await store.read(store.pictures.uploaded, HERE) == {LINE}


async def test_picture_is_known_from_its_upload_on(store: Store) -> None:
    await claims(store)
    assert await file_at(store, LATER) is None
    await uploads(store)
    assert await file_at(store, NOW - MINUTE) is None
    assert await file_at(store, NOW) == "F00000001"


async def test_slower_process_does_not_replace_a_file(store: Store) -> None:
    await claims(store)
    await claims(store, LATER)
    await uploads(store)
    await uploads(store, "F00000002", LATER)
    assert await file_at(store, LATER) == "F00000001"


async def test_each_workspace_has_files_of_its_own(store: Store) -> None:
    await claims(store)
    await uploads(store)
    assert await store.read(store.pictures.uploaded, "T0THERE") == set()
    assert await file_at(store, LATER, "T0THERE") is None
    assert await claims(store, team="T0THERE")


async def test_forgotten_file_may_be_uploaded_anew(store: Store) -> None:
    await claims(store)
    await uploads(store)
    assert await store.write(store.pictures.forget, "F00000001")
    assert not await store.write(store.pictures.forget, "F00000001")
    assert await claims(store)

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest

from bot.database.database import Database
from bot.database.urls import open_database
from bot.store.outbox import Outbox

from .databases import server, up_to_date, url
from .lines import LEASE

__all__ = ["server", "up_to_date", "url"]

Opening = Callable[[str], Outbox]


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    """A database that is up to date, unless a test asks for `empty` as well."""
    database = open_database(url)
    yield database
    await database.close()


@pytest.fixture
def empty(database: Database) -> Database:
    """A database without tables."""
    return database


@pytest.fixture
def opened() -> Opening:
    """The outbox as a process of that name has it."""
    return lambda owner: Outbox(owner, LEASE)


@pytest.fixture
def outbox(opened: Opening) -> Outbox:
    return opened("me")


@pytest.fixture
def other(opened: Opening) -> Outbox:
    return opened("somebody else")

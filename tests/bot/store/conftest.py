from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.database import open_database
from bot.store.outbox import Outbox

from .databases import file_up_to_date, server, up_to_date, url
from .lines import LEASE

__all__ = ["file_up_to_date", "server", "up_to_date", "url"]

Opening = Callable[[str], Outbox]


@pytest.fixture
async def engine(url: str) -> AsyncIterator[AsyncEngine]:
    """A database that is up to date, unless a test asks for `empty` as well."""
    engine = open_database(url)
    yield engine
    await engine.dispose()


@pytest.fixture
def empty(engine: AsyncEngine) -> AsyncEngine:
    """A database without tables."""
    return engine


@pytest.fixture
def opened(engine: AsyncEngine) -> Opening:
    """The outbox as a process of that name has it."""
    return lambda owner: Outbox(engine, owner, LEASE)


@pytest.fixture
def outbox(opened: Opening) -> Outbox:
    return opened("me")


@pytest.fixture
def other(opened: Opening) -> Outbox:
    return opened("somebody else")

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.database import open_database, upgrade
from bot.store.outbox import Outbox

from .lines import LEASE

Opening = Callable[[str], Outbox]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'bot.db'}"


@pytest.fixture
async def empty(url: str) -> AsyncIterator[AsyncEngine]:
    engine = open_database(url)
    yield engine
    await engine.dispose()


@pytest.fixture
async def engine(empty: AsyncEngine) -> AsyncEngine:
    await upgrade(empty)
    return empty


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

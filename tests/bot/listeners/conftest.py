"""What a handler works with: a Slack that answers, a database, a clock, and the campaign that is shipped."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.campaign.live_reload import LiveCampaign
from bot.database.urls import open_database
from bot.listeners import slack_profile
from bot.listeners.services import Services
from bot.locales.catalogues import vocabulary, words
from bot.messages.post_kinds import KINDS
from bot.slack.installation import Installation
from bot.standings.publisher import Publisher
from bot.store.store import Store
from rehearsal.clock import VirtualClock
from tests.bot.messages.conftest import largest, shipped
from tests.bot.store.databases import file_up_to_date
from tests.campaigns import SHIPPED
from tests.patience import PATIENCE
from tests.rehearsal.slack.conftest import clock, desk, limits, workspace
from tests.rehearsal.slack.helpers import Desk

__all__ = ["clock", "desk", "largest", "limits", "shipped", "workspace"]

NOW = datetime(2027, 3, 15, 11, tzinfo=UTC)
"""Monday noon in Stockholm."""


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine takes its time to answer. Tests of a Slack that is slow set it anew."""
    monkeypatch.setattr(slack_profile, "_PROFILE_SECONDS", PATIENCE)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    file = tmp_path / "bot.db"
    file.write_bytes(file_up_to_date())
    database = open_database(f"sqlite:///{file}")
    yield Store(database, "me", timedelta(seconds=30))
    await database.close()


@pytest.fixture
def plans() -> list[str]:
    """What was asked to be planned anew: `all`, or a person's ID."""
    return []


@pytest.fixture
def services(desk: Desk, store: Store, plans: list[str]) -> Services:
    live = LiveCampaign(SHIPPED, KINDS, vocabulary(), allow_examples=True)

    async def refresh_decisions() -> None:
        live.decide(await store.read(store.decisions, live.campaign.id), NOW)

    return Services(
        campaign=lambda: live.campaign,
        client=desk.client,
        words=words,
        clock=VirtualClock(NOW),
        store=store,
        publisher=Publisher(store),
        installation=Installation(desk.client),
        live=live,
        missing_channels=tuple,
        request_plan=lambda: plans.append("all"),
        refresh_decisions=refresh_decisions,
        mark_changed=plans.append,
    )

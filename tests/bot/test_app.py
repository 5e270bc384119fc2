"""What the bot is made of, as the settings have it; nothing is asked or started yet."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.app import assemble, build
from bot.campaign.live_reload import UnusableCampaignError
from bot.database.errors import DatabaseInUseError
from bot.database.urls import sole_process
from bot.database.worker_threads import ClosedError
from bot.settings import Settings, SettingsError
from bot.store.outbox import State
from bot.store.schema import read_schema
from tests.campaigns import Folder, small
from tests.simulation import MIDNIGHT, MachineClock

NOBODY = "http://127.0.0.1:9/api/"
"""Where no Slack is: whatever were asked would fail."""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return small(tmp_path / "small")


@pytest.fixture
def settings(tmp_path: Path, folder: Folder) -> Settings:
    """Those of a bot that Slack reaches over HTTP."""
    return Settings(
        slack_bot_token=SecretStr("xoxb-1"),
        slack_signing_secret=SecretStr("5eed" * 8),
        slack_api_url=NOBODY,
        database_url=f"sqlite:///{tmp_path / 'bot.db'}",
        earthweek_campaign=folder.root,
    )


@pytest.fixture
def clock() -> MachineClock:
    return MachineClock(MIDNIGHT)


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def but(settings: Settings, **changed: Any) -> Settings:
    return settings.model_copy(update=changed)


async def test_assembling_asks_neither_database_nor_slack(
    settings: Settings, clock: MachineClock, tmp_path: Path
) -> None:
    async with assemble(settings, clock) as bot:
        assert bot.delivery.live.campaign.id == "small-week"
        assert (bot.settings, bot.clock) == (settings, clock)
        assert not (tmp_path / "bot.db").exists()
        assert not asyncio.all_tasks() - {asyncio.current_task()}


async def test_building_makes_the_tables(settings: Settings, clock: MachineClock) -> None:
    async with build(settings, clock) as bot:
        assert await bot.store.read(bot.store.outbox.count_by_state) == dict.fromkeys(State, 0)
    assert read_schema(settings.database_url).is_current


async def test_slack_comes_in_through_one_door(settings: Settings, clock: MachineClock) -> None:
    async with assemble(settings, clock) as bot:
        assert bot.socket_mode is None
    over_socket = but(settings, slack_app_token=SecretStr("xapp-1"), slack_signing_secret=None)
    async with assemble(over_socket, clock) as bot:
        assert bot.socket_mode is not None


async def test_heartbeat_is_sent_only_where_asked_for(settings: Settings, clock: MachineClock) -> None:
    async with assemble(settings, clock) as bot:
        assert bot.heartbeat is None
    async with assemble(but(settings, earthweek_heartbeat_url=SecretStr("https://example.com/beat")), clock) as bot:
        assert bot.heartbeat is not None


async def test_file_has_one_bot_until_it_stops(settings: Settings, clock: MachineClock) -> None:
    async with assemble(settings, clock):
        with pytest.raises(DatabaseInUseError):
            async with assemble(settings, clock):
                pass
    lock = sole_process(settings.database_url)
    assert lock
    lock.release()


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"slack_bot_token": None}, SettingsError),
        ({"slack_signing_secret": None}, SettingsError),
        ({"earthweek_campaign": Path("nowhere")}, UnusableCampaignError),
    ],
)
async def test_what_cannot_run_leaves_nothing(
    settings: Settings, clock: MachineClock, tmp_path: Path, changed: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        async with assemble(but(settings, **changed), clock):
            pass
    assert names(tmp_path) == ["small"]


async def test_examples_are_sent_only_where_allowed(settings: Settings, clock: MachineClock, folder: Folder) -> None:
    folder.change("campaign.toml", "headcount = 50", 'headcount = 50\nexamples = ["headcount"]')
    with pytest.raises(UnusableCampaignError):
        async with assemble(settings, clock):
            pass
    async with assemble(settings, clock, allow_examples=True) as bot:
        assert bot.delivery.live.campaign.id == "small-week"


async def test_idle_bot_can_be_killed_twice(settings: Settings, clock: MachineClock) -> None:
    async with build(settings, clock) as bot:
        await bot.idle()
        await bot.idle(0)
        waiting = asyncio.create_task(asyncio.Event().wait())
        await bot.kill(waiting)
        await bot.kill()
        assert waiting.cancelled()
        with pytest.raises(ClosedError):
            await bot.store.read(bot.store.outbox.count_by_state)

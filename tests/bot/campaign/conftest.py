from __future__ import annotations

from pathlib import Path

import pytest

from bot.campaign.campaign_reader import Reading
from bot.campaign.model import Campaign
from tests.campaigns import SHIPPED, Folder, shipped_campaign, small


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return small(tmp_path / "small")


@pytest.fixture(scope="session")
def shipped_reading() -> Reading:
    return Folder(SHIPPED).read()


@pytest.fixture(scope="session")
def shipped() -> Campaign:
    return shipped_campaign()

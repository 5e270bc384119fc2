from __future__ import annotations

from pathlib import Path

import pytest

from bot.campaign.model import Campaign
from bot.campaign.reader import Reading, read
from bot.messages.post_kinds import KINDS

from .small import Small

SHIPPED = Path(__file__).parents[3] / "campaigns" / "earth-week-2027"


@pytest.fixture
def folder(tmp_path: Path) -> Small:
    return Small(tmp_path / "small")


@pytest.fixture(scope="session")
def shipped_reading() -> Reading:
    return read(SHIPPED, KINDS)


@pytest.fixture(scope="session")
def shipped(shipped_reading: Reading) -> Campaign:
    assert shipped_reading.campaign, [str(problem) for problem in shipped_reading.problems.errors]
    return shipped_reading.campaign

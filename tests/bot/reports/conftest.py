from __future__ import annotations

from pathlib import Path

import pytest

from bot.campaign.model import Campaign
from bot.campaign.reader import read
from bot.messages.post_kinds import KINDS
from bot.reports.participation import Report

from .week import week

SHIPPED = Path(__file__).parents[3] / "campaigns" / "earth-week-2027"


@pytest.fixture(scope="session")
def campaign() -> Campaign:
    found = read(SHIPPED, KINDS).campaign
    assert found
    return found


@pytest.fixture(scope="session")
def report(campaign: Campaign) -> Report:
    return Report.of(campaign, week())

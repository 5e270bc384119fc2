from __future__ import annotations

import pytest

from bot.campaign.model import Campaign
from bot.reports.published_participation import Report

from .week import week


@pytest.fixture(scope="session")
def report(campaign: Campaign) -> Report:
    return Report.of(campaign, week())

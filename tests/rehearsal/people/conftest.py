from __future__ import annotations

import pytest

from bot.campaign.model import Campaign

from .scripted_app import Scene, scene_of


@pytest.fixture
async def scene(campaign: Campaign) -> Scene:
    return scene_of(campaign)

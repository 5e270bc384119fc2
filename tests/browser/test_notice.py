"""The notices on screens: nothing sticks out, and nobody is shut out."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.campaign.model import Campaign
from bot.reports.notice import Installation, notices

from .axe import accessible
from .conftest import Screenshot, Window
from .window import DARK, PHONE, ZOOMED, sticking_out

SCREENS = {"dark": DARK, "phone": PHONE, "zoomed": ZOOMED}


@pytest.mark.parametrize("name", SCREENS)
async def test_notice_fits_every_screen(
    window: Window, screenshot: Screenshot, campaign: Campaign, tmp_path: Path, name: str
) -> None:
    pages = notices(campaign, Installation("1", is_sqlite=False, scopes=("chat:write",)))
    page = await window(SCREENS[name])
    for group in ("employees", "works-council"):
        file = tmp_path / f"{group}.html"
        file.write_text(pages[f"{group}-de.html"], "utf-8")
        await page.goto(file.as_uri())
        assert await sticking_out(page) == []
        await accessible(page)
        await screenshot(page, f"notice-{group}-{name}")

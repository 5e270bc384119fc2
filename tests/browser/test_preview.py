from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from bot.campaign.model import Campaign
from bot.cli.campaign_loader import read_campaign
from rehearsal.preview.live_preview import WatchedCampaign, served
from rehearsal.preview.page import write
from tests.campaigns import shipped

from .axe import accessible
from .conftest import Screenshot, Window
from .window import DARK, DESK, PHONE, ZOOMED, Screen, sticking_out

SCREENS = {"light": DESK, "dark": DARK, "phone": PHONE, "zoomed": ZOOMED}
TIP, TIP_FOLDER = "[data-post=monday-tip]", "posts/monday-tip"


@pytest.fixture(scope="session")
def address(campaign: Campaign, tmp_path_factory: pytest.TempPathFactory) -> str:
    return write(campaign, tmp_path_factory.mktemp("preview")).as_uri()


@pytest.mark.parametrize("name", SCREENS)
async def test_it_fits_every_screen(window: Window, screenshot: Screenshot, address: str, name: str) -> None:
    page = await window(SCREENS[name])
    await page.goto(address)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Earth Week 2027")
    assert await sticking_out(page) == []
    await screenshot(page, f"preview-{name}")


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
async def test_nobody_is_shut_out(window: Window, address: str, screen: Screen) -> None:
    page = await window(screen)
    await page.goto(address)
    await accessible(page, colours=False)


@pytest.mark.parametrize("screen", [DESK, DARK], ids=["light", "dark"])
async def test_everything_stands_out_from_its_ground(window: Window, address: str, screen: Screen) -> None:
    page = await window(screen)
    await page.goto(address)
    for box in (await page.get_by_role("group", name="Languages").get_by_role("checkbox").all())[1:]:
        await box.uncheck()
    await accessible(page)


async def test_the_dark_page_is_dark(window: Window, address: str) -> None:
    page = await window(DARK)
    await page.goto(address)
    await expect(page.locator("body")).to_have_css("background-color", "rgb(16, 18, 20)")


async def languages(page: Page) -> list[str]:
    """The languages in which the Monday tip can be read."""
    shown = page.locator(f"{TIP} .version:visible h4")
    return await shown.all_inner_texts()


async def test_language_can_be_hidden_and_shown_again(window: Window, address: str) -> None:
    page = await window()
    await page.goto(address)
    assert await languages(page) == ["English", "Svenska", "Norsk bokmål", "Dansk", "Deutsch"]
    await page.get_by_label("Norsk bokmål").first.uncheck()
    await page.get_by_label("Deutsch").first.uncheck()
    assert await languages(page) == ["English", "Svenska", "Dansk"]
    await expect(page.locator("#pledges .book:visible")).to_have_count(3)
    await page.get_by_label("Deutsch").first.check()
    assert await languages(page) == ["English", "Svenska", "Dansk", "Deutsch"]


async def test_it_is_used_without_a_mouse(window: Window, address: str) -> None:
    page = await window()
    await page.goto(address)
    await page.keyboard.press("Tab")
    await expect(page.get_by_text("Skip to the posts")).to_be_in_viewport()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    assert "English" not in await languages(page)


async def test_the_readme_shows_a_tip_in_every_language(
    window: Window, screenshot: Screenshot, campaign: Campaign, address: str
) -> None:
    page = await window(Screen(width=1440, height=1200))
    await page.goto(address)
    assert len(await languages(page)) == len(campaign.languages)
    await page.locator(".day", has=page.locator(TIP)).evaluate("day => day.scrollIntoView()")
    await screenshot(page, "preview", document=True)


async def test_saved_file_appears_by_itself(window: Window, screenshot: Screenshot, tmp_path: Path) -> None:
    folder = shipped(tmp_path / "week")
    watched = WatchedCampaign(folder.root, read_campaign)
    async with served(watched, 0) as address:
        page = await window(PHONE)
        await page.goto(address)
        await page.get_by_role("checkbox", name="Deutsch").uncheck()
        text = folder.text(f"{TIP_FOLDER}/sv.md")
        folder.write(f"{TIP_FOLDER}/sv.md", f"{text}\nEn rad som just har skrivits.\n")
        await expect(page.locator(f"{TIP} .in-sv .message")).to_contain_text("En rad som just har skrivits.")
        await expect(page.get_by_role("checkbox", name="Deutsch")).not_to_be_checked()
        folder.write(f"{TIP_FOLDER}/sv.md", f"{text}\n# En rubrik\n")
        await expect(page.locator(f"{TIP} .in-sv .problems")).to_contain_text("Slack does not show a heading here")
        assert await sticking_out(page) == []
        await accessible(page)
        await page.locator(f"{TIP} .in-sv .problems").scroll_into_view_if_needed()
        await screenshot(page, "preview-watched")
        # Left open, the page would ask a server that is gone.
        await page.goto("about:blank")

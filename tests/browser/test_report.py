from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import expect

from bot.campaign.model import Campaign
from bot.reports.html_report import page as drawn
from bot.reports.published_participation import Report
from bot.standings.figures import ELSEWHERE, WHOLE, Kilograms, Standing, Standings

from .axe import accessible
from .conftest import Screenshot, Window
from .window import DARK, DESK, PHONE, ZOOMED, Screen, sticking_out

SCREENS = {"light": DESK, "dark": DARK, "phone": PHONE, "zoomed": ZOOMED}
SAVED = Kilograms(low=120, about=230, high=410)


def standing(place: str, headcount: int, people: int) -> Standing:
    rate = round(100 * people / headcount)
    return Standing(place=place, headcount=headcount, participants=people, rate=rate, pledges=people, pledged=SAVED)


def day(after: int) -> Standings:
    """A day with two countries shown and two that are not."""
    return Standings(
        campaign="earth-week-2027",
        taken_at=datetime(2027, 3, 15, 11, tzinfo=UTC) + timedelta(days=after),
        definition="1",
        factors="2027.1",
        smallest_group=5,
        goal_percent=20,
        whole=standing(WHOLE, 400, 50 + 9 * after),
        places=(
            standing("SE", 100, 20 + 5 * after),
            standing("NO", 100, 12 + 3 * after),
            Standing(place="DK", headcount=100),
            Standing(place="DE", headcount=100),
        ),
        elsewhere=Standing(place=ELSEWHERE, participants=15),
    )


@pytest.fixture(scope="session")
def address(campaign: Campaign, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(drawn(Report.of(campaign, [day(after) for after in range(5)])), "utf-8")
    return path.as_uri()


@pytest.mark.parametrize("name", SCREENS)
async def test_it_fits_every_screen(window: Window, screenshot: Screenshot, address: str, name: str) -> None:
    page = await window(SCREENS[name])
    await page.goto(address)
    await expect(page.get_by_role("img", name="Sweden").first).to_be_visible()
    assert await sticking_out(page) == []
    await screenshot(page, f"report-{name}")


@pytest.mark.parametrize("screen", [DESK, DARK, PHONE], ids=["light", "dark", "phone"])
async def test_nobody_is_shut_out(window: Window, address: str, screen: Screen) -> None:
    page = await window(screen)
    await page.goto(address)
    await accessible(page)

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import expect

from bot.campaign.awareness import QUESTIONS
from bot.campaign.model import Campaign
from bot.campaign.pledges import OBSTACLE, OBSTACLES
from bot.reports.html_report import page as drawn
from bot.reports.published_participation import Report
from bot.standings.published_figures import (
    ELSEWHERE,
    IDEA_STAGES,
    WHOLE,
    Arrived,
    AwarenessFigures,
    Closing,
    Kilograms,
    Standing,
    Standings,
)
from bot.standings.year_on_year import Former

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


def closed(campaign: Campaign) -> Standings:
    """A day with the figures that come only once, as many as there can be of them."""
    posts = {each.post: Arrived(arrived=4, planned=4) for each in campaign.posts}
    chosen = {each.id: 200 - 5 * number for number, each in enumerate(campaign.pledges)}
    closing = Closing(chosen=chosen, kept=chosen, ideas=dict.fromkeys(IDEA_STAGES, 15), messaged=45, posts=posts)
    last = day(4)
    whole = last.whole.model_copy(update={OBSTACLE + each: 10 for each in OBSTACLES})
    waves = (("before", 40), ("after", 65))
    asked = [(question, wave, share) for question in QUESTIONS for wave, share in waves]
    awareness = tuple(
        AwarenessFigures(wave=wave, question=each, place=WHOLE, share=share) for each, wave, share in asked
    )
    return last.model_copy(update={"closing": closing, "whole": whole, "awareness": awareness})


@pytest.fixture(scope="session")
def addresses(campaign: Campaign, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The report in each language."""
    folder, days = tmp_path_factory.mktemp("report"), [*(day(after) for after in range(4)), closed(campaign)]
    paths = {language: folder / f"{language}.html" for language in campaign.languages}
    for language, path in paths.items():
        path.write_text(drawn(Report.of(campaign, days, language, Former.of(days[-1]))), "utf-8")
    return {language: path.as_uri() for language, path in paths.items()}


@pytest.fixture(scope="session")
def address(addresses: Mapping[str, str]) -> str:
    return addresses["en"]


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


async def test_first_page_is_one_sheet_in_every_language(
    window: Window, screenshot: Screenshot, addresses: Mapping[str, str]
) -> None:
    # A4 within its margins of 15 mm, in pixels of CSS.
    width, height = (round((size - 30) / 25.4 * 96) for size in (210, 297))
    page = await window(replace(DESK, width=width, height=height))
    await page.emulate_media(media="print", color_scheme="light")
    for language, address in addresses.items():
        await page.goto(address)
        ends = await page.locator(".review").evaluate("each => each.getBoundingClientRect().bottom")
        assert ends <= height, language
        await screenshot(page, f"report-first-page-{language}")

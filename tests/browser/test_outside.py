"""What customers and schools get, as a browser shows it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.reports.outside.kit import kit_files
from bot.reports.outside.site import ShownIdea, SiteContent, site_files
from bot.reports.results import results
from tests.bot.reports.week import week
from tests.campaigns import shipped_campaign

from .axe import ANY, findings
from .conftest import Screenshot, Window
from .window import DARK, DESK, PHONE, Screen, sticking_out

NOW, AFTER = datetime(2027, 3, 10, tzinfo=UTC), datetime(2027, 4, 23, tzinfo=UTC)
URL = "https://example.com/earth-week"
SCREENS = {"dark": DARK, "phone": PHONE}
SHEET = Screen(width=794, height=1123)
"""A4 at 96 pixels an inch."""

BEYOND = """() => [...document.querySelectorAll("text")]
    .filter(each => each.getBBox().x + each.getBBox().width > (each.closest("#beside") ? 144 : 196))
    .map(each => each.textContent)"""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, campaign = tmp_path_factory.mktemp("site"), shipped_campaign()
    idea = ShownIdea("sv", "Låt skrivarna sova efter klockan sex.", "Alla skrivare stänger av sig kl. 18.")
    content = SiteContent(campaign, results(campaign, week()[-1]), (idea,), AFTER, is_draft=False)
    for path, held in site_files(content).items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(held if isinstance(held, bytes) else held.encode())
    return folder


def pages(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.html"))


@pytest.mark.parametrize("name", SCREENS)
async def test_site_is_open_to_everybody(window: Window, screenshot: Screenshot, site: Path, name: str) -> None:
    page = await window(SCREENS[name])
    for path in pages(site):
        await page.goto(path.as_uri())
        assert await sticking_out(page) == [], path.name
        assert await findings(page, barred=ANY) == [], path.name
    pictures = page.locator("main img")
    assert await pictures.count() == 5
    assert await pictures.evaluate_all("all => all.every(each => each.naturalWidth > 0)")
    await screenshot(page, f"site-{name}")


async def test_site_prints_on_a_few_sheets(window: Window, site: Path) -> None:
    page = await window(DESK)
    await page.goto((site / "sv.html").as_uri())
    await page.emulate_media(media="print")
    assert await page.locator("nav").is_hidden()
    printed = await page.pdf(prefer_css_page_size=True)
    assert 4 <= printed.count(b"/Type /Page\n") <= 8


async def test_readme_shows_the_page(window: Window, screenshot: Screenshot, site: Path) -> None:
    page = await window(DESK)
    await page.goto((site / "sv.html").as_uri())
    await screenshot(page, "site", document=True)


@pytest.fixture(scope="session")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kit")
    for path, text in kit_files(shipped_campaign(), URL, NOW).items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text, "utf-8", newline="")
    return folder


@pytest.mark.parametrize("name", SCREENS)
async def test_kit_is_open_to_everybody(window: Window, screenshot: Screenshot, kit: Path, name: str) -> None:
    page = await window(SCREENS[name])
    for path in pages(kit):
        await page.goto(path.as_uri())
        assert await sticking_out(page) == [], path
        assert await findings(page, barred=ANY) == [], path
    await screenshot(page, f"kit-{name}")


async def test_poster_holds_its_words_in_each_language(window: Window, screenshot: Screenshot, kit: Path) -> None:
    page = await window(SHEET)
    for language in shipped_campaign().languages:
        await page.goto((kit / language / "poster.svg").as_uri())
        assert await page.evaluate(BEYOND) == [], language
        await screenshot(page, f"poster-{language}")

from __future__ import annotations

import asyncio
from pathlib import Path

import aiohttp
import pytest

from bot.cli.campaign_loader import read_campaign
from rehearsal.preview.live_preview import WatchedCampaign, served
from tests.campaigns import Folder, small
from tests.patience import PATIENCE
from tests.rehearsal.html.page import Element, read

SWEDISH = "posts/tip/sv.md"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return small(tmp_path / "week")


@pytest.fixture
def watched(folder: Folder) -> WatchedCampaign:
    made = WatchedCampaign(folder.root, read_campaign)
    assert made.refresh()
    return made


def drawn(watched: WatchedCampaign) -> Element:
    return read(watched.page())


def problems(part: Element) -> list[str]:
    return [each.text for lists in part.all("ul", of="problems") for each in lists.all("li")]


def swedish(watched: WatchedCampaign) -> Element:
    [article] = [each for each in drawn(watched).all("article") if each.attributes["data-post"] == "tip"]
    [version] = [each for each in article.all("section", of="version") if each.one("h4").attributes["lang"] == "sv"]
    return version


def test_saved_file_is_read_again(folder: Folder, watched: WatchedCampaign) -> None:
    before = watched.version
    assert not watched.refresh()
    assert watched.version == before
    title = watched.campaign.text("tip", "sv").title if watched.campaign else ""
    folder.change(SWEDISH, title, "En helt ny rubrik")
    assert watched.refresh()
    assert watched.version != before
    assert "En helt ny rubrik" in swedish(watched).text


def test_problem_of_a_text_is_shown_at_the_text(folder: Folder, watched: WatchedCampaign) -> None:
    assert not problems(swedish(watched))
    title = watched.campaign.text("tip", "sv").title if watched.campaign else ""
    folder.write(SWEDISH, folder.text(SWEDISH) + "\n# En rubrik\n")
    watched.refresh()
    [problem] = problems(swedish(watched))
    line = folder.at(SWEDISH, "# En rubrik").rpartition(":")[2]
    assert problem.startswith("To be mended: ")
    assert problem.endswith(f"{SWEDISH}, line {line}")
    assert title in swedish(watched).text, "what was last without errors stays"


def test_problem_of_the_plan_is_shown_at_the_top(folder: Folder, watched: WatchedCampaign) -> None:
    folder.change("campaign.toml", "09:00:00", "09:00")
    watched.refresh()
    first = drawn(watched).one("main").all("ul", of="problems")[0]
    assert any("has a time without seconds" in each.text for each in first.all("li"))


def test_campaign_with_errors_from_the_start_names_them(folder: Folder) -> None:
    folder.change("campaign.toml", "09:00:00", "09:00")
    watched = WatchedCampaign(folder.root, read_campaign)
    watched.refresh()
    assert any("has a time without seconds" in each for each in problems(drawn(watched)))
    folder.change("campaign.toml", "09:00", "09:00:00")
    watched.refresh()
    assert drawn(watched).all("article")


def test_what_people_wrote_is_no_markup(folder: Folder, watched: WatchedCampaign) -> None:
    folder.write(SWEDISH, folder.text(SWEDISH) + "\n<script>alert(1)</script>\n")
    watched.refresh()
    assert problems(swedish(watched))
    assert "<script>alert" not in watched.page()


async def test_page_that_waits_hears_of_a_change(folder: Folder, watched: WatchedCampaign) -> None:
    async with served(watched, 0) as address, aiohttp.ClientSession() as browser, asyncio.timeout(PATIENCE):
        async with browser.get(address) as answer:
            assert f'data-version="{watched.version}"' in await answer.text()
            assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        shown = watched.version
        waiting = asyncio.create_task(browser.get(f"{address}version?shown={shown}"))
        await asyncio.sleep(0)
        folder.write(SWEDISH, folder.text(SWEDISH) + "\nEn rad till.\n")
        answer = await waiting
        assert await answer.text() == watched.version != shown


async def test_another_site_is_told_nothing(watched: WatchedCampaign) -> None:
    async with served(watched, 0) as address, aiohttp.ClientSession() as browser:
        for headers in ({"Host": "earth.example"}, {"Origin": "https://earth.example"}):
            async with browser.get(address, headers=headers) as answer:
                assert answer.status == 403

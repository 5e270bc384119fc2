from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Page

from .axe import accessible, findings
from .conftest import Window
from .window import DARK, PHONE, ZOOMED, Watch, sticking_out


async def shown(page: Page, folder: Path, body: str) -> None:
    """A page of its own; its script has run when this returns."""
    path = folder / "index.html"
    path.write_text(f'<!DOCTYPE html><html lang="en"><title>A page</title><main>{body}</main></html>', "utf-8")
    await page.goto(path.as_uri())


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("<script>console.error('ink is out')</script>", "console: ink is out"),
        ("<script>throw new Error('no paper')</script>", "script: no paper"),
        ("<script>fetch('http://other.example/').catch(() => 0)</script>", "request: http://other.example/"),
    ],
)
async def test_what_a_page_does_wrong_is_taken_down(
    window: Window, watch: Watch, tmp_path: Path, body: str, complaint: str
) -> None:
    page = await window()
    await shown(page, tmp_path, body)
    await page.context.close()
    assert complaint in watch.taken()


async def test_axe_findings_name_their_place_and_remedy(window: Window, tmp_path: Path) -> None:
    page = await window()
    await shown(page, tmp_path, '<h1>Plan</h1><img id="map" src="data:,"><p style="color: #bbb">Read me</p>')
    found = "\n".join(await findings(page))
    assert "critical image-alt at #map: Fix any of the following" in found
    assert "serious color-contrast at p: " in found
    with pytest.raises(AssertionError, match="image-alt at #map"):
        await accessible(page)
    assert "color-contrast" not in "".join(await findings(page, colours=False))


async def test_what_is_too_wide_is_named(window: Window, tmp_path: Path) -> None:
    page = await window(PHONE)
    await shown(page, tmp_path, '<p>Short</p><p id="wide" style="width: 30rem">Long</p>')
    assert ['id="wide"' in each for each in await sticking_out(page)] == [True]
    await shown(page, tmp_path, '<p>Short</p><div style="overflow-x: auto"><p style="width: 30rem">Long</p></div>')
    assert await sticking_out(page) == []


async def test_a_window_is_as_its_screen_says(window: Window) -> None:
    seen = (
        "() => [innerWidth, devicePixelRatio, matchMedia('(prefers-color-scheme: dark)').matches, navigator.language]"
    )
    assert await (await window()).evaluate(seen) == [1280, 1, False, "en-GB"]
    assert await (await window(DARK)).evaluate(seen) == [1280, 1, True, "en-GB"]
    assert await (await window(ZOOMED)).evaluate(seen) == [640, 2, False, "en-GB"]

"""The shipped campaign's pictures: drawn as SVG, and shipped as PNG files that show the same.

With EARTHWEEK_PICTURES the PNG files are made anew, which `make pictures` does.
"""

from __future__ import annotations

import os
from base64 import b64encode

import pytest

from tests.campaigns import SHIPPED

from .conftest import Window
from .window import Screen

SIZE = Screen(width=1000, height=500)
FOLDER = SHIPPED / "pictures"
SOURCES = sorted(each.stem for each in FOLDER.glob("*.svg"))
MOST_DIFFERENT = 4
"""The mean difference of a colour, from 0 to 255, that another version of Chromium may make at edges."""

DIFFERENCE = """async (sources) => {
    const pixels = []
    for (const source of sources) {
        const image = new Image()
        image.src = source
        await image.decode()
        const canvas = new OffscreenCanvas(200, 100)
        const drawing = canvas.getContext("2d")
        drawing.drawImage(image, 0, 0, 200, 100)
        pixels.push(drawing.getImageData(0, 0, 200, 100).data)
    }
    const [one, other] = pixels
    return one.reduce((sum, value, place) => sum + Math.abs(value - other[place]), 0) / one.length
}"""


def address(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{b64encode(content).decode()}"


STYLE = "<style>body { margin: 0 } svg { width: 100%; height: auto; display: block }</style>"


@pytest.mark.parametrize("name", SOURCES)
async def test_picture_shows_what_is_drawn(window: Window, name: str) -> None:
    page, drawing, drawn = await window(SIZE), FOLDER / f"{name}.svg", FOLDER / f"{name}.png"
    source = drawing.read_bytes()
    if os.environ.get("EARTHWEEK_PICTURES"):
        await page.set_content(f"{STYLE}{source.decode()}")
        await page.screenshot(path=drawn)
    both = [address("image/svg+xml", source), address("image/png", drawn.read_bytes())]
    assert await page.evaluate(DIFFERENCE, both) < MOST_DIFFERENT

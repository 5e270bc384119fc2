"""The style sheet of what is rendered: readable in the light and in the dark, and as large as the reader wants it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import rehearsal

STYLE = (Path(rehearsal.__file__).parent / "templates" / "slack.css").read_text("utf-8")
TEXT, SHAPE = 4.5, 3.0

PAIRS = [
    *((ink, ground, TEXT) for ink in ("ink", "quiet", "link", "wrong") for ground in ("paper", "wash")),
    ("ink", "line", TEXT),
    ("code", "wash", TEXT),
    ("link", "mention", TEXT),
    ("ring-ink", "ring", TEXT),
    ("on-strong", "go", TEXT),
    ("on-strong", "stop", TEXT),
    *((shape, "paper", SHAPE) for shape in ("edge", "go", "stop", "link", "code")),
    ("go", "wash", SHAPE),
]


def colours(which: str) -> dict[str, str]:
    """The custom properties as they are in the light or in the dark."""
    light, dark = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    return found | (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark)) if which == "dark" else {})


def brightness(colour: str) -> float:
    """The relative luminance, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((brightness(one), brightness(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("which", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_everything_stands_out_from_its_ground(which: str, ink: str, ground: str, least: float) -> None:
    known = colours(which)
    assert contrast(known[ink], known[ground]) >= least


def test_contrast_is_counted_as_the_guidelines_do() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_nothing_fades() -> None:
    assert set(re.findall(r"opacity: ([\d.]+)", STYLE)) <= {"1"}


def test_sizes_grow_with_the_readers_text() -> None:
    in_pixels = re.findall(r"[^;{]*?(?<![\w.])\d*\.?\d+px[^;}]*", STYLE)
    assert all(re.search(r"(border[\w-]*:|inset 0 0 0) [12]px", each) for each in in_pixels), in_pixels


def test_every_custom_property_is_known() -> None:
    assert set(re.findall(r"var\(--([\w-]+)\)", STYLE)) <= set(colours("light"))

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
import segno

from bot.locales.catalogues import campaign_words
from bot.reports.outside.poster import code, poster
from tests.campaigns import shipped_campaign

SVG = "{http://www.w3.org/2000/svg}"
URL = "https://example.com/week?from=poster&at=work"


def drawn(path: str, side: int) -> list[list[int]]:
    """The squares of a path that is made of runs, one unit high."""
    squares = [[0] * side for _ in range(side)]
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", path):
        squares[int(y)][int(x) : int(x) + int(length)] = [1] * int(length)
    return squares


@pytest.mark.parametrize("url", [URL, "https://a.example", f"https://example.com/{'long/' * 30}"])
def test_code_is_that_of_the_address_within_white(url: str) -> None:
    made = code(url)
    wanted = [list(row) for row in segno.make(url, error="m", micro=False).matrix_iter(border=4)]
    assert drawn(made.path, made.side) == [[int(square) for square in row] for row in wanted]


@pytest.mark.parametrize("language", ["en", "sv", "nb", "da", "de", "fi"])
def test_poster_is_one_picture_that_loads_nothing(language: str) -> None:
    campaign = shipped_campaign()
    found = ET.fromstring(poster(campaign, campaign_words(campaign, language), URL).strip())  # noqa: S314 - our own
    said = [each.text for each in found.iter(f"{SVG}text")]
    assert {"Earth Hour", "Earth Week 2027", URL.removeprefix("https://")} <= set(said)
    assert all(said)
    assert not [each for each in found.iter() if each.tag.removeprefix(SVG) in {"image", "use", "script", "style"}]
    assert not [name for each in found.iter() for name in each.attrib if name.endswith("href")]
    labels = str(found.attrib["aria-labelledby"]).split()
    assert [each.text for each in found if each.attrib.get("id") in labels] == ["Earth Week 2027", *_described(found)]


def _described(found: ET.Element) -> list[str]:
    described = [each.text or "" for each in found.iter(f"{SVG}desc")]
    assert all(URL in each for each in described)
    return described

"""Rich text: its parts, the pieces in them, and what nobody knows."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.html.render_context import Viewer
from rehearsal.html.rich_text import rich_text

from .page import Element, read

VIEWER = Viewer(zone="Europe/Oslo", language="nb", users={"U1": "ann"}, channels={"C1": "earth-week"})
NOON = 1_805_108_400  # 2027-03-15 11:00 UTC, noon in Oslo


def show(*parts: Any) -> Element:
    return read(str(rich_text({"type": "rich_text", "elements": parts}, VIEWER)))


def section(*pieces: Any, kind: str = "section", **more: Any) -> dict[str, Any]:
    return {"type": f"rich_text_{kind}", "elements": pieces, **more}


def text(said: str, **style: bool) -> dict[str, Any]:
    return {"type": "text", "text": said, "style": style}


@pytest.mark.parametrize(("kind", "name"), [("section", "p"), ("quote", "blockquote"), ("preformatted", "pre")])
def test_each_part_has_its_own_element(kind: str, name: str) -> None:
    page = show(section(text("a\nb < *c*"), kind=kind))
    assert (page.one(name).text, len(page.all("br"))) == ("ab < *c*", 1)
    assert not page.all("b")


@pytest.mark.parametrize(("style", "name"), [("ordered", "ol"), ("bullet", "ul"), (None, "ul")])
def test_lists_have_an_item_for_each_section(style: str | None, name: str) -> None:
    listed = show(section(section(text("one")), section(text("two")), kind="list", style=style)).one(name)
    assert [each.text for each in listed.all("li")] == ["one", "two"]


@pytest.mark.parametrize(
    ("piece", "says"),
    [
        ({"type": "user", "user_id": "U1"}, "@ann"),
        ({"type": "user", "user_id": "U404"}, "@U404"),
        ({"type": "channel", "channel_id": "C1"}, "#earth-week"),
        ({"type": "usergroup", "usergroup_id": "S1"}, "@S1"),
        ({"type": "broadcast", "range": "here"}, "@here"),
        ({"type": "emoji", "name": "tada"}, "🎉"),
        ({"type": "emoji", "name": "no_such"}, ":no_such:"),
        ({"type": "emoji", "name": "<b>"}, ":<b>:"),
        ({"type": "color", "value": "#00ff00"}, "#00ff00"),
        ({"type": "link", "url": "https://a.example", "text": "link"}, "link"),
        ({"type": "link", "url": "https://a.example"}, "https://a.example"),
        ({"type": "link", "url": "javascript:x", "text": "no link"}, "no link (javascript:x)"),
        ({"type": "hologram"}, "unknown rich text: hologram"),
        ({}, "unknown rich text: no type"),
    ],
)
def test_pieces_are_what_the_viewer_sees(piece: dict[str, Any], says: str) -> None:
    page = show(section(piece))
    assert page.text == says
    assert not page.all("b")


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"timestamp": NOON, "format": "{date_num} {time}"}, "2027-03-15 12:00"),
        ({"timestamp": NOON, "format": "{moon}", "fallback": "later"}, "later"),
        ({"timestamp": str(NOON), "format": "{time}", "fallback": "later"}, "later"),
        ({"timestamp": True, "format": "{time}", "fallback": "later"}, "later"),
        ({"timestamp": -1, "format": "{time}"}, "a date"),
        ({}, "a date"),
    ],
)
def test_dates_are_the_viewers_or_fall_back(more: dict[str, Any], says: str) -> None:
    assert show(section({"type": "date", **more})).one("time").text == says


def test_styles_stand_inside_each_other() -> None:
    html = str(rich_text({"elements": [section(text("x", bold=True, italic=True, strike=True, code=True))]}, VIEWER))
    assert html == "<p><b><i><s><code>x</code></s></i></b></p>"
    person = show(section({"type": "user", "user_id": "U1", "style": {"bold": True, "italic": False, "sparkle": True}}))
    assert person.one("b").text == "@ann"
    assert not person.all("i")


def test_an_unknown_part_hides_no_other() -> None:
    page = show(section(text("a")), {"type": "rich_text_scroll"}, "odd", section(text("b")))
    assert [each.text for each in page.all("p")] == ["a", "b"]
    assert [each.text for each in page.all(of="bk-unknown")] == [
        "unknown rich text: rich_text_scroll",
        "unknown rich text: no type",
    ]

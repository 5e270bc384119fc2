from __future__ import annotations

from typing import Any

import pytest

from rehearsal.html.blocks import BLOCKS, render
from rehearsal.html.elements import ELEMENTS
from rehearsal.html.render_context import Viewer
from rehearsal.slack import block_validation as accepted

from .page import Element, read

VIEWER = Viewer(zone="Europe/Oslo", users={"U1": "ann"}, channels={"C1": "earth-week"})
LIVE = Viewer(users={"U1": "ann"}, live=True)
OPTIONS = [
    {"text": {"type": "plain_text", "text": "Bus"}, "value": "bus"},
    {
        "text": {"type": "mrkdwn", "text": "*Bike*"},
        "value": "bike",
        "description": {"type": "plain_text", "text": "healthy"},
    },
]


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def show(*blocks: Any, viewer: Viewer = VIEWER) -> Element:
    return read(str(render(blocks, viewer)))


def show_element(viewer: Viewer = VIEWER, **element: Any) -> Element:
    return show({"type": "actions", "block_id": "row", "elements": [element]}, viewer=viewer)


def test_every_accepted_block_and_element_is_shown() -> None:
    assert set(accepted.BLOCKS) <= set(BLOCKS)
    assert set(accepted.ELEMENTS) <= set(ELEMENTS)


@pytest.mark.parametrize("block", [{"type": "sparkle<b>"}, {}, {"type": ["header"]}, None, "header"])
def test_an_unknown_block_is_said_to_be_one(block: Any) -> None:
    kind = block["type"] if isinstance(block, dict) and isinstance(block.get("type"), str) else "no type"
    assert show(block).one(of="bk-unknown").text == f"unknown block: {kind}"


def test_an_unknown_element_is_said_to_be_one() -> None:
    assert show_element(type="dial").one(of="bk-unknown").text == "unknown element: dial"


def test_a_block_carries_its_name() -> None:
    assert show({"type": "divider", "block_id": "line"}).one(of="bk-divider").attributes["data-block"] == "line"


def test_a_header_is_a_heading() -> None:
    heading = show({"type": "header", "text": plain("A & B :seedling:")}).all()[1]
    assert heading.attributes["role"] == "heading"
    assert heading.text == "A & B 🌱"


def test_plain_text_has_no_markup() -> None:
    page = show({"type": "section", "text": plain("*x* <@U1>")})
    assert page.text == "*x* <@U1>"
    assert not page.all("b")


def test_markdown_is_standard_markdown() -> None:
    page = show(
        {"type": "markdown", "text": "# Title\n\n**b** *i* ~~s~~ :wave:\n\n- one\n- two\n\n[x](https://a.example)"}
    )
    assert page.one(of="bk-heading").text == "Title"
    assert [page.one(name).text for name in ("strong", "em", "s")] == ["b", "i", "s"]
    assert [each.text for each in page.all("li")] == ["one", "two"]
    assert page.one("a").attributes["href"] == "https://a.example"
    assert "👋" in page.text


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[press](javascript:alert(1))",
        "[press](http://a.example)",
        "<javascript:alert(1)>",
        "[press](&#x6a;avascript:alert(1))",
        "![seen](https://a.example/x.png)",
        "<b>unclosed",
        "<!channel>",
    ],
)
def test_markdown_loads_nothing_and_runs_nothing(text: str) -> None:
    page = show({"type": "markdown", "text": text})
    assert {each.name for each in page.all()} <= {"div", "p", "span"}


def test_a_section_has_text_fields_and_an_accessory() -> None:
    fields = [mrkdwn("*12*"), plain("people")]
    accessory = {"type": "image", "image_url": "https://a.example/x.png", "alt_text": "A leaf"}
    page = show({"type": "section", "text": mrkdwn("Hi <@U1>"), "fields": fields, "accessory": accessory})
    assert page.one(of="bk-fields").text == "12people"
    assert page.one(of="bk-picture").text == "A leaf"
    assert page.one(of="bk-mention").text == "@ann"
    assert not page.all("img")


def test_context_shows_text_and_alternative_text_of_pictures() -> None:
    page = show({"type": "context", "elements": [mrkdwn("_x_"), plain("y"), {"type": "image", "alt_text": "z"}]})
    assert page.text == "xyz"


def test_buttons_cannot_be_pressed_in_a_preview() -> None:
    button = show_element(type="button", action_id="join", text=plain("Join"), value="tip", style="primary").one(
        "button"
    )
    assert "bk-primary" in button.classes
    assert "disabled" in button.attributes


def test_buttons_can_be_pressed_by_a_live_viewer() -> None:
    row = show_element(LIVE, type="button", action_id="stop", text=plain("Stop"), value="tip", style="danger")
    button = row.one("button")
    assert "disabled" not in button.attributes
    assert (button.attributes["data-action"], button.attributes["data-value"]) == ("stop", "tip")
    assert "bk-danger" in button.classes


def test_a_button_with_a_link_is_a_link() -> None:
    assert show_element(type="button", text=plain("x"), url="https://a.example").one("a").attributes["href"]
    assert not show_element(type="button", text=plain("x"), url="javascript:x").all("a")


def test_an_overflow_opens_without_a_script() -> None:
    page = show_element(LIVE, type="overflow", action_id="more", options=OPTIONS[:1]).one("details")
    assert page.one("button").attributes["data-value"] == "bus"


@pytest.mark.parametrize(
    ("element", "kind", "value"),
    [
        ({"type": "plain_text_input", "initial_value": 'a"b'}, "text", 'a"b'),
        ({"type": "number_input", "initial_value": "3"}, "number", "3"),
        ({"type": "email_text_input"}, "email", ""),
        ({"type": "url_text_input"}, "url", ""),
        ({"type": "datepicker", "initial_date": "2027-03-15"}, "date", "2027-03-15"),
        ({"type": "timepicker", "initial_time": "20:30"}, "time", "20:30"),
        ({"type": "datetimepicker", "initial_date_time": 1_805_108_400}, "datetime-local", "2027-03-15T12:00"),
    ],
)
def test_fields_of_a_form(element: dict[str, Any], kind: str, value: str) -> None:
    page = show({"type": "input", "label": plain("Label"), "hint": plain("Hint"), "optional": True, "element": element})
    field = page.one("label").one("input")
    assert (field.attributes["type"], field.attributes["value"]) == (kind, value)
    assert field.attributes["aria-label"] == "Label"
    assert page.text == "Label (optional)Hint"


def test_a_long_text_has_room() -> None:
    element = {"type": "plain_text_input", "multiline": True, "initial_value": "</textarea><b>"}
    assert show({"type": "input", "label": plain("x"), "element": element}).one("textarea").text == "</textarea><b>"


def test_a_picture_is_its_words() -> None:
    page = show({"type": "image", "image_url": "https://a.example/x", "alt_text": "A tree", "title": plain("Oak")})
    assert page.text == "OakA tree"


def test_picture_from_a_known_file_is_shown() -> None:
    block = {"type": "image", "slack_file": {"id": "F0000000001"}, "alt_text": "A tree"}
    viewer = Viewer(pictures={"F0000000001": "/picture/F0000000001"})
    shown = show(block, viewer=viewer).one("img")
    assert (shown.attributes["src"], shown.attributes["alt"]) == ("/picture/F0000000001", "A tree")
    assert show(block).text == "A tree", "nothing is fetched for a file that is not known"


def test_tables_have_headings_and_a_caption() -> None:
    rows = [
        [{"type": "raw_text", "text": "Country"}, {"type": "raw_text", "text": "Share"}],
        [{"type": "raw_text", "text": "Norway"}, {"type": "raw_number", "value": 12.5}],
    ]
    page = show({"type": "data_table", "caption": "Taking part", "rows": rows})
    assert page.one("caption").text == "Taking part"
    assert [cell.text for cell in page.all("th")] == ["Country", "Share"]
    assert [cell.text for cell in page.all("td")] == ["Norway", "12.5"]


def test_a_chart_is_a_list_of_labelled_bars() -> None:
    points = [{"label": "Mon", "value": 20}, {"label": "Tue", "value": 5}]
    chart = {"type": "bar", "series": [{"name": "People", "data": points}], "axis_config": {"x_label": "Day"}}
    page = show({"type": "data_visualization", "title": "Joined", "chart": chart})
    assert page.one("figcaption").text == "Joined"
    assert [each.text for each in page.all("li")] == ["Mon20", "Tue5"]
    assert [each.attributes["height"] for each in page.all("rect")] == ["100", "25"]
    assert page.one(of="bk-scroll").attributes["aria-label"] == "People"


def test_a_pie_is_a_list_too() -> None:
    page = show({"type": "data_visualization", "chart": {"type": "pie", "segments": [{"label": "SE", "value": 3}]}})
    assert page.one("li").text == "SE3"


def test_cards_and_containers() -> None:
    card = {"type": "card", "title": mrkdwn("*Card*"), "actions": [{"type": "button", "text": plain("Go")}]}
    inner = {"type": "container", "title": plain("Inside")}
    page = show(
        {"type": "carousel", "elements": [card]},
        {"type": "container", "title": plain("Box"), "child_blocks": [{"type": "divider"}, inner]},
    )
    assert page.one("button").text == "Go"
    assert len(page.all("hr")) == 1
    assert page.one(of="bk-unknown").text == "unknown block: container"

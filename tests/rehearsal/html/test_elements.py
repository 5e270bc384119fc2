"""What a page says of its controls: to the script that hears of a press, and to those who do not see the page."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.html.blocks import render
from rehearsal.html.element_context import part_id
from rehearsal.html.elements import ELEMENTS
from rehearsal.html.render_context import Viewer

from .page import Element, read

OPTIONS = [{"text": {"type": "plain_text", "text": value}, "value": value} for value in ("bus", "bike")]
LIVE = Viewer(users={"U1": "ann"}, channels={"C1": "earth-week"}, live=True)
USABLE = sorted(set(ELEMENTS) - {"image", "button", "workflow_button", "overflow"})


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def show(*blocks: Any, viewer: Viewer = LIVE) -> Element:
    return read(str(render(blocks, viewer)))


def field(kind: str, *, block_id: str = "way", **more: Any) -> dict[str, Any]:
    given: dict[str, Any] = {name: more.pop(name) for name in ("hint", "optional", "dispatch_action") if name in more}
    element = {"type": kind, "action_id": "how", "options": OPTIONS, **more}
    return {"type": "input", "block_id": block_id, "label": plain("How?"), "element": element, **given}


def row(*elements: Any, block_id: str = "row") -> dict[str, Any]:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def control(page: Element, kind: str) -> Element:
    (found,) = (each for each in page.all() if each.attributes.get("data-kind") == kind)
    return found


@pytest.mark.parametrize("kind", USABLE)
def test_control_names_action_and_whether_app_hears_immediately(kind: str) -> None:
    element = {"type": kind, "action_id": "how", "options": OPTIONS}
    beside = {"type": "section", "block_id": "s", "text": plain("x"), "accessory": element}
    told = [row(element), beside, field(kind, dispatch_action=True)]
    for block, is_told in [*((each, True) for each in told), (field(kind), False)]:
        found = control(show(block), kind)
        assert found.attributes["data-action"] == "how"
        assert ("data-tells" in found.attributes) is is_told


@pytest.mark.parametrize("kind", USABLE)
def test_every_control_has_a_name(kind: str) -> None:
    element = {"type": kind, "action_id": "how", "options": OPTIONS}
    beside = {"type": "section", "text": {"type": "mrkdwn", "text": "*Ask*\n<@U1>"}, "accessory": element}
    names = [control(show(block), kind).attributes["aria-label"] for block in (field(kind), beside, row(element))]
    assert names == ["How?", "Ask @ann", kind.replace("_", " ").capitalize()]
    assert control(show(row({**element, "placeholder": plain("Pick")})), kind).attributes["aria-label"] == "Pick"


@pytest.mark.parametrize("kind", USABLE)
def test_error_and_hint_stand_below_their_control(kind: str) -> None:
    viewer = Viewer(live=True, errors={"way": "Please <choose> one."}, prefix="modal-")
    page = show(field(kind, hint=plain("Any will do.")), viewer=viewer)
    found, error, hint = control(page, kind), page.one(of="bk-error"), page.one(of="bk-hint")
    assert (error.text, hint.text) == ("Please <choose> one.", "Any will do.")
    assert found.attributes["aria-invalid"] == "true"
    assert found.attributes["aria-describedby"] == "modal-way-error modal-way-hint"
    assert [error.attributes["id"], hint.attributes["id"]] == ["modal-way-error", "modal-way-hint"]
    assert page.text.index("Please") > page.text.index("How?")


@pytest.mark.parametrize("kind", USABLE)
def test_valid_control_shows_no_error(kind: str) -> None:
    page = show(field(kind), viewer=Viewer(live=True, errors={"other": "No."}))
    found = control(page, kind)
    assert not {"aria-invalid", "aria-describedby"} & set(found.attributes)
    assert not page.all(of="bk-error")


@pytest.mark.parametrize("kind", USABLE)
def test_what_must_be_filled_in_says_so(kind: str) -> None:
    needed = control(show(field(kind)), kind).attributes.get("aria-required")
    # A group of boxes has no such word.
    assert needed == (None if kind == "checkboxes" else "true")
    for block in (field(kind, optional=True), row(field(kind)["element"])):
        assert "aria-required" not in control(show(block), kind).attributes
    assert not [each for each in show(field(kind)).all() if "required" in each.attributes]


@given(st.lists(st.text(min_size=1), min_size=2, unique=True), st.sampled_from(["", "modal-"]))
def test_ids_differ_and_can_be_listed(names: list[str], prefix: str) -> None:
    made = [part_id(name, "error", Viewer(prefix=prefix)) or "" for name in names]
    assert len(set(made)) == len({name.encode("utf-8", "replace") for name in names})
    assert all(each.split() == [each] and each.startswith(prefix) for each in made)


def test_a_block_without_a_name_has_no_ids() -> None:
    page = show(field("plain_text_input", block_id="", hint=plain("Any")))
    assert page.one(of="bk-hint").text == "Any"
    assert "aria-describedby" not in page.one("input").attributes


def test_overflow_entries_are_chosen_not_pressed() -> None:
    menu = show(
        row({"type": "overflow", "action_id": "more", "options": OPTIONS, "confirm": {"title": plain("Sure?")}})
    )
    assert menu.one("summary").attributes["aria-label"] == "More options"
    for entry, value in zip(menu.all("button"), ("bus", "bike"), strict=True):
        assert entry.attributes["data-kind"] == "overflow"
        assert (entry.attributes["data-action"], entry.attributes["data-value"]) == ("more", value)
        assert entry.attributes["data-confirm-title"] == "Sure?"


def test_what_is_asked_before_is_in_plain_words() -> None:
    asked = {
        "title": plain("Withdraw :wave:"),
        "text": {"type": "mrkdwn", "text": "*Really*,\n<@U1>? 1 &lt; 2"},
        "confirm": plain("Yes"),
        "deny": plain("No"),
    }
    button = {"type": "button", "action_id": "go", "text": plain("Go"), "confirm": asked}
    said = show(row(button)).one("button").attributes
    assert said["data-confirm-title"] == "Withdraw 👋"
    assert said["data-confirm-text"] == "Really, @ann? 1 < 2"
    assert (said["data-confirm-yes"], said["data-confirm-no"]) == ("Yes", "No")
    assert "data-confirm-danger" not in said
    risky = {**button, "confirm": {**asked, "style": "danger"}}
    assert "data-confirm-danger" in show(row(risky)).one("button").attributes
    assert "data-confirm-title" not in show(row({**button, "confirm": None})).one("button").attributes


def test_text_keeps_its_leading_empty_line() -> None:
    html = str(render([field("plain_text_input", multiline=True, initial_value="\nafter")], LIVE))
    assert ">\n\nafter</textarea>" in html


def test_button_is_named_by_text_or_accessibility_label() -> None:
    button = {"type": "button", "action_id": "go", "text": plain("→")}
    assert "aria-label" not in show(row(button)).one("button").attributes
    named = show(row({**button, "accessibility_label": "Go on"}))
    assert named.one("button").attributes["aria-label"] == "Go on"


@pytest.mark.parametrize(
    ("kind", "more", "said"),
    [
        ("plain_text_input", {"max_length": 200}, {"maxlength": "200"}),
        ("plain_text_input", {"max_length": "<b>"}, {"maxlength": None}),
        ("plain_text_input", {"max_length": 10**5000}, {"maxlength": None}),
        ("number_input", {"is_decimal_allowed": False}, {"step": "1", "min": None, "max": None}),
        ("number_input", {"is_decimal_allowed": True, "max_value": "NaN"}, {"step": "any", "max": None}),
        ("number_input", {"min_value": "-1.5", "max_value": 600}, {"min": "-1.5", "max": "600"}),
        ("number_input", {"min_value": True}, {"min": None}),
    ],
)
def test_a_field_says_what_fits(kind: str, more: dict[str, Any], said: dict[str, str | None]) -> None:
    attributes = control(show(field(kind, **more)), kind).attributes
    assert {name: attributes.get(name) for name in said} == said


def test_only_a_live_viewer_can_use_anything() -> None:
    blocks = [field(kind, block_id=kind) for kind in USABLE]
    fields = ("button", "input", "select", "textarea")
    for live in (True, False):
        used = [each for each in show(*blocks, viewer=Viewer(live=live)).all() if each.name in fields]
        assert {("disabled" in each.attributes) for each in used} == {not live}


@pytest.mark.parametrize(
    ("block", "name"),
    [
        ({"type": "table", "rows": []}, "Table"),
        ({"type": "data_table", "caption": "Taking part", "rows": []}, "Taking part"),
        ({"type": "markdown", "text": "|a|b|\n|---|---|\n|1|2|"}, "Table"),
        ({"type": "carousel", "elements": []}, "Cards"),
        ({"type": "data_visualization", "title": "Joined", "chart": {"type": "bar", "series": [{}]}}, "Joined"),
    ],
)
def test_scrolling_region_is_focusable_and_has_name(block: dict[str, Any], name: str) -> None:
    box = show(block).one(of="bk-scroll").attributes
    assert (box["role"], box["tabindex"], box["aria-label"]) == ("region", "0", name)


def test_a_header_without_words_is_no_heading() -> None:
    assert "role" not in show({"type": "header", "text": plain(" ")}).all()[1].attributes


def test_a_link_leads_away_from_the_page() -> None:
    said = {"type": "mrkdwn", "text": "<https://a.example|a>"}
    page = show({"type": "section", "text": said}, {"type": "markdown", "text": "[b](https://a.example)"})
    assert [each.text for each in page.all("a")] == ["a", "b"]
    for each in page.all("a"):
        assert (each.attributes["target"], each.attributes["rel"]) == ("_blank", "noopener noreferrer")


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ({"type": "context", "elements": [{"type": "hologram"}]}, "unknown element: hologram"),
        ({"type": "data_visualization", "title": "T", "chart": {"type": "radar"}}, "unknown chart: radar"),
        ({"type": "card", "title": plain("T"), "actions": [{"type": "dial"}]}, "unknown element: dial"),
        ({"type": "input", "label": plain("T"), "element": {"type": "dial"}}, "unknown element: dial"),
        ({"type": "table", "rows": [[{"type": "dial"}]]}, "unknown cell: dial"),
    ],
)
def test_what_is_unknown_is_said_wherever_it_stands(block: dict[str, Any], said: str) -> None:
    assert show(block).one(of="bk-unknown").text == said


def test_table_has_row_headings_and_column_alignment() -> None:
    rows = [[{"type": "raw_text", "text": text} for text in line] for line in (("Place", "n"), ("Oslo", "1"))]
    sides = [{}, {"align": "right"}]
    page = show({"type": "data_table", "row_header_column_index": 0, "column_settings": sides, "rows": rows})
    assert [each.attributes.get("scope") for each in page.all("th")] == ["col", "col", "row"]
    assert page.one("td").classes == ["bk-right"]

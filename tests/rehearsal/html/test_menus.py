"""Menus and boxes: what they offer, what is chosen in them, and how they stay apart."""

from __future__ import annotations

from typing import Any

import pytest

from rehearsal.html.element_context import ElementContext
from rehearsal.html.menus import choices, offered, select
from rehearsal.html.render_context import Viewer
from rehearsal.html.untrusted_json import Node

from .page import Element, read

LIVE = Viewer(users={"U1": "ann"}, channels={"C1": "earth-week"}, live=True)
PLACE = ElementContext("way", label="How?")


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


BUS = {"text": plain("Bus"), "value": "bus"}
BIKE = {"text": {"type": "mrkdwn", "text": "*Bike*"}, "value": "bike", "description": plain("healthy")}
OPTIONS = [BUS, BIKE]
GROUPS = [{"label": plain("By road"), "options": OPTIONS}, {"label": plain("By sea"), "options": []}]


def menu(kind: str, *, many: bool = False, **more: Any) -> Element:
    found = {"type": kind, "action_id": "how", **more}
    return read(str(select(found, PLACE, LIVE, many=many))).one("select")


def boxes(kind: str, place: ElementContext = PLACE, viewer: Viewer = LIVE, **more: Any) -> Element:
    return read(str(choices({"action_id": "how", "options": OPTIONS, **more}, place, viewer, kind=kind)))


def texts(found: Element) -> list[str]:
    return [each.text for each in found.all("option")]


def chosen(found: Element) -> list[str]:
    return [each.text for each in found.all("option") if "selected" in each.attributes]


def test_a_menu_has_its_options_and_its_choice() -> None:
    found = menu("static_select", placeholder=plain("Pick"), options=OPTIONS, initial_option=BIKE)
    assert texts(found) == ["Pick", "Bus", "*Bike*"]
    assert chosen(found) == ["*Bike*"]
    assert (found.attributes["aria-label"], "multiple" in found.attributes) == ("How?", False)


def test_single_menu_begins_empty_and_can_be_emptied() -> None:
    found = menu("static_select", placeholder=plain("Pick"), options=OPTIONS)
    assert chosen(found) == ["Pick"]
    assert found.all("option")[0].attributes["value"] == ""
    assert texts(menu("multi_static_select", many=True, options=OPTIONS)) == ["Bus", "*Bike*"]


def test_a_menu_has_groups() -> None:
    found = menu("multi_static_select", many=True, option_groups=GROUPS, initial_options=[BIKE])
    assert [each.attributes["label"] for each in found.all("optgroup")] == ["By road", "By sea"]
    assert (texts(found), chosen(found)) == (["Bus", "*Bike*"], ["*Bike*"])
    assert "multiple" in found.attributes


def test_choice_outside_options_is_offered_once() -> None:
    train = {"text": plain("Train"), "value": "train"}
    found = menu("multi_static_select", many=True, options=[BUS], initial_options=[BUS, train])
    assert (texts(found), chosen(found)) == (["Bus", "Train"], ["Bus", "Train"])


@pytest.mark.parametrize(
    ("kind", "more", "there", "first"),
    [
        ("multi_users_select", {"initial_users": ["U1"]}, ["ann"], ["ann"]),
        ("users_select", {"initial_user": "U404"}, ["", "ann", "U404"], ["U404"]),
        ("channels_select", {"initial_channel": "C1"}, ["", "earth-week"], ["earth-week"]),
        ("multi_channels_select", {}, ["earth-week"], []),
        (
            "multi_conversations_select",
            {"initial_conversations": ["C1", "U1"]},
            ["earth-week", "ann"],
            ["earth-week", "ann"],
        ),
        ("multi_users_select", {"initial_users": "U1"}, ["ann"], []),
        ("external_select", {"initial_option": BIKE}, ["", "*Bike*"], ["*Bike*"]),
        ("external_select", {}, [""], [""]),
    ],
)
def test_people_and_channels_are_the_viewers(
    kind: str, more: dict[str, Any], there: list[str], first: list[str]
) -> None:
    found = menu(kind, many=kind.startswith("multi"), **more)
    assert (texts(found), chosen(found)) == (there, first)


def test_options_are_listed_with_and_without_groups() -> None:
    assert offered({"options": [BUS], "option_groups": GROUPS}) == [BUS, BUS, BIKE]
    odd: list[Node] = [{"options": "bus"}, {"option_groups": [None, {"options": 5}]}, {}]
    assert [offered(each) for each in odd] == [[], [], []]


@pytest.mark.parametrize("kind", ["radio", "checkbox"])
def test_boxes_to_tick(kind: str) -> None:
    page = boxes(kind, initial_option=BIKE)
    assert [each.attributes["type"] for each in page.all("input")] == [kind, kind]
    assert [each.text for each in page.all("label")] == ["Bus", "Bikehealthy"]
    assert [each.text for each in page.all(of="bk-description")] == ["healthy"]
    assert ["checked" in each.attributes for each in page.all("input")] == [False, True]
    assert page.one(of="bk-choices").attributes["aria-label"] == "How?"


def test_several_boxes_are_ticked_at_first() -> None:
    page = boxes("checkbox", initial_options=OPTIONS)
    assert ["checked" in each.attributes for each in page.all("input")] == [True, True]


@pytest.mark.parametrize(("kind", "role"), [("radio", "radiogroup"), ("checkbox", "group")])
def test_groups_do_not_disturb_each_other(kind: str, role: str) -> None:
    modal = Viewer(prefix="modal-", live=True)
    pages = [boxes(kind, ElementContext(block), viewer) for viewer in (LIVE, modal) for block in ("one", "two")]
    assert {page.one(of="bk-choices").attributes["role"] for page in pages} == {role}
    names = [{box.attributes["name"] for box in page.all("input")} for page in pages]
    assert [len(each) for each in names] == [1] * 4
    assert len(set.union(*names)) == 4
    inputs = [box for page in pages for box in page.all("input")]
    assert all(box.attributes["data-action"] == "how" for box in inputs)
    assert not [box for box in inputs if "data-kind" in box.attributes]


def test_boxes_of_a_preview_cannot_be_ticked() -> None:
    for viewer, is_off in ((LIVE, False), (Viewer(), True)):
        inputs = boxes("checkbox", viewer=viewer).all("input")
        assert {"disabled" in box.attributes for box in inputs} == {is_off}

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.html.blocks import render
from rehearsal.html.render_context import Viewer
from rehearsal.slack import block_validation as accepted
from rehearsal.slack.conversation import Block
from rehearsal.slack.interactive_elements import Control, FilledIn, controls
from rehearsal.web.field_values import filled
from tests.rehearsal.html.page import Element, read

NAMES = {"U1": "ann", "U2": "bo", "C1": "earth-week"}
VIEWER = Viewer(zone="Europe/Oslo", users=NAMES, channels=NAMES, live=True)
OPTIONS = [{"text": {"type": "plain_text", "text": value.upper()}, "value": value} for value in "abc"]
KINDS = sorted(set(accepted.ELEMENTS) - {"button", "overflow", "image"})

ONE = st.none() | st.sampled_from("abc")
SEVERAL = st.lists(st.sampled_from("abc"), unique=True)
MEMBER = st.sampled_from(sorted(NAMES))
MOMENTS = st.datetimes(datetime(2027, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
TEXTS = st.none() | st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(("plain_text_input", "email_text_input", "url_text_input"), TEXTS),
    "number_input": st.none() | st.integers(),
    **dict.fromkeys(("static_select", "external_select", "radio_buttons"), ONE),
    **dict.fromkeys(("checkboxes", "multi_static_select", "multi_external_select"), SEVERAL),
    **{f"{whom}_select": st.none() | MEMBER for whom in ("users", "channels", "conversations")},
    **{f"multi_{whom}_select": st.lists(MEMBER, unique=True) for whom in ("users", "channels", "conversations")},
    "datepicker": st.none() | st.dates(),
    "timepicker": st.none() | st.times(),
    "datetimepicker": st.none() | MOMENTS.map(lambda at: at.replace(second=0, microsecond=0)),
}


def element(kind: str, **more: Any) -> Block:
    return {"type": kind, "action_id": f"act-{kind}", "options": OPTIONS, **more}


def standing(kind: str, where: str) -> Block:
    """The control in every sort of block that can hold it."""
    found = element(kind)
    match where:
        case "section":
            return {
                "type": "section",
                "block_id": kind,
                "text": {"type": "plain_text", "text": "?"},
                "accessory": found,
            }
        case "actions":
            return {"type": "actions", "block_id": kind, "elements": [element("button"), found]}
        case "container":
            return {"type": "container", "block_id": f"{kind}-box", "child_blocks": [standing(kind, "input")]}
    return {"type": "input", "block_id": kind, "label": {"type": "plain_text", "text": "Label"}, "element": found}


def begun(kind: str, value: Any) -> Control:
    """The control once it begins with the value."""
    block = standing(kind, "input")
    (before,) = controls([block])
    (after,) = controls(filled([block], {before.place: before.chosen(value)}))
    return after


def held(page: Element, kind: str) -> Any:
    """What the page's control begins with."""
    found = next(each for each in page.all() if each.attributes.get("data-kind") == kind)
    ticked = [each.attributes["value"] for each in found.all("input") if "checked" in each.attributes]
    chosen = [each.attributes["value"] for each in found.all("option") if "selected" in each.attributes]
    return found.text if found.name == "textarea" else found.attributes.get("value", ticked + chosen)


def test_every_control_is_among_the_examples() -> None:
    assert set(VALUES) == set(KINDS)


@given(
    st.data(),
    st.lists(st.sampled_from(KINDS), unique=True, max_size=4),
    st.sampled_from(["section", "actions", "container", "input"]),
)
def test_every_control_begins_with_what_was_filled_in(data: st.DataObject, kinds: list[str], where: str) -> None:
    before = [standing(kind, where) for kind in kinds]
    kept = copy.deepcopy(before)
    known = {each.kind: each for each in controls(before) if each.kind != "button"}
    values = {known[kind].place: known[kind].chosen(data.draw(VALUES[kind])) for kind in kinds}
    after = filled(filled(before, _others(before)), values)
    assert before == kept
    assert {each.place: each.first() for each in controls(after) if each.kind != "button"} == values
    read(str(render(after, VIEWER)))


def _others(blocks: list[Block]) -> FilledIn:
    """Something that was filled in before."""
    chosen = {"value": "before", "selected_option": OPTIONS[2], "selected_options": OPTIONS, "selected_user": "U2"}
    return {
        each.place: {"type": each.kind, each.holds: chosen[each.holds]}
        for each in controls(blocks)
        if each.kind != "button" and each.holds in chosen
    }


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("plain_text_input", "a & b", "a & b"),
        ("plain_text_input", None, ""),
        ("number_input", 5, "5"),
        ("static_select", "b", ["b"]),
        ("external_select", "b", ["b"]),
        ("static_select", None, [""]),
        ("radio_buttons", "c", ["c"]),
        ("checkboxes", ["a", "c"], ["a", "c"]),
        ("checkboxes", None, []),
        ("multi_static_select", ["a", "b"], ["a", "b"]),
        ("users_select", "U2", ["U2"]),
        ("multi_channels_select", ["C1"], ["C1"]),
        ("conversations_select", "U404", ["U404"]),
        ("datepicker", "2027-03-22", "2027-03-22"),
        ("timepicker", "20:15", "20:15"),
        ("datetimepicker", datetime(2027, 3, 15, 11, tzinfo=UTC), "2027-03-15T12:00"),
    ],
)
def test_the_page_shows_what_was_filled_in(kind: str, value: Any, shown: Any) -> None:
    after = begun(kind, value)
    assert held(read(str(render([after.block], VIEWER))), kind) == shown


def test_value_from_another_kind_of_control_is_ignored() -> None:
    block = standing("datepicker", "input")
    place = ("datepicker", "act-datepicker")
    assert filled([block], {place: {"type": "timepicker", "selected_time": "20:15"}}) == [block]


def test_what_remembers_nothing_stays_as_it_is() -> None:
    cards = {
        "type": "carousel",
        "block_id": "c",
        "elements": [{"type": "card", "block_id": "d", "actions": [element("button")]}],
    }
    row = {"type": "actions", "block_id": "a", "elements": [element("overflow")]}
    values: FilledIn = {("a", "act-overflow"): {"type": "overflow", "selected_option": OPTIONS[0]}}
    assert filled([cards, row], values) == [cards, row]


def test_blocks_with_the_same_action_are_told_apart() -> None:
    def row(name: str) -> Iterator[Block]:
        yield {"type": "actions", "block_id": name, "elements": [element("static_select")]}

    after = filled(
        [*row("one"), *row("two")],
        {("two", "act-static_select"): {"type": "static_select", "selected_option": OPTIONS[1]}},
    )
    assert [each.first()["selected_option"] for each in controls(after)] == [None, OPTIONS[1]]

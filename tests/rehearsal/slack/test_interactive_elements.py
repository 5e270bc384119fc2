from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from rehearsal.slack.block_validation import ELEMENTS
from rehearsal.slack.interactive_elements import Control, controls, find, form_errors, kept, state

Block = dict[str, Any]
NO_STATE = {"button", "overflow", "image"}


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def options(*values: str) -> list[Block]:
    return [{"text": plain(value.upper()), "value": value} for value in values]


def element(kind: str, **more: Any) -> Block:
    return {"type": kind, "action_id": kind, **more}


def field(kind: str, *, optional: bool = False, block_id: str = "b", **more: Any) -> Block:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain("Label"),
        "optional": optional,
        "element": element(kind, **more),
    }


def control(kind: str, **more: Any) -> Control:
    return Control({"type": "actions", "block_id": "b", "elements": []}, element(kind, **more))


def wrong(kind: str, value: object, *, optional: bool = False, **more: Any) -> str | None:
    block = field(kind, optional=optional, **more)
    (known,) = controls([block])
    return form_errors([block], {known.place: known.chosen(value)}).get("b")


def test_controls_are_found_in_every_possible_block() -> None:
    card = {"type": "card", "block_id": "card", "actions": [element("button")]}
    blocks: list[Block] = [
        {"type": "section", "block_id": "s", "accessory": element("overflow")},
        {"type": "section", "block_id": "none", "text": plain("a")},
        {"type": "actions", "block_id": "a", "elements": [element("datepicker"), element("timepicker")]},
        {"type": "context", "block_id": "x", "elements": [{"type": "image", "alt_text": "a"}]},
        {"type": "carousel", "block_id": "c", "elements": [card]},
        {"type": "container", "block_id": "k", "child_blocks": [field("checkboxes", block_id="inside")]},
        field("plain_text_input", block_id="last"),
        {"type": "divider", "block_id": "d"},
        {"type": "actions", "block_id": "nameless", "elements": [{"type": "button"}]},
    ]
    assert [each.place for each in controls(blocks)] == [
        ("s", "overflow"),
        ("a", "datepicker"),
        ("a", "timepicker"),
        ("card", "button"),
        ("inside", "checkboxes"),
        ("last", "plain_text_input"),
    ]


def test_ambiguous_control_needs_more_than_its_name() -> None:
    def row(block_id: str, value: str) -> Block:
        return {"type": "actions", "block_id": block_id, "elements": [element("button", value=value)]}

    blocks = [row("one", "v1"), row("two", "v2")]
    assert find(blocks, "button", "v2").block_id == "two"
    assert find(blocks, "button", block_id="one").element["value"] == "v1"
    with pytest.raises(LookupError, match="2 controls"):
        find(blocks, "button")
    with pytest.raises(LookupError, match=r"0 controls .*there are .*button"):
        find(blocks, "gone")


def test_state_has_every_control_that_remembers_something() -> None:
    blocks = [field(kind, block_id=kind) for kind in ELEMENTS if kind != "image"]
    assert set(state(blocks, {})["values"]) == set(ELEMENTS) - NO_STATE


@pytest.mark.parametrize(
    ("kind", "began", "held"),
    [
        ("plain_text_input", {"initial_value": "a"}, {"value": "a"}),
        ("plain_text_input", {}, {"value": None}),
        ("number_input", {"initial_value": "5"}, {"value": "5"}),
        ("static_select", {"initial_option": {"value": "a"}}, {"selected_option": {"value": "a"}}),
        ("static_select", {}, {"selected_option": None}),
        ("radio_buttons", {"initial_option": {"value": "a"}}, {"selected_option": {"value": "a"}}),
        ("checkboxes", {"initial_options": [{"value": "a"}]}, {"selected_options": [{"value": "a"}]}),
        ("checkboxes", {}, {"selected_options": []}),
        ("multi_static_select", {}, {"selected_options": []}),
        ("users_select", {"initial_user": "U1"}, {"selected_user": "U1"}),
        ("multi_users_select", {"initial_users": ["U1"]}, {"selected_users": ["U1"]}),
        ("conversations_select", {}, {"selected_conversation": None}),
        ("multi_channels_select", {}, {"selected_channels": []}),
        ("datepicker", {"initial_date": "2027-03-22"}, {"selected_date": "2027-03-22"}),
        ("timepicker", {"initial_time": "20:15"}, {"selected_time": "20:15"}),
        ("timepicker", {"timezone": "Europe/Oslo"}, {"selected_time": None, "timezone": "Europe/Oslo"}),
        ("datetimepicker", {"initial_date_time": 1806000000}, {"selected_date_time": 1806000000}),
    ],
)
def test_control_begins_with_apps_initial_value(kind: str, began: Block, held: Block) -> None:
    assert state([field(kind, **began)], {}) == {"values": {"b": {kind: {"type": kind, **held}}}}


@pytest.mark.parametrize(
    ("kind", "value", "held"),
    [
        ("plain_text_input", "text", {"value": "text"}),
        ("plain_text_input", "", {"value": None}),
        ("number_input", 5, {"value": "5"}),
        ("static_select", "a", {"selected_option": options("a")[0]}),
        ("static_select", None, {"selected_option": None}),
        ("overflow", "b", {"selected_option": options("b")[0]}),
        ("checkboxes", ["b", "a"], {"selected_options": options("b", "a")}),
        ("checkboxes", "a", {"selected_options": options("a")}),
        ("checkboxes", False, {"selected_options": []}),
        ("multi_static_select", None, {"selected_options": []}),
        ("users_select", "U1", {"selected_user": "U1"}),
        ("multi_users_select", ("U1", "U2"), {"selected_users": ["U1", "U2"]}),
        ("multi_conversations_select", "C1", {"selected_conversations": ["C1"]}),
        ("multi_users_select", None, {"selected_users": []}),
        ("datepicker", date(2027, 3, 22), {"selected_date": "2027-03-22"}),
        ("datepicker", "2027-03-22", {"selected_date": "2027-03-22"}),
        ("timepicker", time(9, 5), {"selected_time": "09:05"}),
        ("timepicker", None, {"selected_time": None}),
        ("datetimepicker", datetime(2027, 3, 22, tzinfo=UTC), {"selected_date_time": 1805673600}),
    ],
)
def test_plain_values_become_what_slack_keeps(kind: str, value: object, held: Block) -> None:
    assert control(kind, options=options("a", "b")).chosen(value) == {"type": kind, **held}


def test_a_single_box_is_ticked_with_yes() -> None:
    one = control("checkboxes", options=options("a"))
    assert one.chosen(True)["selected_options"] == options("a")
    with pytest.raises(LookupError, match="say which"):
        control("checkboxes", options=options("a", "b")).chosen(True)


def test_only_what_is_offered_can_be_chosen() -> None:
    grouped = control("static_select", option_groups=[{"label": plain("One"), "options": options("a", "b")}])
    assert grouped.chosen("b")["selected_option"]["text"] == plain("B")
    with pytest.raises(LookupError, match="offers no 'c'"):
        grouped.chosen("c")
    with pytest.raises(LookupError, match="offers no 'c'"):
        control("checkboxes", options=options("a")).chosen(["a", "c"])


def test_filled_in_value_replaces_initial_value() -> None:
    block = field("plain_text_input", initial_value="a")
    (known,) = controls([block])
    filled = {known.place: known.chosen(None)}
    assert state([block], filled)["values"]["b"]["plain_text_input"] == {"type": "plain_text_input", "value": None}


def test_filled_in_value_stays_only_with_its_control() -> None:
    before = [field("plain_text_input"), field("datepicker", block_id="d")]
    filled = {each.place: each.chosen("2027-03-22") for each in controls(before)}
    renamed = field("plain_text_input") | {"block_id": "other"}
    retyped = {**field("timepicker", block_id="d"), "element": {"type": "timepicker", "action_id": "datepicker"}}
    assert kept(before[:1], filled) == {("b", "plain_text_input"): filled["b", "plain_text_input"]}
    assert kept([renamed, retyped], filled) == {}


@pytest.mark.parametrize(
    ("kind", "value", "more", "expected"),
    [
        ("plain_text_input", "", {}, "required"),
        ("plain_text_input", "", {"optional": True}, None),
        ("plain_text_input", "a", {}, None),
        ("plain_text_input", "a" * 5, {"max_length": 5}, None),
        ("plain_text_input", "a" * 6, {"max_length": 5}, "too_long"),
        ("plain_text_input", "a" * 3001, {}, "too_long"),
        ("plain_text_input", "a", {"min_length": 2, "optional": True}, "too_short"),
        ("number_input", "1.5", {"is_decimal_allowed": True}, None),
        ("number_input", "1.5", {"is_decimal_allowed": False}, "no_number"),
        ("number_input", "NaN", {"is_decimal_allowed": True}, "no_number"),
        ("number_input", "many", {"is_decimal_allowed": True}, "no_number"),
        ("number_input", "4", {"is_decimal_allowed": False, "min_value": "5"}, "too_small"),
        ("number_input", "6", {"is_decimal_allowed": False, "max_value": "5"}, "too_large"),
        ("email_text_input", "a@b.example", {}, None),
        ("email_text_input", "a@b", {}, "no_email"),
        ("url_text_input", "https://a.example", {}, None),
        ("url_text_input", "a.example", {}, "no_url"),
        ("datepicker", None, {}, "required"),
        ("datepicker", date(2027, 3, 22), {}, None),
        ("checkboxes", [], {"options": options("a")}, "required"),
        ("checkboxes", [], {"options": options("a"), "optional": True}, None),
        ("multi_static_select", ["a", "b"], {"options": options("a", "b"), "max_selected_items": 1}, "too_many"),
        ("multi_static_select", ["a"], {"options": options("a", "b"), "max_selected_items": 1}, None),
    ],
)
def test_slack_client_refuses_values_unfit_for_field(
    kind: str, value: object, more: Block, expected: str | None
) -> None:
    assert wrong(kind, value, **more) == expected


def test_untouched_field_counts_with_its_initial_value() -> None:
    assert form_errors([field("plain_text_input")], {}) == {"b": "required"}
    assert form_errors([field("plain_text_input", initial_value="a")], {}) == {}


def test_only_fields_are_looked_at() -> None:
    loose = {"type": "actions", "block_id": "a", "elements": [element("datepicker")]}
    assert form_errors([loose], {}) == {}

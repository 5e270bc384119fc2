from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.slack.interactive_elements import Control
from rehearsal.slack.workspace import Channel, User, Workspace
from rehearsal.web.field_values import Plain, value

TEXTS = ("plain_text_input", "email_text_input", "url_text_input", "number_input")
SINGLE = ("static_select", "radio_buttons", "datepicker", "timepicker", "datetimepicker", "users_select")
MANY = ("checkboxes", "multi_static_select", "multi_users_select", "multi_conversations_select")


def control(kind: str, **more: Any) -> Control:
    element = {"type": kind, "action_id": "it", **more}
    return Control({"type": "input", "block_id": "b", "element": element}, element)


@pytest.fixture(scope="module")
def town() -> Workspace:
    return Workspace([User("U1", "Ann")], [Channel("C1", "one")])


@pytest.mark.parametrize("kind", [*TEXTS, *SINGLE])
def test_single_value_may_be_empty_but_no_list(town: Workspace, kind: str) -> None:
    assert value(control(kind), None, town, "UTC") is None
    assert value(control(kind), "", town, "UTC") is None
    with pytest.raises(ValueError, match="only one"):
        value(control(kind), ["a"], town, "UTC")


@pytest.mark.parametrize("kind", MANY)
def test_several_values_need_list_and_may_be_none(town: Workspace, kind: str) -> None:
    assert value(control(kind), None, town, "UTC") == []
    assert value(control(kind), [], town, "UTC") == []
    with pytest.raises(ValueError, match="several"):
        value(control(kind), "a", town, "UTC")


def test_the_same_box_is_ticked_once(town: Workspace) -> None:
    assert value(control("checkboxes"), ["a", "b", "a"], town, "UTC") == ["a", "b"]


@pytest.mark.parametrize(
    ("kind", "held", "meant"),
    [
        ("plain_text_input", " a ", " a "),
        ("datepicker", "2027-03-22", date(2027, 3, 22)),
        ("timepicker", "09:05", time(9, 5)),
        ("datetimepicker", "2027-03-22T09:00", datetime(2027, 3, 22, 8, tzinfo=UTC)),
        ("users_select", "U1", "U1"),
        ("multi_users_select", ["U1"], ["U1"]),
        ("channels_select", "C1", "C1"),
        ("multi_conversations_select", ["C1"], ["C1"]),
    ],
)
def test_each_kind_has_its_own_form(town: Workspace, kind: str, held: Plain, meant: object) -> None:
    assert value(control(kind), held, town, "Europe/Stockholm") == meant


@pytest.mark.parametrize(
    ("kind", "held"),
    [
        ("datepicker", "someday"),
        ("datepicker", "2027-13-01"),
        ("timepicker", "25:00"),
        ("datetimepicker", "0001-01-01T00:00"),
        ("datetimepicker", "2027-03-22T09:00+01:00"),
    ],
)
def test_what_no_picker_offers_is_refused(town: Workspace, kind: str, held: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whichever part of it says so
        value(control(kind), held, town, "Europe/Stockholm")


@pytest.mark.parametrize("kind", ["users_select", "channels_select", "conversations_select"])
def test_values_outside_workspace_cannot_be_chosen(town: Workspace, kind: str) -> None:
    with pytest.raises(LookupError):
        value(control(kind), "U2", town, "UTC")


@given(st.sampled_from((*TEXTS, *SINGLE, *MANY)), st.none() | st.text() | st.lists(st.text()))
def test_nothing_but_a_refusal_comes_of_nonsense(kind: str, held: Plain) -> None:
    with suppress(ValueError, LookupError):
        value(control(kind), held, Workspace(), "Europe/Stockholm")

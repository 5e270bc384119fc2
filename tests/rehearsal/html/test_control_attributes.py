from __future__ import annotations

from rehearsal.html.control_attributes import label, named, told
from rehearsal.html.element_context import ElementContext
from rehearsal.html.render_context import Viewer

BUTTON = {"type": "button", "action_id": "go"}


def test_label_falls_back_to_the_element_type() -> None:
    assert label({**BUTTON, "accessibility_label": "Leave"}, ElementContext("b", label="Form")) == "Leave"
    assert label(BUTTON, ElementContext("b", label="Form")) == "Form"
    assert label({"type": "multi_users_select"}, ElementContext("b")) == "Multi users select"


def test_controls_of_the_preview_are_disabled() -> None:
    assert named(BUTTON, ElementContext("b"), Viewer())["disabled"]
    assert not named(BUTTON, ElementContext("b"), Viewer(live=True))["disabled"]


def test_confirmation_is_handed_to_the_script() -> None:
    asked = told({**BUTTON, "confirm": {"title": {"text": "Sure?"}, "style": "danger"}}, ElementContext("b"), Viewer())
    assert (asked["data_action"], asked["data_confirm_title"], asked["data_confirm_danger"]) == ("go", "Sure?", True)
    assert "data_confirm_title" not in told(BUTTON, ElementContext("b"), Viewer())

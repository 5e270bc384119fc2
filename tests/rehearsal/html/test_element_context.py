from __future__ import annotations

from rehearsal.html.element_context import inline_context, input_context, part_id
from rehearsal.html.render_context import Viewer

FIELD = {
    "block_id": "a b",
    "label": {"type": "plain_text", "text": "Plan"},
    "hint": {"type": "plain_text", "text": "Short"},
}


def test_ids_have_no_spaces_and_a_prefix() -> None:
    assert part_id("a b", "hint", Viewer(prefix="modal-")) == "modal-a%20b-hint"
    assert part_id("", "hint", Viewer()) is None


def test_field_points_to_hint_and_error() -> None:
    wrong = input_context(FIELD, Viewer(errors={"a b": "too long"}))
    assert (wrong.label, wrong.required, wrong.wrong) == ("Plan", True, True)
    assert wrong.described == "a%20b-error a%20b-hint"


def test_only_fields_that_dispatch_tell_the_app() -> None:
    assert not input_context(FIELD, Viewer()).tells
    assert input_context({**FIELD, "dispatch_action": True}, Viewer()).tells
    assert inline_context(FIELD, Viewer()).tells

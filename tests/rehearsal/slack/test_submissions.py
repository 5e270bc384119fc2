from __future__ import annotations

from typing import Any

import pytest

from rehearsal.slack.errors import RefusedError
from rehearsal.slack.http_transport import AppReply
from rehearsal.slack.open_views import View, Views
from rehearsal.slack.submissions import Submission, apply_reply

from .helpers import HELLO, START

TITLE = {"type": "plain_text", "text": "Pledge"}
FIELD = {
    "type": "input",
    "block_id": "when",
    "label": TITLE,
    "element": {"type": "plain_text_input", "action_id": "when"},
}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "modal", "title": TITLE, "submit": TITLE, "blocks": [*blocks], **more}


@pytest.fixture
def views() -> Views:
    return Views()


@pytest.fixture
def form(views: Views) -> View:
    """A form on top of another modal."""
    views.open("U1", modal(HELLO), START)
    pushed = views.push("U1", modal(FIELD, HELLO), START)
    assert pushed is not None
    return pushed


def answered(views: Views, form: View, body: Any, status: int = 200) -> Submission:
    return apply_reply(views, form, AppReply(status, body, {}), START)


def refused(views: Views, form: View, body: Any, status: int = 200) -> RefusedError:
    before = views.stack("U1")
    with pytest.raises(RefusedError) as caught:
        answered(views, form, body, status)
    assert views.stack("U1") == before
    return caught.value


@pytest.mark.parametrize("body", ["", None, {}])
def test_empty_answer_closes_form_and_uncovers_previous(views: Views, form: View, body: Any) -> None:
    assert answered(views, form, body).outcome == "closed"
    (left,) = views.stack("U1")
    assert left.id == form.previous


def test_a_form_that_is_sent_twice_closes_once(views: Views, form: View) -> None:
    assert [answered(views, form, "").outcome for _ in range(2)] == ["closed", "closed"]
    assert len(views.stack("U1")) == 1


def test_clearing_closes_everything_of_this_person(views: Views, form: View) -> None:
    views.open("U2", modal(HELLO), START)
    assert answered(views, form, {"response_action": "clear"}).outcome == "cleared"
    assert (views.stack("U1"), len(views.stack("U2"))) == ([], 1)
    assert views.top("U1") is None


def test_errors_keep_form_open_and_mark_fields(views: Views, form: View) -> None:
    errors = {"when": "Too late"}
    came = answered(views, form, {"response_action": "errors", "errors": errors})
    assert (came.outcome, came.errors) == ("errors", errors)
    top = views.top("U1")
    assert top is not None
    assert (top.id, top.errors) == (form.id, errors)


def test_update_replaces_form_and_keeps_entered_values(views: Views, form: View) -> None:
    filled = views.fill(form, {("when", "when"): {"type": "plain_text_input", "value": "soon"}})
    views.mark(filled, {"when": "Too late"})
    update = {"response_action": "update", "view": modal(FIELD, callback_id="two")}
    assert answered(views, form, update).outcome == "updated"
    top = views.top("U1")
    assert top is not None
    assert (top.id, top.content["callback_id"], top.errors) == (form.id, "two", {})
    assert top.filled == filled.filled
    assert top.hash != form.hash


def test_push_stacks_forms_up_to_three(views: Views, form: View) -> None:
    push = {"response_action": "push", "view": modal(HELLO, callback_id="three")}
    assert answered(views, form, push).outcome == "pushed"
    top = views.top("U1")
    assert top is not None
    assert (top.previous, top.content["callback_id"]) == (form.id, "three")
    assert refused(views, top, push).word == "push_limit_reached"


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        ("", 404, "http_404"),
        ({"response_action": "clear"}, 500, "http_500"),
        ("ok", 200, "invalid_response_action"),
        ({"text": "ok"}, 200, "invalid_response_action"),
        ({"response_action": "shut"}, 200, "invalid_response_action"),
        ({"response_action": "errors"}, 200, "invalid_arguments"),
        ({"response_action": "errors", "errors": {}}, 200, "invalid_arguments"),
        ({"response_action": "errors", "errors": {"where": "Nowhere"}}, 200, "invalid_arguments"),
        ({"response_action": "errors", "errors": {"when": ""}}, 200, "invalid_arguments"),
        ({"response_action": "update"}, 200, "invalid_arguments"),
        ({"response_action": "update", "view": {"type": "home", "blocks": []}}, 200, "invalid_arguments"),
        ({"response_action": "push", "view": {"type": "modal", "blocks": []}}, 200, "invalid_arguments"),
    ],
)
def test_an_answer_that_slack_cannot_use_changes_nothing(
    views: Views, form: View, body: Any, status: int, word: str
) -> None:
    assert refused(views, form, body, status).word == word


def test_errors_for_blocks_without_fields_are_named(views: Views, form: View) -> None:
    caught = refused(views, form, {"response_action": "errors", "errors": {"rehearsal-1": "No"}})
    assert "rehearsal-1" in str(caught.details)


def test_form_closed_meanwhile_cannot_be_changed(views: Views, form: View) -> None:
    views.close("U1")
    assert refused(views, form, {"response_action": "errors", "errors": {"when": "No"}}).word == "not_found"
    assert answered(views, form, "").outcome == "closed"
    assert views.modals == {}

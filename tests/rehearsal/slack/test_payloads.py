"""Payloads in the cases that a press by hand seldom meets: guests, threads, private channels, elements with choices."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from rehearsal.slack import payloads
from rehearsal.slack.interactive_elements import Control, find
from rehearsal.slack.payloads import Actor
from rehearsal.slack.workspace import BOT, User, Workspace

from .helpers import EVENT, START

OPTIONS = [{"text": {"type": "plain_text", "text": value}, "value": value} for value in ("mon", "tue")]
PICKER = {
    "type": "static_select",
    "action_id": "day",
    "options": OPTIONS,
    "initial_option": OPTIONS[0],
    "placeholder": {"type": "plain_text", "text": "Pick"},
    "confirm": {"title": {"type": "plain_text", "text": "Sure?"}},
}
BUTTON = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}, "style": "primary"}
ROW = {"type": "actions", "block_id": "row", "elements": [PICKER, BUTTON]}


@pytest.fixture
def ann(workspace: Workspace) -> Actor:
    return Actor(workspace, workspace.users["U1"], START)


def content(**more: Any) -> dict[str, Any]:
    return {"type": "modal", "blocks": [ROW], **more}


def pressed(action_id: str) -> Control:
    return find([ROW], action_id)


def test_instant_is_stamped_to_the_microsecond(workspace: Workspace) -> None:
    at = datetime(2027, 3, 22, 8, 0, 0, 7, tzinfo=UTC)
    assert Actor(workspace, BOT, at).stamp == "1805702400.000007"


def test_colleague_of_another_company_has_its_team(workspace: Workspace) -> None:
    workspace.add_user(User("U7", "gus", team_id="T0OTHER"))
    head = Actor(workspace, workspace.users["U7"], START).head("shortcut")
    assert (head["team"]["id"], head["user"]["team_id"]) == ("T0OTHER", "T0OTHER")


@pytest.mark.parametrize(
    ("channel", "name"),
    [("C1", "earth-week"), ("C3", "privategroup"), ("C5", "old"), ("C404", "directmessage")],
)
def test_only_public_channels_have_their_names(workspace: Workspace, channel: str, name: str) -> None:
    assert payloads.channel_name(workspace, channel) == name
    assert payloads.channel_name(workspace, workspace.im("U1")) == "directmessage"


def test_action_repeats_element_without_its_options(ann: Actor) -> None:
    said = ann.workspace.post("C1", BOT.id, "Hello", START, blocks=[ROW])
    control = pressed("day")
    sent = payloads.on_message(ann, said, (control, control.chosen("tue")), "http://127.0.0.1/", "1.2.a")
    assert sent["actions"] == [
        {
            "type": "static_select",
            "action_id": "day",
            "block_id": "row",
            "initial_option": OPTIONS[0],
            "placeholder": PICKER["placeholder"],
            "selected_option": OPTIONS[1],
            "action_ts": ann.stamp,
        }
    ]
    assert sent["state"]["values"]["row"]["day"]["selected_option"] == OPTIONS[1]


def test_press_leaves_other_choices_as_they_were(ann: Actor) -> None:
    said = ann.workspace.post("C1", BOT.id, "Hello", START, blocks=[ROW], metadata=EVENT)
    sent = payloads.on_message(ann, said, (pressed("go"), {}), "http://127.0.0.1/", "1.2.a")
    assert sent["state"]["values"] == {"row": {"day": {"type": "static_select", "selected_option": OPTIONS[0]}}}
    assert (sent["actions"][0]["style"], "metadata" in sent["message"]) == ("primary", False)
    assert "thread_ts" not in sent["container"]


def test_shortcut_comes_from_no_channel(ann: Actor) -> None:
    sent = payloads.shortcut(ann, "open_week", "1.2.a")
    assert (sent["type"], sent["callback_id"], sent["trigger_id"]) == ("shortcut", "open_week", "1.2.a")
    assert not {"channel", "response_url", "view", "message"} & set(sent)


@pytest.mark.parametrize("is_cleared", [False, True])
def test_form_is_shown_as_it_was_left(ann: Actor, *, is_cleared: bool) -> None:
    views = ann.workspace.views
    view = views.fill(
        views.open("U1", content(private_metadata="m"), START),
        {("row", "day"): {"type": "static_select", "selected_option": OPTIONS[1]}},
    )
    sent, closed = payloads.submission(ann, view, "1.2.a"), payloads.closed(ann, view, is_cleared=is_cleared)
    assert sent["view"] == closed["view"]
    assert (sent["view"]["private_metadata"], sent["view"]["hash"]) == ("m", view.hash)
    assert sent["view"]["state"]["values"]["row"]["day"]["selected_option"] == OPTIONS[1]
    assert (closed["is_cleared"], "trigger_id" in closed) == (is_cleared, False)


def test_home_comes_with_its_view_once_drawn(ann: Actor) -> None:
    assert "view" not in payloads.home_opened(ann, "Ev1")["event"]
    ann.workspace.views.publish("U2", content(), START)
    assert "view" not in payloads.home_opened(ann, "Ev2")["event"]
    home = ann.workspace.views.publish("U1", content(), START)
    assert payloads.home_opened(ann, "Ev3")["event"]["view"]["id"] == home.id


def test_event_names_the_bot_that_hears_it(ann: Actor) -> None:
    event = {"type": "app_home_opened"}
    sent = payloads.envelope(ann, event, "Ev1")
    event["type"] = "changed"
    assert (sent["event"], sent["event_id"]) == ({"type": "app_home_opened"}, "Ev1")
    assert sent["event_time"] == int(START.timestamp())
    assert [(each["user_id"], each["is_bot"]) for each in sent["authorizations"]] == [(BOT.id, True)]

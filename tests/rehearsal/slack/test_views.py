from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from .helpers import HELLO, Desk, refusal, word

TITLE = {"type": "plain_text", "text": "Pledge"}


def modal(**more: Any) -> dict[str, Any]:
    return {"type": "modal", "title": TITLE, "blocks": [HELLO], "callback_id": "pledge", **more}


def home(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"type": "home", "blocks": list(blocks)}


async def opened(desk: Desk, user: str = "U1", **more: Any) -> dict[str, Any]:
    answer = await desk.client.views_open(trigger_id=desk.slack.trigger(user), view=modal(**more))
    view = answer["view"]
    assert isinstance(view, dict)
    return view


async def test_a_modal_is_opened_for_who_pressed(desk: Desk) -> None:
    view = await opened(desk, private_metadata="m")
    assert (view["type"], view["callback_id"], view["private_metadata"]) == ("modal", "pledge", "m")
    assert (view["root_view_id"], view["previous_view_id"], view["state"]) == (view["id"], None, {"values": {}})
    (shown,) = desk.slack.workspace.views.stack("U1")
    assert shown.id == view["id"]
    assert view["blocks"] == [{"block_id": "rehearsal-0", **HELLO}]


async def test_a_trigger_opens_one_modal(desk: Desk) -> None:
    trigger = desk.slack.trigger("U1")
    await desk.client.views_open(trigger_id=trigger, view=modal())
    assert await word(desk.client.views_open(trigger_id=trigger, view=modal())) == "exchanged_trigger_id"


async def test_a_trigger_is_too_old_after_three_seconds(desk: Desk) -> None:
    opening, pushing = desk.slack.trigger("U1"), desk.slack.trigger("U1")
    desk.clock.forward(2.9)
    await desk.client.views_open(trigger_id=opening, view=modal())
    desk.clock.forward(0.1)
    assert await word(desk.client.views_push(trigger_id=pushing, view=modal())) == "expired_trigger_id"


async def test_trigger_unknown_to_slack_opens_nothing(client: AsyncWebClient) -> None:
    assert await word(client.views_open(trigger_id="1.2.a", view=modal())) == "invalid_trigger_id"
    assert await word(client.api_call("views.open", json={"view": modal()})) == "invalid_arguments"
    assert await word(client.api_call("views.open", json={"trigger_id": "1.2.a"})) == "invalid_arguments"


async def test_refused_modal_leaves_its_trigger_usable(desk: Desk) -> None:
    trigger = desk.slack.trigger("U1")
    body = await refusal(desk.client.views_open(trigger_id=trigger, view=modal(title={**TITLE, "text": "t" * 25})))
    assert body["error"] == "invalid_arguments"
    assert body["response_metadata"]["messages"] == [
        "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"
    ]
    assert (await desk.client.views_open(trigger_id=trigger, view=modal()))["ok"]


async def test_a_modal_replaces_the_one_that_was_open(desk: Desk) -> None:
    await opened(desk)
    second = await opened(desk)
    assert [view.id for view in desk.slack.workspace.views.stack("U1")] == [second["id"]]


async def test_modal_is_changed_by_id_or_name(desk: Desk) -> None:
    view = await opened(desk, external_id="mine")
    by_id = await desk.client.views_update(view_id=view["id"], hash=view["hash"], view=modal(external_id="mine"))
    by_name = await desk.client.views_update(external_id="mine", view=modal(callback_id="new"))
    assert view["id"] == by_id["view"]["id"] == by_name["view"]["id"]
    assert len({view["hash"], by_id["view"]["hash"], by_name["view"]["hash"]}) == 3
    (shown,) = desk.slack.workspace.views.stack("U1")
    assert shown.content["callback_id"] == "new"


async def test_an_old_view_of_a_modal_changes_nothing(desk: Desk) -> None:
    view = await opened(desk)
    await desk.client.views_update(view_id=view["id"], view=modal())
    stale = desk.client.views_update(view_id=view["id"], hash=view["hash"], view=modal())
    assert await word(stale) == "hash_conflict"


async def test_what_is_filled_in_survives_a_change(desk: Desk) -> None:
    element = {"type": "plain_text_input", "action_id": "why", "initial_value": "a"}
    form: dict[str, Any] = {
        "submit": TITLE,
        "blocks": [{"type": "input", "block_id": "why", "label": TITLE, "element": element}],
    }
    view = await opened(desk, **form)
    assert view["state"] == {"values": {"why": {"why": {"type": "plain_text_input", "value": "a"}}}}
    (shown,) = desk.slack.workspace.views.stack("U1")
    desk.slack.workspace.views.fill(shown, {("why", "why"): {"type": "plain_text_input", "value": "b"}})
    same = await desk.client.views_update(view_id=view["id"], view=modal(**form))
    assert same["view"]["state"]["values"]["why"]["why"]["value"] == "b"
    other = await desk.client.views_update(view_id=view["id"], view=modal())
    assert other["view"]["state"] == {"values": {}}


async def test_a_home_tab_remembers_what_is_chosen(desk: Desk) -> None:
    when = {"type": "timepicker", "action_id": "when", "initial_time": "09:00"}
    content = home({"type": "actions", "block_id": "row", "elements": [when]})
    await desk.client.views_publish(user_id="U1", view=content)
    views = desk.slack.workspace.views
    views.fill(views.homes["U1"], {("row", "when"): {"type": "timepicker", "selected_time": "20:15"}})
    again = await desk.client.views_publish(user_id="U1", view=content)
    assert again["view"]["state"]["values"]["row"]["when"]["selected_time"] == "20:15"


async def test_a_closed_modal_is_not_found(desk: Desk) -> None:
    view = await opened(desk)
    desk.slack.workspace.views.close("U1")
    assert await word(desk.client.views_update(view_id=view["id"], view=modal())) == "not_found"
    assert await word(desk.client.views_update(external_id="nobody", view=modal())) == "not_found"
    assert await word(desk.client.api_call("views.update", json={"view": modal()})) == "invalid_arguments"


async def test_three_modals_stand_on_top_of_each_other(desk: Desk) -> None:
    root = await opened(desk)
    pushed = [await desk.client.views_push(trigger_id=desk.slack.trigger("U1"), view=modal()) for _ in range(2)]
    assert [answer["view"]["root_view_id"] for answer in pushed] == [root["id"]] * 2
    assert pushed[1]["view"]["previous_view_id"] == pushed[0]["view"]["id"]
    fourth = desk.client.views_push(trigger_id=desk.slack.trigger("U1"), view=modal())
    assert await word(fourth) == "push_limit_reached"


async def test_a_home_tab_is_each_persons_own(desk: Desk) -> None:
    first = await desk.client.views_publish(user_id="U1", view=home(HELLO))
    again = await desk.client.views_publish(user_id="U1", view=home(), hash=first["view"]["hash"])
    await desk.client.views_publish(user_id="U2", view=home(HELLO))
    assert first["view"]["id"] == again["view"]["id"]
    homes = desk.slack.workspace.views.homes
    assert {user: len(view.content["blocks"]) for user, view in homes.items()} == {"U1": 0, "U2": 1}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"user_id": "U9"}, "user_not_found"),
        ({"hash": "old"}, "hash_conflict"),
        ({"view": modal()}, "invalid_arguments"),
        ({"view": "{"}, "invalid_arguments"),
        ({"view": home(*[HELLO] * 101)}, "invalid_arguments"),
        ({"view": home(*[{"type": "section", "text": {"type": "mrkdwn", "text": "t" * 2900}}] * 90)}, "view_too_large"),
        ({"user_id": None}, "invalid_arguments"),
    ],
)
async def test_a_bad_home_tab_is_refused(client: AsyncWebClient, arguments: dict[str, Any], expected: str) -> None:
    good = {"user_id": "U1", "view": home(HELLO)}
    assert await word(client.api_call("views.publish", json=good | arguments)) == expected

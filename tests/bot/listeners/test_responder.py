"""Where answers go: to a response URL, into the conversation with the bot, or into a modal."""

from __future__ import annotations

import json
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.listeners.errors import ReplyNotDeliveredError
from bot.listeners.responder import Responder, in_a_form_that_is_taken
from bot.locales.catalogues import words
from bot.messages.message import Message
from bot.messages.modals import message_modal
from bot.messages.modals.modal import home_face, home_metadata
from bot.messages.post_rendering import plain
from rehearsal.slack.response_urls import MOST_USES, RESPONSE_URL, ResponseTarget
from tests.rehearsal.slack.helpers import Desk

EN = words("en")
MARKDOWN = {"type": "markdown", "block_id": "words", "text": "**Bold**"}
MESSAGE = Message("Said.", (MARKDOWN,))


def responder(desk: Desk, **body: Any) -> Responder:
    return Responder(desk.client, {"trigger_id": desk.slack.trigger("U1"), **body})


def typed(desk: Desk) -> dict[str, str]:
    return {"response_url": desk.slack.response_url(ResponseTarget("U1", "C1"))}


def alone(desk: Desk) -> list[str]:
    return [said.text for said in desk.slack.workspace.ephemerals.of("U1")]


def modals(desk: Desk) -> list[str]:
    """What the modals say that are open, the visible one last."""
    return [view.content["blocks"][0]["text"]["text"] for view in desk.slack.workspace.views.stack("U1")]


def calls(desk: Desk) -> list[str]:
    return [call.method for call in desk.slack.calls if call.ok]


async def test_command_is_answered_for_that_person_alone(desk: Desk) -> None:
    to = responder(desk, **typed(desk))
    await to.send_text(EN, "Noted.")
    assert (alone(desk), desk.says(), modals(desk)) == (["Noted."], [], [])
    assert (to.has_answered, to.uses_modal) == (True, False)


@pytest.mark.parametrize("url", [None, "", "https://evil.example/response/1", "file:///etc/passwd", 7])
async def test_without_an_address_of_slacks_a_modal_opens(desk: Desk, url: object) -> None:
    to = responder(desk, response_url=url)
    assert to.uses_modal
    await to.send_text(EN, "Noted.")
    await to.send(EN, MESSAGE)
    assert calls(desk) == ["views.open", "views.update"]
    assert modals(desk) == ["*Bold*"]


async def test_message_to_the_bot_is_answered_there(desk: Desk) -> None:
    direct = desk.slack.workspace.im("U1")
    to = responder(desk, **typed(desk), event={"type": "message", "channel": direct})
    to.expect_modal()
    await to.send(EN, MESSAGE)
    assert (desk.says(direct), alone(desk), modals(desk)) == (["Said."], [], [])


async def test_open_form_is_changed_in_its_place(desk: Desk) -> None:
    opened = await desk.client.views_open(trigger_id=desk.slack.trigger("U1"), view=dict(message_modal.draw(EN, "Old")))
    to = responder(desk, **typed(desk), view=opened["view"])
    await to.send_text(EN, "New")
    assert (modals(desk), alone(desk)) == (["New"], [])


async def test_expected_modal_opens_with_the_answer(desk: Desk) -> None:
    to = responder(desk, **typed(desk))
    to.expect_modal()
    await to.show_loading(EN)
    assert modals(desk) == [EN("form.waiting")]
    await to.send_text(EN, "Here.")
    await to.show_loading(EN)
    assert (modals(desk), alone(desk)) == (["Here."], [])


async def test_pushed_answer_leaves_the_list_below(desk: Desk) -> None:
    opened = await desk.client.views_open(
        trigger_id=desk.slack.trigger("U1"), view=dict(message_modal.draw(EN, "List"))
    )
    to = responder(desk, view=opened["view"])
    to.expect_modal(pushed=True)
    await to.send_text(EN, "Part")
    await to.send_text(EN, "Whole")
    assert modals(desk) == ["List", "Whole"]


async def test_where_no_modal_opens_it_is_written(desk: Desk) -> None:
    to = responder(desk, **typed(desk))
    to.expect_modal(pushed=True)
    desk.slack.faults.answer("expired_trigger_id", method="views.open")
    with pytest.raises(SlackApiError):
        await to.send_text(EN, "Here.")
    await to.send_text(EN, "Too slow.")
    assert (alone(desk), modals(desk)) == (["Too slow."], [])


# The App Home


async def test_app_home_stays_behind_the_answer(desk: Desk) -> None:
    page = {"id": "V1", "type": "home", "private_metadata": home_metadata("organise")}
    to = responder(desk, view=page)
    assert (to.home_is_open, to.home_face, to.view_id) == (True, "organise", None)
    await to.send_text(EN, "Here.")
    [shown] = desk.slack.workspace.views.stack("U1")
    assert home_face({"type": "modal", "private_metadata": shown.content["private_metadata"]}) == "organise"
    assert home_face(to.loading(EN)) == "organise"
    assert json.loads(message_modal.loading(EN)["private_metadata"]).keys() == {"version"}


@pytest.mark.parametrize(
    ("body", "face"),
    [({}, None), ({"event": {"view": {"type": "home"}}}, "my_week"), ({"view": {"type": "modal", "id": "V1"}}, None)],
)
def test_home_face_is_known_from_what_came(desk: Desk, body: dict[str, Any], face: str | None) -> None:
    assert responder(desk, **body).home_face == face


# A form that is acknowledged


async def test_views_wait_for_the_acknowledgement(desk: Desk) -> None:
    to = responder(desk)
    to.defer()
    await to.show(message_modal.draw(EN, "First"))
    await to.show(message_modal.draw(EN, "Second"))
    assert modals(desk) == []
    assert not to.has_answered
    await to.release()
    assert modals(desk) == ["Second"]


async def test_view_in_the_acknowledgement_is_not_repeated(desk: Desk) -> None:
    to = responder(desk)
    to.defer()
    await to.show(message_modal.draw(EN, "First"))
    acknowledged = to.deferred
    await to.release(acknowledged)
    assert modals(desk) == []
    to.defer()
    await to.show(message_modal.draw(EN, "Later"))
    await to.release(acknowledged)
    assert modals(desk) == ["Later"]


# What Slack does not take


@pytest.mark.parametrize("is_direct", [True, False])
async def test_refused_blocks_are_sent_plain(desk: Desk, *, is_direct: bool) -> None:
    direct = desk.slack.workspace.im("U1")
    event = {"event": {"type": "message", "channel": direct}} if is_direct else {}
    if is_direct:
        desk.slack.faults.answer("invalid_blocks")
    else:
        desk.slack.faults.status(400, '{"ok": false, "error": "invalid_blocks"}', method=RESPONSE_URL)
    await responder(desk, **typed(desk), **event).send(EN, MESSAGE)
    town = desk.slack.workspace
    [said] = town.messages(direct) if is_direct else town.ephemerals.of("U1")
    assert [block["type"] for block in said.blocks] == [block["type"] for block in plain(MESSAGE).blocks] == ["section"]


async def test_used_address_is_no_answer(desk: Desk) -> None:
    to = responder(desk, **typed(desk))
    for _ in range(MOST_USES):
        await to.send_text(EN, "Again.")
    with pytest.raises(ReplyNotDeliveredError):
        await to.send_text(EN, "Once more.")
    assert len(alone(desk)) == MOST_USES


async def test_nothing_but_blocks_is_tried_in_plain_form() -> None:
    written: list[Message] = []

    async def refuse(message: Message) -> None:
        written.append(message)
        raise ReplyNotDeliveredError("used_url" if len(written) == 1 else "invalid_blocks")

    with pytest.raises(ReplyNotDeliveredError):
        await in_a_form_that_is_taken(refuse, MESSAGE)
    assert written == [MESSAGE]
    with pytest.raises(ReplyNotDeliveredError):
        await in_a_form_that_is_taken(refuse, MESSAGE)
    assert written[1:] == [MESSAGE, plain(MESSAGE)], "once more, and not for ever"

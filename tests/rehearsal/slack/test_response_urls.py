from __future__ import annotations

from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from slack_sdk.webhook.async_client import AsyncWebhookClient

from rehearsal.slack.response_urls import GOOD_FOR, MOST_USES, RESPONSE_URL, ResponseTarget
from rehearsal.slack.workspace import Ephemeral, PostedMessage

from .helpers import HELLO, START, Desk

DIVIDER = {"type": "divider"}


async def used(desk: Desk, url: str, **body: Any) -> tuple[int, dict[str, Any]]:
    async with desk.session.post(url, json=body) as response:
        return response.status, await response.json()


def pressed(desk: Desk, message: PostedMessage | Ephemeral) -> str:
    return desk.slack.response_url(ResponseTarget("U1", message.channel, message))


def typed(desk: Desk, channel: str = "C1") -> str:
    return desk.slack.response_url(ResponseTarget("U1", channel))


def alone(desk: Desk, user: str = "U1") -> list[str]:
    return [said.text for said in desk.slack.workspace.ephemerals.of(user)]


async def test_real_client_answers_person_alone_by_default(desk: Desk) -> None:
    client = AsyncWebhookClient(typed(desk))
    answers = [
        await client.send(text="psst", blocks=[HELLO]),
        await client.send(text="psst!", response_type="ephemeral"),
        await client.send(text="hear", response_type="in_channel"),
    ]
    assert [(answer.status_code, answer.body) for answer in answers] == [(200, '{"ok": true}')] * 3
    assert (alone(desk), alone(desk, "U2"), desk.says()) == (["psst", "psst!"], [], ["hear"])
    first = desk.slack.workspace.ephemerals.of("U1")[0]
    assert (first.channel, first.blocks) == ("C1", ({"block_id": "rehearsal-0", **HELLO},))
    assert desk.slack.workspace.messages("C1")[0].user == desk.slack.workspace.bot.id


async def test_direct_conversation_and_channel_without_bot_are_answerable(desk: Desk) -> None:
    direct = desk.slack.workspace.im("U1")
    assert (await used(desk, typed(desk, direct), text="psst"))[0] == 200
    assert (await used(desk, typed(desk, "C2"), text="hear", response_type="in_channel"))[0] == 200
    assert ([said.channel for said in desk.slack.workspace.ephemeral_messages], desk.says("C2")) == ([direct], ["hear"])


async def test_what_was_pressed_is_replaced_for_everybody(desk: Desk) -> None:
    message = desk.slack.workspace.post("C1", "U0EARTHWEEK", "old", START, blocks=[HELLO], metadata={"event_type": "a"})
    desk.clock.forward(5)
    assert await used(desk, pressed(desk, message), text="new", blocks=[DIVIDER], replace_original=True) == (
        200,
        {"ok": True},
    )
    (new,) = desk.slack.workspace.messages("C1")
    assert (new.ts, new.text, new.metadata) == (message.ts, "new", {"event_type": "a"})
    assert [block["type"] for block in new.blocks] == ["divider"]
    assert new.edited_at == START + timedelta(seconds=5)


async def test_pressed_ephemeral_is_replaced_for_person_alone(desk: Desk) -> None:
    said = desk.slack.workspace.post_ephemeral("C1", "U1", "old", START, blocks=[HELLO])
    url = pressed(desk, said)
    await used(desk, url, text="new", replace_original=True)
    await used(desk, url, text="newer", replace_original="true", response_type="in_channel")
    (new,) = desk.slack.workspace.ephemerals.of("U1")
    assert (new.ts, new.text, new.blocks) == (said.ts, "newer", ())
    assert desk.says() == []


async def test_answer_without_replacing_is_additional_message(desk: Desk) -> None:
    message = desk.slack.workspace.post("C1", "U0EARTHWEEK", "old", START)
    await used(desk, pressed(desk, message), text="psst")
    await used(desk, pressed(desk, message), text="psst!", replace_original=False)
    await used(desk, typed(desk), text="psst!!", replace_original=True)
    assert (desk.says(), alone(desk)) == (["old"], ["psst", "psst!", "psst!!"])


async def test_what_was_pressed_is_deleted(desk: Desk) -> None:
    town = desk.slack.workspace
    message, said = town.post("C1", "U0EARTHWEEK", "old", START), town.post_ephemeral("C1", "U1", "psst", START)
    await used(desk, pressed(desk, said), delete_original=True)
    assert alone(desk) == []
    url = pressed(desk, message)
    await used(desk, url, delete_original=True)
    assert desk.says() == []
    for body in ({"delete_original": True}, {"replace_original": True, "text": "a"}):
        assert await used(desk, url, **body) == (400, {"ok": False, "error": "message_not_found"})
    assert (await used(desk, typed(desk), delete_original=True))[1]["error"] == "message_not_found"
    assert town.post("C1", "U0EARTHWEEK", "new", START).ts > message.ts


async def test_an_address_works_five_times(desk: Desk) -> None:
    url = typed(desk)
    statuses = [(await used(desk, url, text=str(number)))[0] for number in range(MOST_USES)]
    assert statuses == [200] * 5
    assert await used(desk, url, text="6") == (404, {"ok": False, "error": "used_url"})
    assert alone(desk) == ["0", "1", "2", "3", "4"]
    assert (await used(desk, typed(desk), text="7"))[0] == 200


async def test_an_address_works_for_half_an_hour(desk: Desk) -> None:
    url = typed(desk)
    desk.clock.forward(GOOD_FOR.total_seconds() - 1)
    assert (await used(desk, url, text="a"))[0] == 200
    desk.clock.forward(1)
    gone = (404, {"ok": False, "error": "expired_url"})
    assert await used(desk, url, text="a") == gone
    assert await used(desk, url.replace("0000", "0009"), text="a") == gone


async def test_old_addresses_are_forgotten(desk: Desk) -> None:
    old = [typed(desk) for _ in range(1000)]
    assert len(set(old)) == len(desk.slack.responses) == 1000
    desk.clock.forward(GOOD_FOR.total_seconds())
    typed(desk)
    assert len(desk.slack.responses) == 1
    assert await used(desk, old[0], text="a") == (404, {"ok": False, "error": "expired_url"})


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, "no_text"),
        ({"text": "a" * 40_001}, "msg_too_long"),
        ({"blocks": [{"type": "section"}]}, "invalid_blocks"),
        ({"blocks": [{"type": "alert", "text": {"type": "mrkdwn", "text": "a"}}]}, "invalid_blocks"),
        ({"blocks": "{"}, "invalid_blocks_format"),
        ({"text": "a", "attachments": []}, "invalid_arguments"),
        ({"text": "a", "thread_ts": "1.000000"}, "invalid_arguments"),
        ({"text": "a", "response_type": "in-channel"}, "invalid_arguments"),
        ({"text": 5, "blocks": {}}, "invalid_blocks_format"),
    ],
)
async def test_bad_answer_is_refused_and_uses_nothing_up(desk: Desk, body: dict[str, Any], expected: str) -> None:
    url = typed(desk)
    for _ in range(MOST_USES + 1):
        status, answer = await used(desk, url, **body)
        assert (status, answer["error"]) == (400, expected)
    assert (await used(desk, url, text="a"))[0] == 200


async def test_body_not_json_object_is_refused(desk: Desk) -> None:
    headers = {"Content-Type": "application/json"}
    async with desk.session.post(typed(desk), data="[", headers=headers) as response:
        assert (response.status, await response.json()) == (400, {"ok": False, "error": "invalid_payload"})


async def test_uses_are_recorded_and_injected_faults_apply(desk: Desk) -> None:
    url = typed(desk)
    desk.slack.faults.status(503, method=RESPONSE_URL)
    async with desk.session.post(url, json={"text": "a"}) as response:
        assert response.status == 503
    desk.slack.faults.reset(accepted=True, method=RESPONSE_URL)
    with pytest.raises(aiohttp.ClientConnectionError):
        await used(desk, url, text="b")
    await used(desk, url, text="c")
    await used(desk, url)
    calls = [(call.method, call.ok, call.error, call.fault) for call in desk.slack.calls]
    assert calls == [
        (RESPONSE_URL, False, "http_503", "http_503"),
        (RESPONSE_URL, True, None, "reset"),
        (RESPONSE_URL, True, None, None),
        (RESPONSE_URL, False, "no_text", None),
    ]
    assert alone(desk) == ["b", "c"]


@pytest.mark.parametrize("headers", [{"Origin": "http://127.0.0.1"}, {"Host": "evil.example"}])
async def test_a_web_page_cannot_answer(desk: Desk, headers: dict[str, str]) -> None:
    async with desk.session.post(typed(desk), json={"text": "a"}, headers=headers) as response:
        assert response.status == 403
    assert (alone(desk), desk.slack.calls) == ([], [])


async def test_while_slack_is_down_nothing_is_answered(desk: Desk) -> None:
    url = typed(desk)
    desk.slack.faults.down(START + timedelta(minutes=1))
    with pytest.raises(aiohttp.ClientConnectionError):
        await used(desk, url, text="a")
    assert desk.slack.errors == {"down": 1}

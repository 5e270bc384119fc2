from __future__ import annotations

import asyncio
from datetime import timedelta

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from rehearsal.slack.call_log import Call
from rehearsal.slack.faults import Phase

from .helpers import START, Desk, word

DROPPED = (aiohttp.ClientConnectionError, ConnectionResetError)
"""What a client sees of a connection that goes away, depending on how far it had come."""


async def post(desk: Desk, text: str = "Hello") -> None:
    await desk.client.chat_postMessage(channel="C1", text=text)


async def test_injected_error_is_answered_only_once(desk: Desk) -> None:
    desk.slack.faults.answer("fatal_error")
    assert await word(desk.client.chat_postMessage(channel="C1", text="a")) == "fatal_error"
    await post(desk, "b")
    assert desk.says() == ["b"]
    assert desk.slack.calls == [
        Call("chat.postMessage", START, ok=False, error="fatal_error", fault="fatal_error"),
        Call("chat.postMessage", START, ok=True, error=None),
    ]


async def test_faults_happen_in_requested_order_and_number(desk: Desk) -> None:
    desk.slack.faults.answer("one", times=2)
    desk.slack.faults.answer("two")
    words = [await word(desk.client.chat_postMessage(channel="C1", text="a")) for _ in range(3)]
    assert words == ["one", "one", "two"]
    await post(desk)


async def test_a_fault_is_for_its_method(desk: Desk) -> None:
    desk.slack.faults.answer("fatal_error", method="users.list")
    await post(desk)
    assert await word(desk.client.users_list()) == "fatal_error"


async def test_faults_can_be_called_off(desk: Desk) -> None:
    desk.slack.faults.answer("fatal_error")
    desk.slack.faults.down(START + timedelta(hours=1))
    desk.slack.faults.clear()
    await post(desk)


@pytest.mark.parametrize(("status", "body"), [(500, ""), (503, "<html>busy</html>"), (502, "<html>")])
async def test_a_status_comes_with_any_body(desk: Desk, status: int, body: str) -> None:
    desk.slack.faults.status(status, body)
    url = desk.slack.api_url + "chat.postMessage"
    async with desk.session.post(url, json={}) as response:
        assert (response.status, await response.text(), response.content_type) == (status, body, "text/html")
    assert desk.slack.errors == {f"http_{status}": 1}
    desk.slack.faults.status(status, body)
    with pytest.raises(SlackApiError):
        await post(desk)
    assert desk.says() == []


@pytest.mark.parametrize("seconds", [7, None])
async def test_rate_limit_comes_with_and_without_retry_header(desk: Desk, seconds: int | None) -> None:
    desk.slack.faults.throttle(seconds)
    with pytest.raises(SlackApiError) as caught:
        await post(desk)
    response = caught.value.response
    assert (response.status_code, response["error"]) == (429, "ratelimited")
    assert response.headers.get("Retry-After") == (None if seconds is None else str(seconds))


@pytest.mark.parametrize("accepted", [False, True])
async def test_reset_leaves_message_only_when_accepted(desk: Desk, *, accepted: bool) -> None:
    desk.slack.faults.reset(accepted=accepted)
    with pytest.raises(DROPPED):
        await post(desk)
    assert desk.says() == (["Hello"] if accepted else [])
    (call,) = desk.slack.calls
    assert (call.ok, call.fault) == (accepted, "reset")


async def test_sdk_retry_posts_twice_after_reset(desk: Desk) -> None:
    desk.slack.faults.reset(accepted=True)
    eager = AsyncWebClient(desk.slack.bot_token, base_url=desk.slack.api_url, session=desk.session)
    await eager.chat_postMessage(channel="C1", text="Hello")
    assert desk.says() == ["Hello", "Hello"]


@pytest.mark.parametrize("accepted", [False, True])
async def test_silence_leaves_message_only_when_accepted(desk: Desk, *, accepted: bool) -> None:
    desk.slack.faults.silence(accepted=accepted)
    waiting = asyncio.create_task(post(desk))
    await desk.slack.until(lambda: len(desk.slack.calls) == 1)
    assert desk.says() == (["Hello"] if accepted else [])
    done, _ = await asyncio.wait([waiting], timeout=0.05)
    assert not done
    waiting.cancel()
    await asyncio.wait([waiting])
    await post(desk, "again")


async def test_stopping_ends_a_silence(desk: Desk) -> None:
    desk.slack.faults.silence()
    waiting = asyncio.create_task(post(desk))
    await desk.slack.until(lambda: len(desk.slack.calls) == 1)
    await desk.slack.stop()
    with pytest.raises(DROPPED):
        await waiting


async def test_callback_is_called_before_and_after_acceptance(desk: Desk) -> None:
    seen: list[tuple[Phase, list[str]]] = []

    async def look(stage: Phase) -> None:
        seen.append((stage, desk.says()))

    desk.slack.faults.call(look)
    await post(desk)
    await post(desk, "again")
    assert seen == [("before", []), ("after", ["Hello"])]


async def test_while_slack_is_down_every_connection_drops(desk: Desk) -> None:
    desk.slack.faults.down(START + timedelta(minutes=1))
    with pytest.raises(DROPPED):
        await post(desk)
    with pytest.raises(DROPPED):
        await desk.client.auth_test()
    url = desk.slack.api_url.replace("/api/", "/link/?ticket=none")
    with pytest.raises(DROPPED):
        await desk.session.get(url)
    assert desk.slack.errors == {"down": 2}
    desk.clock.forward(60)
    await post(desk)
    assert desk.says() == ["Hello"]

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from rehearsal.slack.socket_mode_server import MOST_CONNECTIONS, NotAcknowledgedError, NotConnectedError
from tests.patience import PATIENCE

from .helpers import Desk

Listener = Callable[[AsyncBaseSocketModeClient, SocketModeRequest], Awaitable[None]]


async def acknowledge(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
    await client.send_socket_mode_response(SocketModeResponse(request.envelope_id))


async def echo(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
    await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, dict(request.payload)))


async def ignore(_client: AsyncBaseSocketModeClient, _request: SocketModeRequest) -> None:
    pass


def count(desk: Desk) -> int:
    return len(desk.slack.sockets.connections)


async def connected(desk: Desk, number: int) -> None:
    await desk.slack.until(lambda: count(desk) == number)


@asynccontextmanager
async def app(desk: Desk, listener: Listener = acknowledge) -> AsyncIterator[SocketModeClient]:
    """The real Socket Mode client, connected."""
    web = AsyncWebClient(base_url=desk.slack.api_url, session=desk.session)
    client = SocketModeClient(desk.slack.app_token, web_client=web, ping_interval=0.05)
    client.socket_mode_request_listeners.append(listener)
    before = count(desk)
    connect: Callable[[], Awaitable[None]] = client.connect
    close: Callable[[], Awaitable[None]] = client.close
    await connect()
    await connected(desk, before + 1)
    tasks = [client.message_processor, client.message_receiver, client.current_session_monitor]
    try:
        yield client
    finally:
        tasks += [client.message_receiver, client.current_session_monitor]
        await close()
        await asyncio.gather(*(task for task in tasks if task is not None), return_exceptions=True)


@asynccontextmanager
async def bare(desk: Desk, token: str = "") -> AsyncIterator[Any]:
    """A plain websocket, to see the frames themselves."""
    web = AsyncWebClient(base_url=desk.slack.api_url, session=desk.session)
    url = (await web.apps_connections_open(app_token=token or desk.slack.app_token))["url"]
    async with desk.session.ws_connect(url) as ws:
        yield ws


async def test_connection_is_greeted_with_number_of_connections(desk: Desk) -> None:
    async with bare(desk) as first, bare(desk) as second:
        greetings = [await ws.receive_json() for ws in (first, second)]
    assert [greeting["type"] for greeting in greetings] == ["hello", "hello"]
    assert [greeting["num_connections"] for greeting in greetings] == [1, 2]
    assert greetings[0]["connection_info"]["app_id"]


async def test_an_envelope_is_acknowledged_by_the_real_client(desk: Desk) -> None:
    async with app(desk):
        ack = await desk.slack.sockets.send("slash_commands", {"command": "/earthweek"})
    assert ack.payload is None


async def test_an_acknowledgement_may_carry_an_answer(desk: Desk) -> None:
    async with app(desk, echo):
        ack = await desk.slack.sockets.send("interactive", {"response_action": "clear"}, envelope_id="mine")
    assert (ack.envelope_id, ack.payload) == ("mine", {"response_action": "clear"})


async def test_an_event_says_whether_it_is_a_repetition(desk: Desk) -> None:
    seen: list[SocketModeRequest] = []

    async def look(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        seen.append(request)
        await acknowledge(client, request)

    async with app(desk, look):
        await desk.slack.sockets.send("events_api", {"event_id": "Ev1"})
        await desk.slack.sockets.send("events_api", {"event_id": "Ev1"}, retry=(1, "timeout"))
        await desk.slack.sockets.send("interactive", {})
    assert [(one.retry_attempt, one.retry_reason) for one in seen] == [(0, ""), (1, "timeout"), (None, None)]
    assert [one.accepts_response_payload for one in seen] == [False, False, True]


async def test_envelopes_go_to_the_connections_in_turn(desk: Desk) -> None:
    async with app(desk), app(desk):
        acks = [await desk.slack.sockets.send("interactive", {}) for _ in range(4)]
        chosen = desk.slack.sockets.connections[0]
        same = [await desk.slack.sockets.send("interactive", {}, connection=chosen) for _ in range(2)]
    first, second = acks[0].connection, acks[1].connection
    assert first != second
    assert [ack.connection for ack in acks] == [first, second, first, second]
    assert {ack.connection for ack in same} == {chosen.id}


async def test_many_envelopes_are_acknowledged_by_their_own_ids(desk: Desk) -> None:
    async with app(desk, echo):
        sent = [desk.slack.sockets.send("interactive", {"n": n}) for n in range(50)]
        acks = await asyncio.gather(*sent)
    assert [ack.payload["n"] for ack in acks] == list(range(50))


async def test_an_envelope_that_nobody_acknowledges_is_an_error(desk: Desk) -> None:
    async with app(desk, ignore):
        with pytest.raises(NotAcknowledgedError):
            await desk.slack.sockets.send("interactive", {}, within=0.05)
        assert desk.slack.sockets.connections[0].waiting == {}


async def test_envelope_on_lost_connection_fails_at_once(desk: Desk) -> None:
    async with bare(desk) as ws:
        await connected(desk, 1)
        sending = asyncio.create_task(desk.slack.sockets.send("interactive", {}, within=60))
        assert (await ws.receive_json())["type"] == "hello"
        assert (await ws.receive_json())["type"] == "interactive"
    with pytest.raises(NotAcknowledgedError):
        await asyncio.wait_for(sending, PATIENCE)
    await connected(desk, 0)


async def test_an_acknowledgement_of_nothing_changes_nothing(desk: Desk) -> None:
    async with bare(desk) as ws:
        await ws.send_json({"envelope_id": "unknown"})
        sending = asyncio.create_task(_next(desk))
        assert (await ws.receive_json())["type"] == "hello"
        envelope = await ws.receive_json()
        for _ in range(2):
            await ws.send_json({"envelope_id": envelope["envelope_id"]})
        await sending


async def _next(desk: Desk) -> None:
    await connected(desk, 1)
    await desk.slack.sockets.send("interactive", {})


async def test_without_a_connection_nothing_can_be_sent(desk: Desk) -> None:
    with pytest.raises(NotConnectedError):
        await desk.slack.sockets.send("interactive", {})


@pytest.mark.parametrize("reason", ["refresh_requested", "warning"])
async def test_a_refresh_makes_the_real_client_connect_anew(desk: Desk, reason: str) -> None:
    async with app(desk):
        (old,) = desk.slack.sockets.connections
        await desk.slack.sockets.refresh(reason=reason)
        await desk.slack.until(lambda: count(desk) == 1 and desk.slack.sockets.connections[0] is not old)
        assert (await desk.slack.sockets.send("interactive", {})).connection != old.id


async def test_one_of_two_connections_can_be_refreshed(desk: Desk) -> None:
    async with app(desk), app(desk):
        first, second = desk.slack.sockets.connections
        await desk.slack.sockets.refresh(first)
        await desk.slack.until(lambda: count(desk) == 2 and first not in desk.slack.sockets.connections)
        assert second in desk.slack.sockets.connections


async def test_real_client_reopens_closed_connection(desk: Desk) -> None:
    async with app(desk):
        (old,) = desk.slack.sockets.connections
        await desk.slack.sockets.close()
        await desk.slack.until(lambda: count(desk) == 1 and desk.slack.sockets.connections[0] is not old)


async def test_real_client_reopens_cut_connections(desk: Desk) -> None:
    async with app(desk, ignore), app(desk, ignore):
        gone = list(desk.slack.sockets.connections)
        sending = asyncio.create_task(desk.slack.sockets.send("interactive", {}, within=60))
        await asyncio.sleep(0)
        desk.slack.sockets.cut()
        with pytest.raises(NotAcknowledgedError):
            await asyncio.wait_for(sending, PATIENCE)
        live = desk.slack.sockets.connections
        await desk.slack.until(lambda: count(desk) == 2 and not any(old in live for old in gone))


async def test_the_eleventh_connection_is_turned_away(desk: Desk) -> None:
    held = [bare(desk) for _ in range(MOST_CONNECTIONS)]
    for one in held:
        await one.__aenter__()
    await connected(desk, MOST_CONNECTIONS)
    async with bare(desk) as ws:
        assert (await ws.receive_json())["reason"] == "too_many_websockets"
        assert (await ws.receive()).type.name == "CLOSE"
    for one in held:
        await one.__aexit__(None, None, None)
    await connected(desk, 0)


async def test_a_link_needs_a_ticket(desk: Desk) -> None:
    async with desk.session.get(desk.slack.api_url.replace("/api/", "/link/")) as response:
        assert response.status == 403

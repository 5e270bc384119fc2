"""One connection of Socket Mode: its hello, its envelopes, and why it ended."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.slack import socket_mode_connection
from bot.slack.socket_mode_connection import SocketConnection, SocketModeError
from tests.patience import PATIENCE
from tests.rehearsal.slack.helpers import Desk

OPEN = "apps.connections.open"
COMMAND = {"command": "/earthweek", "text": "help", "user_id": "U1"}
PRESS = {
    "type": "block_actions",
    "user": {"id": "U1"},
    "trigger_id": "1.2.3",
    "actions": [{"type": "button", "action_id": "did_this", "block_id": "answers", "value": "tip"}],
}
Make = Callable[..., SocketConnection]


class Taken(list[tuple[str, dict[str, Any]]]):
    """The envelopes that were passed on, each acknowledged at once with an answer of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.tasks: list[asyncio.Task[None]] = []

    def __call__(self, connection: SocketConnection, envelope_id: str, payload: dict[str, Any]) -> None:
        self.append((envelope_id, payload))
        self.tasks.append(asyncio.create_task(connection.acknowledge(envelope_id, {"text": "yes"})))


@pytest.fixture
def taken() -> Taken:
    return Taken()


@pytest.fixture
async def make(desk: Desk, taken: Taken) -> AsyncIterator[Make]:
    """Makes connections that are closed at the end."""
    made: list[SocketConnection] = []

    def connection(app_token: str = "xapp-rehearsal") -> SocketConnection:  # noqa: S107
        made.append(SocketConnection(app_token, desk.client, desk.session, taken, PATIENCE))
        return made[-1]

    yield connection
    for each in made:
        await each.disconnect()


@pytest.fixture
async def connected(make: Make) -> SocketConnection:
    connection = make()
    await connection.connect()
    return connection


async def says(desk: Desk, frame: str) -> None:
    """Let Slack send a frame."""
    [connection] = desk.slack.sockets.connections
    await connection.ws.send_str(frame)


async def acknowledged(desk: Desk, frame: dict[str, Any]) -> Any:
    """What a frame is acknowledged with."""
    [connection] = desk.slack.sockets.connections
    future = connection.waiting[frame["envelope_id"]] = asyncio.get_running_loop().create_future()
    await connection.ws.send_str(json.dumps(frame))
    return (await asyncio.wait_for(future, PATIENCE)).payload


async def test_connection_is_made_once_slack_says_hello(make: Make, desk: Desk) -> None:
    connection = make()
    assert (await connection.is_connected(), connection.is_closed) == (False, True)
    await connection.connect()
    assert (await connection.is_connected(), connection.is_closed, connection.end_reason) == (True, False, "")
    assert [call.method for call in desk.slack.calls] == [OPEN]


@pytest.mark.parametrize(("kind", "payload"), [("interactive", PRESS), ("slash_commands", COMMAND)])
async def test_envelope_is_passed_on_and_acknowledged(
    connected: SocketConnection, desk: Desk, taken: Taken, kind: str, payload: dict[str, Any]
) -> None:
    ack = await desk.slack.sockets.send(kind, payload, envelope_id="e1", within=PATIENCE)
    assert (taken, ack.payload) == ([("e1", payload)], {"text": "yes"})
    assert await connected.is_connected()


@pytest.mark.parametrize(
    "frame",
    [
        {},
        {"type": "telepathy", "payload": PRESS},
        {"type": "interactive", "payload": [PRESS]},
        {"type": "interactive", "payload": {**PRESS, "user": 5}},
        {"type": 5, "payload": PRESS},
        {"payload": PRESS},
    ],
)
@pytest.mark.usefixtures("connected")
async def test_malformed_envelope_is_confirmed_and_dropped(desk: Desk, taken: Taken, frame: dict[str, Any]) -> None:
    with capture_logs() as logs:
        assert await acknowledged(desk, {**frame, "envelope_id": "odd"}) is None
    assert taken == []
    assert [line["action"] for line in logs] == ["socket_mode.malformed"]


@pytest.mark.parametrize(
    "frame", ["", " ", "{", "null", "[]", "5", '{"type": "hush"}', '{"envelope_id": 5}', "[" * 5000]
)
async def test_odd_frame_ends_nothing(connected: SocketConnection, desk: Desk, taken: Taken, frame: str) -> None:
    await says(desk, frame)
    await desk.slack.sockets.send("slash_commands", COMMAND, within=PATIENCE)
    assert await connected.is_connected()
    assert len(taken) == 1


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        ({"reason": "refresh_requested"}, "refresh_requested"),
        ({"reason": "warning", "debug_info": {}}, "warning"),
        ({"reason": "x" * 41}, "x" * 40),
        ({"reason": "Ann left us"}, "unknown"),
        ({"reason": "närvaro"}, "unknown"),
        ({"reason": ["hush"]}, "unknown"),
        ({"reason": ""}, "unknown"),
        ({"reason": None}, "unknown"),
        ({}, "unknown"),
    ],
)
async def test_end_has_a_plain_word_as_reason(
    connected: SocketConnection, desk: Desk, frame: dict[str, Any], reason: str
) -> None:
    await says(desk, json.dumps({"type": "disconnect", **frame}))
    assert await connected.wait_ended(PATIENCE)
    assert (connected.end_reason, await connected.is_connected()) == (reason, False)
    assert not connected.is_closed, "what is under way can still be acknowledged"


async def test_first_reason_stays(connected: SocketConnection, desk: Desk) -> None:
    await desk.slack.sockets.refresh()
    assert await connected.wait_ended(PATIENCE)
    desk.slack.sockets.cut()
    await desk.slack.until(lambda: not desk.slack.sockets.connections)
    await connected.disconnect()
    assert connected.end_reason == "refresh_requested"


async def test_lost_connection_ends(connected: SocketConnection, desk: Desk) -> None:
    assert not await connected.wait_ended(0.01)
    desk.slack.sockets.cut()
    assert await connected.wait_ended(PATIENCE)
    assert connected.end_reason == "lost"


async def test_acknowledgement_of_a_lost_connection_is_no_error(connected: SocketConnection) -> None:
    await connected.disconnect()
    with capture_logs() as logs:
        await connected.acknowledge("e1")
    assert [line["action"] for line in logs] == ["socket_mode.unacknowledged"]


async def test_closing_is_final_and_can_be_repeated(connected: SocketConnection, desk: Desk) -> None:
    for _ in range(2):
        await connected.disconnect()
    assert (connected.closed, connected.is_closed, connected.end_reason) == (True, True, "closed")
    await desk.slack.until(lambda: not desk.slack.sockets.connections)


async def test_what_was_never_opened_can_be_closed(make: Make) -> None:
    connection = make()
    await connection.disconnect()
    await connection.acknowledge("e1")
    assert (connection.is_closed, await connection.wait_ended()) == (True, True)


# Refused


async def refused(connection: SocketConnection) -> tuple[str, float]:
    with pytest.raises(SocketModeError) as error:
        await connection.connect()
    return error.value.code, error.value.retry_after


async def test_refused_token_is_told_by_its_code(make: Make) -> None:
    connection = make("xapp-another")
    assert await refused(connection) == ("invalid_auth", 0)
    assert not await connection.is_connected()


@pytest.mark.parametrize(("asked", "waits"), [(7, 7), (600, 600), (86_400, 600)])
async def test_wait_that_slack_asks_for_has_an_end(make: Make, desk: Desk, asked: int, waits: int) -> None:
    desk.slack.faults.throttle(asked, method=OPEN)
    assert await refused(make()) == ("ratelimited", waits)


async def test_unreachable_slack_is_told(make: Make, desk: Desk) -> None:
    desk.slack.faults.reset(method=OPEN)
    code, retry_after = await refused(make())
    assert (code.startswith(("Client", "Server")), retry_after) == (True, 0)


async def test_silent_slack_is_given_up(make: Make, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket_mode_connection, "OPEN_TIMEOUT", 0.1)
    desk.slack.faults.silence(method=OPEN)
    assert await refused(make()) == ("TimeoutError", 0)


async def test_one_connection_too_many_is_told(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rehearsal.slack.socket_mode_server.MOST_CONNECTIONS", 1)
    await make().connect()
    assert await refused(make()) == ("too_many_websockets", 0)


async def test_url_of_another_kind_is_told(make: Make, desk: Desk) -> None:
    answer = json.dumps({"ok": True, "url": f"{desk.slack.api_url.replace('/api/', '/link/')}?ticket=unknown"})
    desk.slack.faults.status(200, answer, kind="application/json", method=OPEN)
    assert await refused(make()) == ("WSServerHandshakeError", 0)

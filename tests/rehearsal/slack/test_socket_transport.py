from __future__ import annotations

import asyncio

import pytest
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from rehearsal.slack.http_transport import MOST_AT_ONCE, NotAnsweredError
from rehearsal.slack.socket_transport import SocketTransport
from tests.patience import PATIENCE

from .helpers import Desk
from .test_socket_mode_server import acknowledge, app, bare, connected, echo, ignore

"""Seconds, on a machine that has other things to do."""


class Reader:
    """An app that takes down what it is sent and answers nothing in particular."""

    def __init__(self) -> None:
        self.read: list[SocketModeRequest] = []

    async def __call__(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        self.read.append(request)
        await acknowledge(client, request)


def over(desk: Desk, within: float = PATIENCE) -> SocketTransport:
    return SocketTransport(desk.slack.sockets, within=within)


async def test_commands_presses_and_events_have_own_envelope_types(desk: Desk) -> None:
    reader, way = Reader(), over(desk)
    async with app(desk, reader):
        replies = [
            await way.form({"command": "/earthweek", "text": "idé & <b>"}),
            await way.payload({"type": "block_actions", "text": "å"}),
            await way.json({"type": "event_callback"}),
        ]
    assert [one.type for one in reader.read] == ["slash_commands", "interactive", "events_api"]
    assert [one.payload for one in reader.read] == [reply.sent for reply in replies]
    assert replies[0].sent == {"command": "/earthweek", "text": "idé & <b>"}


async def test_an_acknowledgement_alone_is_an_empty_answer(desk: Desk) -> None:
    async with app(desk):
        reply = await over(desk).payload({})
    assert (reply.status, reply.body, reply.ok) == (200, "", True)


async def test_payload_of_acknowledgement_is_answer(desk: Desk) -> None:
    said = {"response_action": "errors", "errors": {"text": "å"}}
    async with app(desk, echo):
        reply = await over(desk).payload(said)
    assert (reply.body, reply.ok) == (said, True)


async def test_only_event_retry_headers_are_kept(desk: Desk) -> None:
    reader, way = Reader(), over(desk)
    again = {"X-Slack-Retry-Num": "2", "X-Slack-Retry-Reason": "http_timeout"}
    async with app(desk, reader):
        await way.json({}, again)
        await way.json({}, {name.lower(): value for name, value in again.items()})
        await way.json({}, {"X-Slack-Signature": "v0=forged"})
        await way.payload({}, again)
    retries = [(one.retry_attempt, one.retry_reason) for one in reader.read]
    assert retries == [(2, "http_timeout"), (2, "http_timeout"), (0, ""), (None, None)]


async def test_late_acknowledgement_counts_as_no_answer(desk: Desk) -> None:
    async with app(desk, ignore):
        with pytest.raises(NotAnsweredError):
            await over(desk, within=0.05).payload({})


async def test_unconnected_app_counts_as_no_answer(desk: Desk) -> None:
    with pytest.raises(NotAnsweredError, match="no Socket Mode connection"):
        await over(desk).form({})


async def test_an_app_that_goes_away_has_not_answered(desk: Desk) -> None:
    async with bare(desk) as ws:
        await connected(desk, 1)
        sending = asyncio.create_task(over(desk).payload({}))
        assert (await ws.receive_json())["type"] == "hello"
        assert (await ws.receive_json())["type"] == "interactive"
    with pytest.raises(NotAnsweredError):
        await asyncio.wait_for(sending, PATIENCE)


async def test_many_at_once_wait_their_turn(desk: Desk) -> None:
    waiting: list[int] = []

    async def look(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        waiting.append(sum(len(each.waiting) for each in desk.slack.sockets.connections))
        await echo(client, request)

    way = over(desk)
    async with app(desk, look), app(desk, look):
        replies = await asyncio.gather(*(way.payload({"n": n}) for n in range(3 * MOST_AT_ONCE)))
    assert [reply.body["n"] for reply in replies] == list(range(3 * MOST_AT_ONCE))
    assert 1 < max(waiting) <= MOST_AT_ONCE

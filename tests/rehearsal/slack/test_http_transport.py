from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qs

import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from rehearsal.slack.http_transport import MOST_AT_ONCE, HttpTransport, NotAnsweredError
from rehearsal.slack.server import sign

from .helpers import START


def signed(body: str, at: int) -> dict[str, str]:
    return sign("secret", body, at)


@dataclass
class Door:
    """An app that takes down what it is sent and answers as it is told."""

    url: str = ""
    text: str = ""
    kind: str = "text/plain"
    status: int = 200
    hold: asyncio.Event | None = None
    inside: int = 0
    most: int = 0
    heard: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        self.heard.append((await request.text(), {name.lower(): value for name, value in request.headers.items()}))
        self.inside += 1
        self.most = max(self.most, self.inside)
        await asyncio.sleep(0)
        if self.hold:
            await self.hold.wait()
        self.inside -= 1
        headers = {"Location": self.url}
        return web.Response(text=self.text, content_type=self.kind, status=self.status, headers=headers)


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    known, app = Door(), web.Application()
    app.router.add_post("/slack/events", known.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    known.url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    yield known
    if known.hold:
        known.hold.set()
    await runner.cleanup()


async def test_a_command_is_a_signed_form(door: Door) -> None:
    async with HttpTransport(door.url, signed) as transport:
        reply = await transport.form({"command": "/earthweek", "text": "idé & <b>"})
    ((body, headers),) = door.heard
    assert parse_qs(body) == {"command": ["/earthweek"], "text": ["idé & <b>"]}
    assert headers["content-type"] == "application/x-www-form-urlencoded"
    assert SignatureVerifier("secret").is_valid_request(body, headers)
    assert (reply.status, reply.body, reply.sent) == (200, "", {"command": "/earthweek", "text": "idé & <b>"})
    assert reply.ok


async def test_press_is_json_in_form_event_is_json(door: Door) -> None:
    async with HttpTransport(door.url, signed) as transport:
        await transport.payload({"type": "block_actions", "text": "å"})
        await transport.json({"type": "event_callback"}, {"X-Slack-Retry-Num": "1"})
    (pressed, _), (event, headers) = door.heard
    assert json.loads(parse_qs(pressed)["payload"][0]) == {"type": "block_actions", "text": "å"}
    assert (json.loads(event), headers["content-type"]) == ({"type": "event_callback"}, "application/json")
    assert headers["x-slack-retry-num"] == "1"
    assert SignatureVerifier("secret").is_valid_request(event, headers)


async def test_a_signature_can_be_forged_or_old(door: Door) -> None:
    class Yesterday:
        def now(self) -> datetime:
            return START

    async with HttpTransport(door.url, signed, now=Yesterday().now) as transport:
        await transport.json({})
    async with HttpTransport(door.url, signed) as transport:
        await transport.json({}, {"X-Slack-Signature": "v0=forged"})
    (_, old), (_, forged) = door.heard
    assert old["x-slack-request-timestamp"] == str(int(START.timestamp()))
    assert abs(int(forged["x-slack-request-timestamp"]) - time.time()) < 60
    assert not SignatureVerifier("secret").is_valid_request("{}", old)
    assert not SignatureVerifier("secret").is_valid_request("{}", forged)


@pytest.mark.parametrize(
    ("text", "kind", "body"),
    [
        ("psst", "text/plain", "psst"),
        ('{"a": 1}', "text/plain", '{"a": 1}'),
        ('{"a": 1}', "application/json", {"a": 1}),
        ("", "application/json", ""),
        ("{", "application/json", "{"),
    ],
)
async def test_answer_is_json_only_by_its_content_type(door: Door, text: str, kind: str, body: object) -> None:
    door.text, door.kind = text, kind
    async with HttpTransport(door.url, signed) as transport:
        assert (await transport.json({})).body == body


async def test_redirection_is_refusal_and_is_not_followed(door: Door) -> None:
    door.status = 302
    async with HttpTransport(door.url, signed) as transport:
        reply = await transport.json({})
    assert (reply.status, reply.ok, len(door.heard)) == (302, False, 1)


async def test_app_without_timely_answer_raises_error(door: Door) -> None:
    door.hold = asyncio.Event()
    async with HttpTransport(door.url, signed, within=0.05) as transport:
        with pytest.raises(NotAnsweredError):
            await transport.json({})
    assert len(door.heard) == 1


async def test_many_at_once_wait_their_turn(door: Door) -> None:
    async with HttpTransport(door.url, signed) as transport:
        replies = await asyncio.gather(*(transport.json({"n": n}) for n in range(3 * MOST_AT_ONCE)))
    assert [reply.sent["n"] for reply in replies] == list(range(3 * MOST_AT_ONCE))
    assert 1 < door.most <= MOST_AT_ONCE


async def test_unreachable_app_raises_error() -> None:
    async with HttpTransport("http://127.0.0.1:9/slack/events", signed) as transport:
        with pytest.raises(NotAnsweredError):
            await transport.json({})


async def test_nothing_is_sent_outside_the_block(door: Door) -> None:
    transport = HttpTransport(door.url, signed)
    async with transport:
        pass
    with pytest.raises(RuntimeError, match="in its block"):
        await transport.json({})


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/slack/events",
        "http://192.168.1.4:3000/slack/events",
        "http://127.0.0.1.example.com/",
        "http://127.0.0.1@example.com/",
        "https://127.0.0.1/slack/events",
        "/slack/events",
        "",
    ],
)
def test_it_sends_to_this_machine_only(url: str) -> None:
    with pytest.raises(ValueError, match="this machine only"):
        HttpTransport(url, signed)

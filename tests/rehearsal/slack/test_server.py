from __future__ import annotations

import hmac
import time
from hashlib import sha256

import aiohttp
import pytest
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.manifest import SCOPES
from rehearsal.slack.methods import METHODS
from rehearsal.slack.rate_limits import RateLimits
from rehearsal.slack.server import App, RehearsalSlack
from rehearsal.slack.workspace import BOT, Workspace

from .helpers import Clock, Desk, refusal, word


async def test_token_identifies_bot_and_answer_names_its_scopes(desk: Desk) -> None:
    answer = await desk.client.auth_test()
    assert (answer["user_id"], answer["team_id"], answer["bot_id"]) == (BOT.id, "T0REHEARSAL", "B0EARTHWEEK")
    assert set(answer.headers["x-oauth-scopes"].split(",")) == desk.slack.scopes


@pytest.mark.parametrize(
    ("method", "token", "expected"),
    [
        ("auth.test", "", "not_authed"),
        ("auth.test", "xoxb-other", "invalid_auth"),
        ("auth.test", "xapp-rehearsal", "not_allowed_token_type"),
        ("apps.connections.open", "xoxb-rehearsal", "not_allowed_token_type"),
        ("apps.connections.open", "", "not_authed"),
        ("chat.postMessage", "xoxb-other", "invalid_auth"),
        ("chat.delete", "xoxb-rehearsal", "unknown_method"),
    ],
)
async def test_call_needs_known_method_and_right_token(desk: Desk, method: str, token: str, expected: str) -> None:
    client = AsyncWebClient(token, base_url=desk.slack.api_url, session=desk.session)
    assert await word(client.api_call(method)) == expected


async def test_a_token_may_stand_among_the_arguments(desk: Desk) -> None:
    async with desk.session.post(desk.slack.api_url + "auth.test", data={"token": desk.slack.bot_token}) as response:
        assert (await response.json())["ok"]


async def test_no_token_is_needed_for_a_trial(desk: Desk) -> None:
    client = AsyncWebClient(base_url=desk.slack.api_url, session=desk.session)
    assert (await client.api_test())["ok"]
    assert (await client.api_test(foo="bar"))["args"] == {}


async def test_connection_url_is_websocket_of_this_server(desk: Desk) -> None:
    url = (await desk.client.apps_connections_open(app_token=desk.slack.app_token))["url"]
    assert url.startswith(desk.slack.api_url.replace("http", "ws").replace("/api/", "/link/"))


async def test_a_missing_scope_is_named(desk: Desk) -> None:
    desk.slack.scopes = {"commands", "users:read"}
    body = await refusal(desk.client.chat_postMessage(channel="C1", text="a"))
    assert body == {"ok": False, "error": "missing_scope", "needed": "chat:write", "provided": "commands,users:read"}


@pytest.mark.parametrize("body", ["{", "[]", " ", '"text"'])
async def test_body_not_json_object_is_refused(desk: Desk, body: str) -> None:
    headers = {"Content-Type": "application/json"}
    assert (await desk.raw("auth.test", data=body, headers=headers))[1]["error"] == "invalid_json"


async def test_empty_body_of_any_content_type_is_accepted(desk: Desk) -> None:
    answer = (await desk.raw("auth.test", headers={"Content-Type": "application/json"}))[1]
    assert answer["ok"]


async def test_every_method_can_be_called(desk: Desk) -> None:
    for method in METHODS:
        _, answer = await desk.raw(method)
        assert isinstance(answer["ok"], bool)
    assert [call.method for call in desk.slack.calls] == list(METHODS)


async def test_the_ledger_counts_every_error_word(desk: Desk) -> None:
    await desk.raw("chat.postMessage", json={"channel": "C9", "text": "a"})
    await desk.raw("chat.postMessage", json={"channel": "C9", "text": "a"})
    await desk.raw("users.info", json={"user": "U9"})
    await desk.raw("auth.test")
    assert desk.slack.errors == {"channel_not_found": 2, "user_not_found": 1}
    assert [(call.method, call.ok, call.error) for call in desk.slack.calls][2:] == [
        ("users.info", False, "user_not_found"),
        ("auth.test", True, None),
    ]


@pytest.mark.parametrize("headers", [{"Origin": "http://127.0.0.1"}, {"Host": "evil.example"}])
async def test_what_a_web_page_could_send_is_refused(desk: Desk, headers: dict[str, str]) -> None:
    good = {"Authorization": f"Bearer {desk.slack.bot_token}"}
    for path in ("chat.postMessage", f"../link/?ticket={desk.slack.sockets.ticket()}"):
        async with desk.session.get(desk.slack.api_url + path, headers=good | headers) as response:
            assert response.status == 403
    assert desk.slack.calls == []


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "", "::", "example.com"])  # noqa: S104 - refused
async def test_the_server_listens_on_this_machine_only(workspace: Workspace, clock: Clock, host: str) -> None:
    slack = RehearsalSlack(workspace, clock, app=App(SCOPES), limits=RateLimits.none())
    with pytest.raises(ValueError, match="this machine only"):
        await slack.start(host)
    await slack.stop()


async def test_server_can_be_restarted_on_same_port(desk: Desk) -> None:
    port = int(desk.slack.api_url.split(":")[2].split("/")[0])
    await desk.slack.stop()
    with pytest.raises(aiohttp.ClientConnectionError):
        await desk.client.auth_test()
    await desk.slack.start(port=port)
    assert (await desk.client.auth_test())["ok"]


async def test_other_pages_are_not_there(desk: Desk) -> None:
    async with desk.session.get(desk.slack.api_url.replace("/api/", "/")) as response:
        assert response.status == 404


@pytest.mark.parametrize("body", ["payload=%7B%7D", b"payload=%7B%7D", ""])
def test_a_signature_is_what_the_sdk_expects(workspace: Workspace, clock: Clock, body: str | bytes) -> None:
    slack = RehearsalSlack(workspace, clock, app=App(SCOPES, signing_secret="secret"), limits=RateLimits.none())
    now = int(time.time())
    headers = slack.sign(body, now)
    verifier = SignatureVerifier("secret")
    assert verifier.is_valid_request(body, {name.lower(): value for name, value in headers.items()})
    assert not SignatureVerifier("other").is_valid_request(body, headers)
    text = body.decode() if isinstance(body, bytes) else body
    expected = hmac.new(b"secret", f"v0:{now}:{text}".encode(), sha256).hexdigest()
    assert headers["X-Slack-Signature"] == f"v0={expected}"


async def test_waiting_ends_on_condition_or_times_out(desk: Desk) -> None:
    await desk.slack.until(lambda: True)
    with pytest.raises(TimeoutError):
        await desk.slack.until(lambda: False, 0.01)


async def test_json_numbers_and_booleans_equal_their_texts(desk: Desk) -> None:
    await desk.client.chat_postMessage(channel="C1", text="one", metadata={"event_type": "a", "event_payload": {}})
    await desk.client.chat_postMessage(channel="C1", text="two")
    for asked in (True, "true", "1", 1):
        arguments = {"channel": "C1", "limit": 1, "include_all_metadata": asked, "oldest": 0}
        _, answer = await desk.raw("conversations.history", json=arguments)
        assert (len(answer["messages"]), answer["has_more"]) == (1, True)
        _, answer = await desk.raw("conversations.history", json=arguments | {"limit": "2"})
        assert "metadata" in answer["messages"][1]
    for denied in (False, "false", "0", "", None):
        _, answer = await desk.raw("conversations.history", json={"channel": "C1", "include_all_metadata": denied})
        assert "metadata" not in answer["messages"][1]

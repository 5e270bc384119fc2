"""Nothing that Bolt says by itself reaches people or the log, whatever Slack answers and whatever it sends."""

from __future__ import annotations

import itertools
import json
import logging
import time
from types import SimpleNamespace
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_bolt.listener import asyncio_runner
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient
from structlog.testing import capture_logs

from bot.slack.bolt_app import dispatch, open_app
from bot.slack.installation import Installation
from rehearsal.slack.background_server import RunningSlack
from tests.campaigns import write

from .conftest import RunBot
from .participants import MONDAY, SV, VISITED, member, moment, said
from .process import Machine, soon, wait_until
from .test_http_receiver import PRESS, press, signed

pytestmark = pytest.mark.both_ways

SECRET_WORDS = "otter heron badger"


@pytest.mark.parametrize("trouble", ["throttled", "broken", "refused", "away"])
async def test_press_is_taken_without_asking_slack(run_bot: RunBot, trouble: str) -> None:
    week = await run_bot(VISITED, start=moment(MONDAY, 8))
    await week.run_until(moment(MONDAY, 10))
    faults = {
        "throttled": lambda: week.slack.faults.throttle(600, method="auth.test"),
        "broken": lambda: week.slack.faults.status(500, method="auth.test", times=100),
        "refused": lambda: week.slack.faults.answer("internal_error", method="auth.test", times=100),
        "away": lambda: week.slack.faults.reset(method="auth.test", times=100),
    }
    faults[trouble]()
    ann = await member(week)
    before = len([call for call in week.slack.calls if call.method == "auth.test"])
    answer = await ann.presses(said(week, "week-se", "tip"), "did_this")
    assert answer.text == SV("tip.noted")
    assert len([call for call in week.slack.calls if call.method == "auth.test"]) == before, "the start has asked"


async def test_a_form_is_answered_after_a_standstill(run_bot: RunBot, monkeypatch: pytest.MonkeyPatch) -> None:
    week = await run_bot(VISITED, start=moment(MONDAY, 8))
    ann = await member(week)
    await ann.types("forget")
    # Between any two of Bolt's looks at the clock the machine stood still for an hour.
    hours = itertools.count(time.time(), 3600)
    monkeypatch.setattr(asyncio_runner, "time", SimpleNamespace(time=lambda: next(hours)))
    await ann.fills()
    assert await ann.stored() == {}


def app() -> AsyncApp:
    client = AsyncWebClient(token="xoxb-1", base_url="http://127.0.0.1:9/api/", retry_handlers=[])
    return open_app(client, "secret", Installation(client))


async def test_press_is_taken_before_start_completes(slack: RunningSlack, machine: Machine) -> None:
    write(machine.campaign, soon(600))
    slack.call(lambda server: server.faults.status(500, method="auth.test", times=1000))
    run = machine.run()
    run.until_logged("service.waiting")
    assert run.post("/slack/events", press(), signed(slack, press(), time.time())) == (200, "")
    wait_until(lambda: bool(run.logged("interaction.received")))


async def ask(listening: AsyncApp, body: dict[str, Any]) -> BoltResponse:
    return await dispatch(listening, AsyncBoltRequest(mode="socket_mode", body=body))


UNHEARD: tuple[dict[str, Any], ...] = (
    PRESS,
    {"command": "/other", "text": SECRET_WORDS, "user_id": "U0ANN"},
    {"type": "event_callback", "event": {"type": "message", "text": SECRET_WORDS}},
    {"type": "block_suggestion", "action_id": "a", "value": SECRET_WORDS},
    {"type": "shortcut", "callback_id": SECRET_WORDS},
    {"type": "view_submission", "view": {"type": "modal", "callback_id": SECRET_WORDS}},
    {"type": SECRET_WORDS},
)


@pytest.mark.parametrize("body", UNHEARD)
async def test_unhandled_request_gets_empty_answer(body: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    with capture_logs() as logs, caplog.at_level(logging.INFO):
        answer = await ask(app(), body)
    assert (answer.status, answer.body) == (404, "")
    assert [line["action"] for line in logs] == ["interaction.unhandled"]
    assert SECRET_WORDS not in caplog.text + str(logs)


async def test_broken_listener_is_logged_without_personal_text(caplog: pytest.LogCaptureFixture) -> None:
    listening = app()

    @listening.command("/earthweek")
    async def breaks(body: dict[str, Any]) -> None:
        raise ValueError(body["text"])

    with capture_logs() as logs, caplog.at_level(logging.INFO):
        answer = await ask(listening, {"command": "/earthweek", "text": SECRET_WORDS, "user_id": "U0ANN"})
    assert answer.status >= 400
    assert answer.body == ""
    assert [line["action"] for line in logs] == ["listener.failed"]
    assert SECRET_WORDS not in caplog.text


async def test_a_sentence_that_bolt_answers_with_is_dropped() -> None:
    listening = app()

    @listening.middleware
    async def apologises() -> BoltResponse:
        return BoltResponse(status=200, body=":warning: We apologize, please reinstall this app")

    assert (await ask(listening, PRESS)).body == ""


async def test_what_a_listener_answers_arrives() -> None:
    listening = app()

    @listening.view("form")
    async def fills(ack: Any) -> None:
        await ack(response_action="errors", errors={"why": "Say why"})

    submitted = {"type": "view_submission", "view": {"type": "modal", "callback_id": "form"}, "user": {"id": "U0ANN"}}
    answer = await ask(listening, submitted)
    assert json.loads(answer.body) == {"response_action": "errors", "errors": {"why": "Say why"}}


async def test_own_events_are_dropped_once_bot_knows_itself() -> None:
    client = AsyncWebClient(token="xoxb-1", base_url="http://127.0.0.1:9/api/", retry_handlers=[])
    listening = open_app(client, "secret", Installation(client, bot_id="B0SELF", bot_user_id="U0SELF"))
    heard: list[Any] = []

    @listening.event("message")
    async def hears(body: dict[str, Any]) -> None:
        heard.append(body)

    message = {"type": "message", "channel": "D0ANN", "text": "x"}
    for event in ({**message, "bot_id": "B0SELF"}, {**message, "user": "U0SELF"}):
        await ask(listening, {"type": "event_callback", "team_id": "T0", "event": event})
    assert heard == []

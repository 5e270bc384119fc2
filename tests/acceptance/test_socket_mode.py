"""Socket Mode when it is not smooth: connections that are refreshed, cut, deaf or refused, and odd envelopes."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import logging
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import aiohttp
import pytest
from structlog.testing import capture_logs
from structlog.types import EventDict

from bot.listeners import interaction_handlers
from bot.settings import Transport
from bot.slack import socket_mode_connection
from bot.slack.bolt_app import open_app
from bot.slack.installation import Installation
from bot.slack.socket_mode import CONNECTIONS, DEFAULT_POLICY, ConnectionProblem, ReconnectPolicy, SocketMode
from rehearsal.slack.http_transport import AppReply, NotAnsweredError
from rehearsal.slack.response_urls import RESPONSE_URL
from rehearsal.slack.socket_mode_server import MOST_CONNECTIONS, Connection
from rehearsal.slack.workspace import PostedMessage
from tests.patience import awake
from tests.simulation import ANSWERED_WITHIN, Simulation

from .conftest import RunBot
from .participants import MONDAY, SV, VISITED, Participant, member, moment, participant, said
from .test_home import drawn

DID_IT = [("joined", "", "SE"), ("tip", "tip", "SE")]

QUICK = ReconnectPolicy(ping_interval=0.2, initial_delay=0.1, max_delay=0.4, stable_after=0.05)
OPEN = "apps.connections.open"


@pytest.fixture
def transport() -> Transport:
    """This is about Socket Mode alone."""
    return Transport.SOCKET


async def tip(run_bot: RunBot) -> tuple[Simulation, Participant, PostedMessage]:
    """A tip in the channel, and somebody who takes part."""
    week = await run_bot(VISITED, start=moment(MONDAY, 8))
    ann = await member(week)
    await week.run_until(moment(MONDAY, 10))
    return week, ann, said(week, "week-se", "tip")


async def told(ann: Participant, text: str) -> None:
    """Wait until this is the last that somebody was told."""
    await ann.hand.until(lambda: ann.hand.ephemerals() and ann.answer(modal=False).text == text, ANSWERED_WITHIN)


async def reconnected(week: Simulation, gone: Sequence[Connection]) -> None:
    """Wait until new connections stand where these were."""
    sockets = week.slack.sockets
    await week.slack.until(
        lambda: len(sockets.connections) == CONNECTIONS and not any(old in sockets.connections for old in gone),
        ANSWERED_WITHIN,
    )


@asynccontextmanager
async def connecting(week: Simulation, patience: ReconnectPolicy = QUICK) -> AsyncIterator[SocketMode]:
    """Connections of an app that does nothing, held with this patience and no luck."""
    app = open_app(week.bot.client, "", Installation(week.bot.client))
    sockets = SocketMode(app, week.slack.app_token, week.bot.client, patience, lambda: 1.0)
    sockets.start()
    try:
        yield sockets
    finally:
        await sockets.stop()


async def until(true: Callable[[], bool]) -> None:
    """Wait for what neither a call nor a connection announces."""
    async with asyncio.timeout(ANSWERED_WITHIN):
        while not true():  # noqa: ASYNC110 - nothing announces it
            await asyncio.sleep(0.005)


def tries(week: Simulation) -> int:
    """How often the app has asked for an address to connect to."""
    return len([call for call in week.slack.calls if call.method == OPEN])


def noted(logs: Sequence[EventDict], action: str) -> list[EventDict]:
    return [each for each in logs if each["action"] == action]


async def acknowledged(connection: Connection, frame: str, envelope_id: str) -> Any:
    """What a frame is acknowledged with, whatever it holds."""
    future = connection.waiting[envelope_id] = asyncio.get_running_loop().create_future()
    await connection.ws.send_str(frame)
    return (await asyncio.wait_for(future, ANSWERED_WITHIN)).payload


@asynccontextmanager
async def strangers(week: Simulation, count: int) -> AsyncIterator[list[aiohttp.ClientWebSocketResponse]]:
    """Other programs that connect with the same token."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        tickets = [week.slack.sockets.ticket() for _ in range(count)]
        link = week.slack.api_url.replace("/api/", "/link/")
        yield [await stack.enter_async_context(session.ws_connect(f"{link}?ticket={ticket}")) for ticket in tickets]


async def test_press_during_refresh_of_both_connections_counts_once(run_bot: RunBot) -> None:
    week, ann, post = await tip(run_bot)
    gone = list(week.slack.sockets.connections)
    pressing = ann.hand.press(post, "did_this")
    pressed, _ = await asyncio.gather(pressing, week.slack.sockets.refresh(), return_exceptions=True)
    assert isinstance(pressed, AppReply | NotAnsweredError), "which of them is up to the machine"
    await told(ann, SV("tip.noted"))
    await reconnected(week, gone)
    assert (await ann.presses(post, "did_this")).text == SV("tip.known")
    assert await ann.did() == DID_IT


async def test_form_resent_after_answer_lost_is_kept_once(run_bot: RunBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interaction_handlers, "ACKNOWLEDGE_SECONDS", ANSWERED_WITHIN)
    week = await run_bot(VISITED)
    ann = await member(week)
    await ann.types("idea")
    gone = list(week.slack.sockets.connections)
    with contextlib.closing(sqlite3.connect(week.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(NotAnsweredError):
            await asyncio.gather(ann.submits(text="A rack for bicycles"), week.slack.sockets.refresh())
        await reconnected(week, gone)
        other.execute("ROLLBACK")
    assert (await ann.fills(text="A rack for bicycles")).form == "notice"
    await week.settle()
    assert [idea.text for idea in await week.bot.store.read(week.bot.store.ideas.of_campaign, week.campaign.id)] == [
        "A rack for bicycles"
    ]


async def test_connections_closed_by_slack_reopen_and_take_presses(run_bot: RunBot) -> None:
    week, ann, post = await tip(run_bot)
    gone = list(week.slack.sockets.connections)
    await week.slack.sockets.close()
    await reconnected(week, gone)
    assert (await ann.presses(post, "did_this")).text == SV("tip.noted")
    assert (await ann.presses(post, "did_this")).text == SV("tip.known")
    assert await ann.did() == DID_IT


async def test_disconnected_bot_answers_and_changes_nothing(run_bot: RunBot) -> None:
    week, ann, post = await tip(run_bot)
    hand = ann.hand
    await week.stop()
    with pytest.raises(NotAnsweredError):
        await hand.press(post, "did_this")
    with pytest.raises(NotAnsweredError):
        await hand.command("idea")
    await week.start()
    await week.open_door()
    assert (await ann.presses(post, "did_this")).text == SV("tip.noted")


async def test_envelope_repeated_after_answer_changes_nothing(run_bot: RunBot) -> None:
    week, ann, post = await tip(run_bot)
    pressed = await ann.hand.press(post, "did_this")
    await told(ann, SV("tip.noted"))
    sockets = week.slack.sockets
    for connection in list(sockets.connections):
        ack = await sockets.send(
            "interactive", pressed.sent, connection=connection, envelope_id="the-same", within=ANSWERED_WITHIN
        )
        assert (ack.connection, ack.payload) == (connection.id, None)
    await week.settle()
    await told(ann, SV("tip.noted"))
    assert await ann.did() == DID_IT


@pytest.mark.parametrize("text", ["help", "idea"])
async def test_command_on_both_connections_is_answered_once(run_bot: RunBot, text: str) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    await ann.types("standings")
    before = len(week.slack.calls)
    reply = await ann.hand.command(text)
    sockets = week.slack.sockets
    sending = [
        sockets.send("slash_commands", reply.sent, connection=connection, within=ANSWERED_WITHIN)
        for connection in list(sockets.connections) * 2
    ]
    await asyncio.gather(*sending)
    await week.settle()
    answers = [call.method for call in week.slack.calls[before:] if call.method in {"views.open", RESPONSE_URL}]
    assert len(answers) == 1


async def test_press_on_both_connections_opens_one_form(run_bot: RunBot) -> None:
    week, ann, post = await tip(run_bot)
    sockets, before = week.slack.sockets, len(week.slack.calls)
    pressed = dict((await ann.hand.press(post, "did_this")).sent)
    await week.settle()
    pressed |= {"trigger_id": week.slack.trigger(ann.user), "actions": [{**pressed["actions"][0], "action_id": "idea"}]}
    sending = [
        sockets.send("interactive", pressed, connection=connection, envelope_id="the-same", within=ANSWERED_WITHIN)
        for connection in list(sockets.connections)
    ]
    await asyncio.gather(*sending)
    await week.settle()
    assert sum(call.method == "views.open" for call in week.slack.calls[before:]) == 1


async def test_form_repeated_on_other_connection_is_kept_once(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    await ann.types("idea")
    sent = ann.submission({}, {})
    sent["view"]["state"]["values"]["text"]["text"]["value"] = "A rack for bicycles"
    sockets = week.slack.sockets
    sending = [
        sockets.send("interactive", sent, connection=connection, envelope_id="the-same", within=ANSWERED_WITHIN)
        for connection in list(sockets.connections)
    ]
    for ack in await asyncio.gather(*sending):
        assert ack.payload["response_action"] == "update"
    await week.settle()
    assert [idea.text for idea in await week.bot.store.read(week.bot.store.ideas.of_campaign, week.campaign.id)] == [
        "A rack for bicycles"
    ]


async def test_event_repeated_on_other_connection_draws_home_once(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await participant(week)
    event = await ann.hand.open_home()
    await ann.hand.until(lambda: drawn(week) == 1, ANSWERED_WITHIN)
    sockets = week.slack.sockets
    for attempt, connection in enumerate(list(sockets.connections), start=1):
        retry = (attempt, "timeout")
        await sockets.send("events_api", event.sent, connection=connection, retry=retry, within=ANSWERED_WITHIN)
    await week.settle()
    assert drawn(week) == 1


async def test_eleventh_connection_is_refused_without_touching_others(run_bot: RunBot) -> None:
    week, ann, post = await tip(run_bot)
    own = list(week.slack.sockets.connections)
    async with strangers(week, MOST_CONNECTIONS - CONNECTIONS + 1) as opened:
        said_first = [(await each.receive_json()) for each in opened]
        assert [each["type"] for each in said_first] == ["hello"] * (MOST_CONNECTIONS - CONNECTIONS) + ["disconnect"]
        assert said_first[-1]["reason"] == "too_many_websockets"
        assert all(each in week.slack.sockets.connections for each in own)
    await week.until_connected()
    assert (await ann.presses(post, "did_this")).text == SV("tip.noted")


# Deaf, cut, refused


async def test_a_deaf_connection_is_noticed_and_replaced(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    with capture_logs() as logs:
        async with connecting(week) as sockets:
            await week.until_connected()
            [deaf, other] = week.slack.sockets.connections
            deaf.stop_reading()
            await week.until_connected(CONNECTIONS + 1)
            [kept, new] = [each for each in week.slack.sockets.connections if not each.is_paused]
            assert kept is other
            for connection in (kept, new):
                assert await acknowledged(connection, json.dumps({"envelope_id": "e"}), "e") is None
            assert await sockets.open_connections() == CONNECTIONS
    assert [each["reason"] for each in noted(logs, "socket_mode.replaced")] == ["timeout"]


def test_deaf_connection_is_noticed_and_replaced() -> None:
    assert DEFAULT_POLICY.detects_loss_within < 10
    assert DEFAULT_POLICY.detects_loss_within + socket_mode_connection.OPEN_TIMEOUT < 60


async def test_connections_that_are_cut_are_replaced_at_once(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    patient = ReconnectPolicy(ping_interval=600, initial_delay=600, max_delay=600, stable_after=0.05)
    async with connecting(week, patient) as sockets:
        await week.until_connected()
        gone = list(week.slack.sockets.connections)
        week.slack.sockets.cut()
        await reconnected(week, gone)
        assert sockets.problems == []


def test_reconnect_pauses_double_to_limit_and_are_jittered() -> None:
    assert [DEFAULT_POLICY.delay(failed, 1) for failed in range(8)] == [0, 1, 2, 4, 8, 16, 30, 30]
    assert [DEFAULT_POLICY.delay(failed, 0) for failed in (1, 2, 9999)] == [0.75, 1.5, 22.5]


async def test_connection_limit_is_retried_ever_slower_logged_once(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    loop = asyncio.get_running_loop()
    with capture_logs() as logs:
        async with AsyncExitStack() as others:
            await others.enter_async_context(strangers(week, MOST_CONNECTIONS - 1))
            await week.until_connected(MOST_CONNECTIONS - 1)
            sockets = await others.enter_async_context(connecting(week))
            begun = loop.time()
            await week.slack.until(lambda: tries(week) == CONNECTIONS + 4, ANSWERED_WITHIN)
            assert loop.time() - begun >= 0.1 + 0.2 + 0.4 + 0.4
            assert (await sockets.open_connections(), sockets.problems) == (1, [ConnectionProblem.TOO_MANY])
            own = week.slack.sockets.connections[-1]
            assert await acknowledged(own, json.dumps({"envelope_id": "e"}), "e") is None
    [refused] = noted(logs, "socket_mode.refused")
    assert (refused["event"], refused["error"]) == (ConnectionProblem.TOO_MANY, "too_many_websockets")


async def test_readiness_says_why_a_connection_is_missing(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    assert week.bot.socket_mode
    async with strangers(week, MOST_CONNECTIONS):
        await week.until_connected(MOST_CONNECTIONS)
        week.bot.socket_mode.start()
        await until(lambda: bool(week.bot.socket_mode and week.bot.socket_mode.problems))
        part = (await week.readiness())["slack"]
        await week.bot.socket_mode.stop()
    assert (part["ok"], part["detail"]) == (False, f"0 sockets are connected; {ConnectionProblem.TOO_MANY}")


async def test_second_connection_opens_when_possible_and_logs_once(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    with capture_logs() as logs:
        async with AsyncExitStack() as first:
            others = await first.enter_async_context(AsyncExitStack())
            await others.enter_async_context(strangers(week, MOST_CONNECTIONS))
            await week.until_connected(MOST_CONNECTIONS)
            sockets = await first.enter_async_context(connecting(week))
            await until(lambda: sockets.problems == [ConnectionProblem.TOO_MANY])
            await others.aclose()
            await until(lambda: sockets.problems == [])
            assert await sockets.open_connections() == CONNECTIONS
    assert len(noted(logs, "socket_mode.refused")) == len(noted(logs, "socket_mode.restored")) == 1


async def test_refused_token_is_logged_once_and_retried(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    async with AsyncExitStack() as stack:
        logs = stack.enter_context(capture_logs())
        sockets = await stack.enter_async_context(connecting(week))
        good, week.slack.app_token = week.slack.app_token, "xapp-another"
        await week.slack.until(lambda: tries(week) >= 3 * CONNECTIONS, ANSWERED_WITHIN)
        assert (await sockets.open_connections(), sockets.problems) == (0, [ConnectionProblem.TOKEN])
        week.slack.app_token = good
        await until(lambda: sockets.problems == [])
        assert await sockets.open_connections() == CONNECTIONS
    [refused] = noted(logs, "socket_mode.refused")
    assert (refused["event"], refused["error"]) == (ConnectionProblem.TOKEN, "invalid_auth")
    assert "restart" in refused["event"]
    assert len(noted(logs, "socket_mode.restored")) == 1
    assert good not in str(logs)


async def test_bot_waits_as_long_as_slack_asks(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    loop = asyncio.get_running_loop()
    week.slack.faults.throttle(1, method=OPEN, times=CONNECTIONS)
    begun = loop.time()
    async with connecting(week) as sockets:
        await until(lambda: sockets.problems == [ConnectionProblem.UNREACHABLE])
        await week.until_connected()
        assert loop.time() - begun >= 1
    assert tries(week) == 2 * CONNECTIONS


async def test_silent_connection_attempt_is_abandoned_and_repeated(
    run_bot: RunBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_mode_connection, "OPEN_TIMEOUT", 0.3)
    week = await run_bot(VISITED)
    week.slack.faults.silence(method=OPEN, times=CONNECTIONS)
    async with connecting(week) as sockets:
        await until(lambda: sockets.problems == [ConnectionProblem.UNREACHABLE])
        await week.until_connected()
        await until(lambda: sockets.problems == [])


# Envelopes


async def test_form_in_progress_during_refresh_is_answered(run_bot: RunBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interaction_handlers, "ACKNOWLEDGE_SECONDS", 0.3)
    week = await run_bot(VISITED)
    ann = await member(week)
    await ann.types("idea")
    gone = list(week.slack.sockets.connections)
    with contextlib.closing(sqlite3.connect(week.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        submitted, _ = await asyncio.gather(ann.submits(text="A rack for bicycles"), week.slack.sockets.refresh())
        assert submitted.outcome == "updated"
        other.execute("ROLLBACK")
    await reconnected(week, gone)


NAMED: tuple[dict[str, Any], ...] = (
    {},
    {"type": "interactive"},
    {"type": "interactive", "payload": None},
    {"type": "interactive", "payload": ["hush-hush"]},
    {"type": "interactive", "payload": "hush-hush"},
    {"type": "interactive", "payload": {"type": "block_actions", "user": 5, "name": "hush-hush"}},
    {"type": "interactive", "payload": {"type": "view_submission", "view": None}},
    {"type": "slash_commands", "payload": {"command": "/earthweek", "user_id": ["hush-hush"]}},
    {"type": "events_api", "payload": {"type": "event_callback", "event": "hush-hush"}},
    {"type": "telepathy", "payload": {"type": "block_actions"}},
    {"type": None, "payload": {}},
    {"type": ["interactive"], "payload": {}},
    {"type": "interactive", "payload": "x" * 1_000_000},
)
NAMELESS = (
    "hush-hush",
    "[]",
    "null",
    "5",
    "{",
    "{}",
    '{"type": "interactive", "payload": {}}',
    '{"type": "interactive", "payload": {}, "envelope_id": 5}',
    '{"type": "interactive", "payload": {}, "envelope_id": null}',
    '{"type": 5}',
    "[" * 1_000_000,
    " " * 1_000_000,
)


async def test_malformed_envelopes_are_logged_confirmed_and_change_nothing(
    run_bot: RunBot, caplog: pytest.LogCaptureFixture
) -> None:
    week, ann, post = await tip(run_bot)
    before = list(week.slack.sockets.connections)
    with capture_logs() as logs, caplog.at_level(logging.INFO):
        for frame in (*NAMELESS, ""):
            await before[0].ws.send_str(frame)
        for number, envelope in enumerate(NAMED):
            frame = json.dumps({**envelope, "envelope_id": f"odd-{number}"})
            assert await acknowledged(before[0], frame, f"odd-{number}") is None, envelope
    assert 1 <= len(noted(logs, "socket_mode.malformed")) == len(logs) < len(NAMED) + len(NAMELESS), "a few a minute"
    assert "hush" not in str(logs) + caplog.text
    assert "Traceback" not in caplog.text
    assert sorted(each.id for each in week.slack.sockets.connections) == sorted(each.id for each in before)
    assert (await ann.presses(post, "did_this")).text == SV("tip.noted")
    assert await ann.did() == DID_IT


async def test_event_unknown_to_bolt_is_confirmed(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    await participant(week)
    event = {"type": "event_callback", "team_id": "T0REHEARSAL", "event": {"type": "team_join", "user": "U0NEW"}}
    ack = await week.slack.sockets.send("events_api", event, within=ANSWERED_WITHIN)
    assert ack.payload is None


# Nothing is left behind


def working() -> set[asyncio.Task[Any]]:
    """The tasks there are, without those in which the rehearsal Slack serves."""
    return {
        task
        for task in asyncio.all_tasks()
        if not getattr(task.get_coro(), "__qualname__", "").startswith("RequestHandler.")
    }


def held() -> dict[str, int]:
    """What this process holds open."""
    sessions = [each for each in gc.get_objects() if isinstance(each, aiohttp.ClientSession) and not each.closed]
    return {"tasks": len(working()), "sessions": len(sessions), "threads": threading.active_count()}


async def test_two_hundred_refreshes_leave_nothing_behind(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    alone = len(working())
    async with connecting(week, ReconnectPolicy(initial_delay=0, stable_after=0)):
        await until(lambda: len(week.slack.sockets.connections) == CONNECTIONS)
        # One task holds a connection, and one reads it.
        await until(lambda: len(working()) == alone + 2 * CONNECTIONS)
        before = held()
        for _ in range(200 // CONNECTIONS):
            gone = list(week.slack.sockets.connections)
            await week.slack.sockets.refresh()
            await reconnected(week, gone)
        assert tries(week) == CONNECTIONS + 200
        await until(lambda: held() == before)


async def test_stop_with_silent_slack_takes_under_a_second(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    before = working()
    async with connecting(week, DEFAULT_POLICY) as sockets:
        await week.until_connected()
        for connection in week.slack.sockets.connections:
            connection.stop_reading()
        async with awake() as waited:
            await sockets.stop()
            assert waited() < 1
        assert await sockets.open_connections() == 0
    await week.slack.sockets.close()
    await until(lambda: working() <= before)


async def test_stop_does_not_wait_for_unopened_connection(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    week.slack.faults.silence(method=OPEN, times=CONNECTIONS)
    async with connecting(week, DEFAULT_POLICY) as sockets:
        await week.slack.until(lambda: tries(week) == CONNECTIONS, ANSWERED_WITHIN)
        async with awake() as waited:
            await sockets.stop()
            assert waited() < 1

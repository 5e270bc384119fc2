"""Socket Mode when it is not smooth: connections that are refreshed, cut, refused, and envelopes that come again."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp
import pytest

from bot.listeners import reception
from bot.rehearsal.slack.courier import NotAnsweredError, Reply
from bot.rehearsal.slack.sockets import MOST_CONNECTIONS, Connection
from bot.rehearsal.slack.workspace import Message
from bot.sockets import CONNECTIONS

from .conftest import Opening, over_sockets
from .stage import ANSWERED_WITHIN, Stage
from .test_home import drawn
from .visitors import MONDAY, SV, VISITED, Visitor, member, moment, said, visitor

pytestmark = over_sockets

DID_IT = [("joined", "", "SE"), ("tip", "tip", "SE")]


async def tip(opening: Opening) -> tuple[Stage, Visitor, Message]:
    """A tip in the channel, and somebody who takes part."""
    week = await opening(VISITED, start=moment(MONDAY, 8))
    ann = await member(week)
    await week.run_until(moment(MONDAY, 10))
    return week, ann, said(week, "week-se", "tip")


async def told(ann: Visitor, text: str) -> None:
    """Wait until this is the last that somebody was told."""
    await ann.hand.until(lambda: ann.hand.private() and ann.answer(modal=False).text == text, ANSWERED_WITHIN)


async def reconnected(week: Stage, gone: Sequence[Connection]) -> None:
    """Wait until new connections stand where these were."""
    sockets = week.slack.sockets
    await week.slack.until(
        lambda: len(sockets.connections) == CONNECTIONS and not any(old in sockets.connections for old in gone),
        ANSWERED_WITHIN,
    )


@asynccontextmanager
async def strangers(week: Stage, count: int) -> AsyncIterator[list[aiohttp.ClientWebSocketResponse]]:
    """Other programs that connect with the same token."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        tickets = [week.slack.sockets.ticket() for _ in range(count)]
        link = week.slack.api_url.replace("/api/", "/link/")
        yield [await stack.enter_async_context(session.ws_connect(f"{link}?ticket={ticket}")) for ticket in tickets]


async def test_a_press_while_both_connections_are_refreshed_is_done_once(stage: Opening) -> None:
    week, ann, post = await tip(stage)
    gone = list(week.slack.sockets.connections)
    pressing = ann.hand.press(post, "did_this")
    pressed, _ = await asyncio.gather(pressing, week.slack.sockets.refresh(), return_exceptions=True)
    assert isinstance(pressed, Reply | NotAnsweredError), "which of them is up to the machine"
    await told(ann, SV("tip.noted"))
    await reconnected(week, gone)
    assert (await ann.presses(post, "did_this")).text == SV("tip.known")
    assert await ann.did() == DID_IT


async def test_a_form_whose_answer_is_lost_in_a_refresh_is_sent_again_and_kept_once(
    stage: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reception, "ACKNOWLEDGE_WITHIN", ANSWERED_WITHIN)
    week = await stage(VISITED)
    ann = await member(week)
    await ann.types("idea")
    gone = list(week.slack.sockets.connections)
    with contextlib.closing(sqlite3.connect(week.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(NotAnsweredError):
            await asyncio.gather(ann.submits(text="A rack for bicycles"), week.slack.sockets.refresh())
        await reconnected(week, gone)
        other.execute("ROLLBACK")
    assert (await ann.fills(text="A rack for bicycles")).form == "told"
    await week.settle()
    assert [idea.text for idea in await week.bot.store.ideas.of_campaign(week.campaign.id)] == ["A rack for bicycles"]


async def test_connections_that_slack_closes_are_opened_again_and_take_presses(stage: Opening) -> None:
    week, ann, post = await tip(stage)
    gone = list(week.slack.sockets.connections)
    await week.slack.sockets.close()
    await reconnected(week, gone)
    assert (await ann.presses(post, "did_this")).text == SV("tip.noted")
    assert (await ann.presses(post, "did_this")).text == SV("tip.known")
    assert await ann.did() == DID_IT


async def test_while_the_bot_is_not_connected_nothing_is_answered_and_nothing_changes(stage: Opening) -> None:
    week, ann, post = await tip(stage)
    hand = ann.hand
    await week.stop()
    with pytest.raises(NotAnsweredError):
        await hand.press(post, "did_this")
    with pytest.raises(NotAnsweredError):
        await hand.command("idea")
    await week.start()
    await week.open_door()
    assert (await ann.presses(post, "did_this")).text == SV("tip.noted")


async def test_an_envelope_that_comes_again_after_its_answer_changes_nothing(stage: Opening) -> None:
    week, ann, post = await tip(stage)
    pressed = await ann.hand.press(post, "did_this")
    await told(ann, SV("tip.noted"))
    sockets = week.slack.sockets
    for connection in list(sockets.connections):
        ack = await sockets.send(
            "interactive", pressed.sent, connection=connection, envelope_id="the-same", within=ANSWERED_WITHIN
        )
        assert (ack.connection, ack.payload) == (connection.id, None)
    await told(ann, SV("tip.known"))
    await week.settle()
    assert await ann.did() == DID_IT


async def test_a_form_that_comes_again_on_the_other_connection_is_kept_once(stage: Opening) -> None:
    week = await stage(VISITED)
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
    assert [idea.text for idea in await week.bot.store.ideas.of_campaign(week.campaign.id)] == ["A rack for bicycles"]


async def test_an_event_that_comes_again_on_the_other_connection_draws_the_page_once(stage: Opening) -> None:
    week = await stage(VISITED)
    ann = await visitor(week)
    event = await ann.hand.open_home()
    await ann.hand.until(lambda: drawn(week) == 1, ANSWERED_WITHIN)
    sockets = week.slack.sockets
    for attempt, connection in enumerate(list(sockets.connections), start=1):
        retry = (attempt, "timeout")
        await sockets.send("events_api", event.sent, connection=connection, retry=retry, within=ANSWERED_WITHIN)
    await week.settle()
    assert drawn(week) == 1


async def test_an_eleventh_connection_is_refused_and_leaves_the_others_as_they_are(stage: Opening) -> None:
    week, ann, post = await tip(stage)
    own = list(week.slack.sockets.connections)
    async with strangers(week, MOST_CONNECTIONS - CONNECTIONS + 1) as opened:
        said_first = [(await each.receive_json()) for each in opened]
        assert [each["type"] for each in said_first] == ["hello"] * (MOST_CONNECTIONS - CONNECTIONS) + ["disconnect"]
        assert said_first[-1]["reason"] == "too_many_websockets"
        assert all(each in week.slack.sockets.connections for each in own)
    await week.until_connected()
    assert (await ann.presses(post, "did_this")).text == SV("tip.noted")

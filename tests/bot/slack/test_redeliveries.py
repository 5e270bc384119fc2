"""Redeliveries are recognized in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.response import BoltResponse

from bot.slack import redeliveries
from bot.slack.redeliveries import DuplicateFilter, delivery_key
from bot.store.seen_events import KEPT
from rehearsal.clock import VirtualClock
from tests.patience import PATIENCE

NOW = datetime(2027, 3, 15, 8, 30, tzinfo=UTC)
PRESS = {"type": "block_actions", "trigger_id": "1.2.3", "actions": [{"action_id": "help"}]}


async def acknowledge(context: Mapping[str, Any], text: str) -> BoltResponse:
    """Acknowledge as a listener does, with what Bolt finds in the context."""
    ack: AsyncAck = context["ack"]
    return await ack(text=text)


class App:
    """Lets deliveries through and counts them."""

    def __init__(self) -> None:
        self.clock = VirtualClock(NOW)
        self.duplicates = DuplicateFilter(self.clock, KEPT)
        self.done = 0

    async def take(self, body: Any, *, answers: bool = True) -> BoltResponse:
        """Deliver this; the listener acknowledges it or, broken, does not."""
        # Bolt's own, which stays where nothing tells one delivery from another.
        context: dict[str, Any] = {"ack": AsyncAck()}

        async def go_on() -> BoltResponse:
            self.done += 1
            return await acknowledge(context, f"answer {self.done}") if answers else BoltResponse(status=500)

        return await self.duplicates.filter(body, context, go_on)


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> App:
    monkeypatch.setattr(redeliveries, "_ANSWERED_WITHIN", 0.05)
    return App()


@pytest.mark.parametrize("body", [PRESS, {"event_id": "Ev1", "event": {}}])
async def test_what_comes_again_gets_the_first_answer(app: App, body: Any) -> None:
    bodies = [(await app.take(dict(body))).body for _ in range(3)]
    assert (bodies, app.done) == (["answer 1"] * 3, 1)


@pytest.mark.parametrize(
    "other",
    [{**PRESS, "trigger_id": "1.2.4"}, {**PRESS, "actions": [{"action_id": "join"}]}, {"event_id": "Ev1"}, {}, [], "x"],
)
async def test_another_delivery_is_another(app: App, other: Any) -> None:
    await app.take(PRESS)
    assert (await app.take(other)).body == "answer 2"


async def test_what_nothing_identifies_is_always_done(app: App) -> None:
    for body in ({"type": "view_closed"}, {"trigger_id": "", "event_id": None}):
        assert delivery_key(body) is None
        await app.take(body)
        await app.take(body)
    assert app.done == 4


async def test_what_was_never_answered_is_done_again(app: App) -> None:
    await app.take(PRESS, answers=False)
    assert (await app.take(PRESS)).body == "answer 2"


async def test_after_ten_minutes_nothing_is_known_any_more(app: App) -> None:
    await app.take(PRESS)
    app.clock.turn_to(NOW + KEPT)
    await app.take(PRESS)
    assert app.done == 1
    app.clock.turn_to(NOW + KEPT + timedelta(seconds=1))
    await app.take(PRESS)
    assert app.done == 2


async def test_memory_is_bounded(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redeliveries, "MAX_REMEMBERED", 10)
    for number in range(100):
        await app.take({**PRESS, "trigger_id": str(number)})
    assert len(app.duplicates._acks) <= 11


async def test_redelivery_waits_for_the_first_answer(app: App) -> None:
    context: dict[str, Any] = {}
    arrived, released = asyncio.Event(), asyncio.Event()

    async def listen() -> BoltResponse:
        arrived.set()
        await released.wait()
        return await acknowledge(context, "answer of the first")

    first = asyncio.create_task(app.duplicates.filter(PRESS, context, listen))
    await arrived.wait()
    again = asyncio.create_task(app.take(PRESS))
    released.set()
    assert (await again).body == (await first).body == "answer of the first"
    assert app.done == 0


async def test_failed_listener_is_answered_at_once(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redeliveries, "_ANSWERED_WITHIN", PATIENCE)
    context: dict[str, Any] = {}

    async def fail() -> BoltResponse:
        # As Bolt does for a listener that raises.
        context["ack"].response = BoltResponse(status=500)
        return BoltResponse(status=500)

    await app.duplicates.filter(PRESS, context, fail)
    assert (await app.take(PRESS)).status == 500

"""Two replicas on one PostgreSQL, before one Slack: whatever goes to either of them is done once, and all of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from integration.databases import Server, server, up_to_date

from bot.app import LEASE
from bot.rehearsal.slack.courier import Carrier, Reply
from bot.rehearsal.slack.faults import Stage as Moment
from bot.rehearsal.slack.limits import Limits
from bot.settings import Transport
from bot.store.outbox import State

from .campaigns import SWEDEN, promised
from .conftest import over_http
from .stage import MIDNIGHT, MachineClock, Stage, raise_stage
from .visitors import FRIDAY, MONDAY, SV, VISITED, member, moment, said, visitor

__all__ = ["server", "up_to_date"]

AHEAD, SECOND = timedelta(minutes=10), timedelta(seconds=1)
DUE = moment(MONDAY, 9)
CROWD = 20


class Balancer:
    """Hands each request to the next of several bots."""

    def __init__(self, ways: Sequence[Carrier]) -> None:
        self.ways = ways
        self._next = cycle(ways)

    async def form(self, fields: Mapping[str, str], headers: Mapping[str, str] | None = None) -> Reply:
        return await next(self._next).form(fields, headers)

    async def payload(self, payload: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Reply:
        return await next(self._next).payload(payload, headers)

    async def json(self, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Reply:
        return await next(self._next).json(body, headers)


@dataclass
class Pair:
    """Two bots. What people do at `front` goes to either of them in turn; `other` has a clock of its own."""

    front: Stage
    other: Stage
    ways: Sequence[Carrier] = ()

    async def open_doors(self) -> None:
        """Let people in. Over Socket Mode, Slack itself takes turns with whoever is connected."""
        for each in (self.front, self.other):
            await each.open_door()
        if self.front.transport is Transport.HTTP:
            self.ways = [each.carrier for each in (self.front, self.other) if each.carrier]
            self.front.carrier = Balancer(self.ways)


@pytest.fixture
async def pair(tmp_path: Path, server: Server, up_to_date: str, transport: Transport) -> AsyncIterator[Pair]:
    server.wipe(up_to_date)
    front = await raise_stage(tmp_path, VISITED, MIDNIGHT, Limits(), transport)
    front.address = up_to_date
    clock = MachineClock(MIDNIGHT)
    other = Stage(front.folder, front.database, VISITED, clock, front.slack, transport, address=up_to_date)
    for each in (front, other):
        await each.start()
    yield Pair(front, other)
    for each in (other, front):
        await each.stop()
    await front.slack.stop()


async def test_a_visit_of_which_every_other_step_goes_to_the_other(pair: Pair) -> None:
    await pair.open_doors()
    ann = await member(pair.front, messages=True)
    assert SV("my.none") in await ann.looks_home()
    await ann.pledges("bike")
    assert promised("bike", "sv") in (await ann.types("my")).text
    await ann.types("done")
    await ann.types("language de")
    await ann.types("country DE")
    assert promised("bike", "de") in (await ann.types("my")).text, "whoever is asked speaks German now"
    person = await ann.person()
    assert person
    assert (person.country, person.language, person.direct_messages) == ("DE", "de", True)
    await ann.types("forget")
    await ann.fills()
    assert await ann.stored() == {}
    assert (await ann.types("my")).form == "join", "nobody remembers"


async def test_a_home_that_one_has_drawn_changes_with_what_the_other_was_told(pair: Pair) -> None:
    await pair.open_doors()
    ann = await member(pair.front)
    for pledge in ("bike", "dryer", "laptop"):
        await ann.looks_home()
        await ann.presses_at_home("pledge")
        await ann.presses_in_form(f"pledge_choose:{pledge}")
        assert promised(pledge, "sv") not in ann.home
        await ann.fills()
        await ann.hand.until(lambda pledge=pledge: promised(pledge, "sv") in ann.home)  # type: ignore[misc]


@over_http
async def test_an_event_that_is_delivered_again_to_the_other_is_known(pair: Pair) -> None:
    await pair.open_doors()
    ann = await visitor(pair.front)
    event = await ann.hand.open_home()
    await ann.hand.until(ann.hand.home)
    for attempt in (1, 2, 3):
        await ann.hand.send_event(event.sent, retry=(attempt, "http_timeout"))
    for each in (pair.front, pair.other):
        await each.settle()
    assert sum(call.method == "views.publish" for call in pair.front.slack.calls) == 1


@over_http
async def test_what_arrives_at_both_at_once_is_done_once(pair: Pair) -> None:
    await pair.open_doors()
    crowd = [await member(pair.front, f"U0CROWD{number:02}") for number in range(CROWD)]
    for each in crowd:
        await each.types("pledge")
        await each.presses_in_form("pledge_choose:bike")
    sent = [each.submission({}, {}) for each in crowd]
    await asyncio.gather(*(way.payload(form) for way in pair.ways for form in sent))
    await pair.front.settle()
    assert [len(await each.pledged()) for each in crowd] == [1] * CROWD


@over_http
async def test_both_run_the_week_and_each_message_is_posted_once(pair: Pair) -> None:
    await pair.open_doors()
    ann = await member(pair.front, messages=True)
    while pair.front.clock.now() < moment(FRIDAY, 23):
        for each in (pair.front, pair.other):
            await each.run_until(each.clock.now() + timedelta(hours=3))
    for post in ("tip", "call", "ideas", "notice"):
        said(pair.front, SWEDEN.channel, post)
    said(pair.front, ann.user, "how")
    assert set(await pair.front.states()) == {State.DUE, State.SENT}


@over_http
async def test_what_is_on_its_way_is_left_to_it_by_one_whose_clock_is_ahead(pair: Pair) -> None:
    """The other takes the message over at once; but the first has begun to send it, and its answer may take a while."""
    await pair.front.run_until(DUE - SECOND)

    async def overtake(at: Moment) -> None:
        if at == "before":
            pair.other.clock.turn_to(DUE + AHEAD)
            while pair.other.clock.now() < DUE + AHEAD + LEASE - SECOND:
                await pair.other.bot.delivery.dispatcher.step()
                await pair.other.bot.delivery.dispatcher.settle()
                pair.other.clock.turn_to(pair.other.clock.now() + SECOND)

    pair.front.slack.faults.call(overtake)
    await pair.front.run_until(DUE + SECOND)
    await pair.other.run_until(DUE + AHEAD + timedelta(minutes=2))
    for place in VISITED.places:
        said(pair.front, place.channel, "tip")
        assert (await pair.front.row("tip", place.code)).state is State.SENT


@over_http
async def test_what_one_was_sending_when_it_died_is_finished_by_the_other_within_seconds(pair: Pair) -> None:
    for each in (pair.front, pair.other):
        await each.run_until(DUE - SECOND)
        each.clock.turn_to(DUE)
    claimed = await pair.front.bot.delivery.outbox.claim(DUE, 3)
    await pair.front.bot.delivery.outbox.leaving(claimed[0].id, "C0WEEKSE")
    await pair.other.run_until(DUE + 3 * LEASE)
    for row in claimed:
        found = await pair.other.row("tip", row.line.recipient)
        assert found.state is State.SENT
        assert found.sent_at
        assert found.sent_at <= DUE + 3 * LEASE

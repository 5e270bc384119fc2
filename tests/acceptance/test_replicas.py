"""Two replicas on one PostgreSQL, before one Slack: whatever goes to either of them is done once, and all of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from bot.app import LEASE
from bot.delivery.scheduler import TICK
from bot.settings import Transport
from bot.store.outbox import State
from rehearsal.slack.faults import Phase as Moment
from rehearsal.slack.http_transport import AppReply, EventTransport
from tests.bot.store.databases import Server, server, up_to_date
from tests.campaigns import SWEDEN, Post, promised
from tests.simulation import MIDNIGHT, MachineClock, Simulation, person, simulate

from .conftest import over_http
from .participants import FRIDAY, MONDAY, SV, VISITED, member, moment, participant, said

pytestmark = pytest.mark.both_ways

__all__ = ["server", "up_to_date"]

AHEAD, SECOND = timedelta(minutes=10), timedelta(seconds=1)
DUE = moment(MONDAY, 9)
CROWD = 20


class Balancer:
    """Hands each request to the next of several bots."""

    def __init__(self, ways: Sequence[EventTransport]) -> None:
        self._next = cycle(ways)

    async def form(self, fields: Mapping[str, str], headers: Mapping[str, str] | None = None) -> AppReply:
        return await next(self._next).form(fields, headers)

    async def payload(self, payload: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> AppReply:
        return await next(self._next).payload(payload, headers)

    async def json(self, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> AppReply:
        return await next(self._next).json(body, headers)


@dataclass
class Pair:
    """Two bots. What people do at `front` goes to either of them in turn; `other` has a clock of its own."""

    front: Simulation
    other: Simulation
    ways: Sequence[EventTransport] = ()

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
    async with simulate(tmp_path, VISITED, transport=transport) as front:
        front.address = up_to_date
        other = replace(front, clock=MachineClock(MIDNIGHT), others=[], _run=AsyncExitStack())
        front.others.append(other)
        for each in (front, other):
            await each.start()
        yield Pair(front, other)


async def test_visit_works_with_steps_alternating_between_replicas(pair: Pair) -> None:
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


async def test_home_drawn_by_one_replica_updates_from_other(pair: Pair) -> None:
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
async def test_event_repeated_to_other_replica_is_known(pair: Pair) -> None:
    await pair.open_doors()
    ann = await participant(pair.front)
    event = await ann.hand.open_home()
    await ann.hand.until(ann.hand.home)
    for attempt in (1, 2, 3):
        await ann.hand.send_event(event.sent, retry=(attempt, "http_timeout"))
    await pair.front.settle()
    assert sum(call.method == "views.publish" for call in pair.front.slack.calls) == 1


async def test_command_delivered_to_both_replicas_is_answered_once(pair: Pair) -> None:
    await pair.open_doors()
    ann = await member(pair.front)
    await ann.types("help")
    for each in (pair.front, pair.other, pair.front):
        await each.bot.delivery.replica_share.announce()
    before = len(ann.hand.ephemerals())
    reply = await ann.hand.command("help")
    for _ in range(3):
        await ann.hand.send_command(reply.sent)
    await pair.front.settle()
    assert len(ann.hand.ephemerals()) == before + 1


@over_http
async def test_simultaneous_arrival_at_both_replicas_is_done_once(pair: Pair) -> None:
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
async def test_two_replicas_post_each_message_once(pair: Pair) -> None:
    await pair.open_doors()
    ann = await member(pair.front, messages=True)
    await ann.pledges("bike")
    while pair.front.clock.now() < moment(FRIDAY, 23):
        for each in (pair.front, pair.other):
            await each.run_until(each.clock.now() + timedelta(hours=3))
    for post in ("tip", "call", "ideas", "notice"):
        said(pair.front, SWEDEN.channel, post)
    said(pair.front, ann.user, "how")
    assert set(await pair.front.states()) == {State.DUE, State.SENT}


@over_http
async def test_replica_with_fast_clock_leaves_posting_to_sender(pair: Pair) -> None:
    """The other takes the message over at once; but the first has begun to send it, and its answer may take a while."""
    await pair.front.run_until(DUE - SECOND)

    async def overtake(at: Moment) -> None:
        if at == "before":
            pair.other.clock.turn_to(DUE + AHEAD)
            while pair.other.clock.now() < DUE + AHEAD + LEASE - SECOND:
                await pair.other.bot.delivery.replica_share.announce()
                await pair.other.bot.delivery.dispatcher.step()
                await pair.other.bot.delivery.idle()
                pair.other.clock.turn_to(pair.other.clock.now() + SECOND)

    pair.front.slack.faults.call(overtake)
    await pair.front.run_until(DUE + SECOND)
    await pair.other.run_until(DUE + AHEAD + timedelta(minutes=2))
    for place in VISITED.places:
        said(pair.front, place.channel, "tip")
        assert (await pair.front.row("tip", place.code)).state is State.SENT


@over_http
async def test_replica_finishes_sending_of_dead_one_within_seconds(pair: Pair) -> None:
    for each in (pair.front, pair.other):
        await each.run_until(DUE - SECOND)
        each.clock.turn_to(DUE)
    claimed = await pair.front.bot.store.write(pair.front.bot.store.outbox.claim, DUE, 3)
    await pair.front.bot.store.write(pair.front.bot.store.outbox.mark_posting, claimed[0].id, "C0WEEKSE")
    for each in (pair.front, pair.other):
        await each.bot.delivery.replica_share.announce()
    await Herd([pair.other]).run_until(DUE + 3 * LEASE)
    for row in claimed:
        found = await pair.other.row("tip", row.slot.recipient)
        assert found.state is State.SENT
        assert found.sent_at
        assert found.sent_at <= DUE + 3 * LEASE


@over_http
@pytest.mark.parametrize("is_told", [True, False])
async def test_what_one_leaves_unfinished_is_free_at_once(pair: Pair, *, is_told: bool) -> None:
    for each in (pair.front, pair.other):
        await each.run_until(DUE - SECOND)
        each.clock.turn_to(DUE)
        await each.bot.delivery.replica_share.announce()
    [claimed] = await pair.front.bot.store.write(pair.front.bot.store.outbox.claim, DUE, 1)
    if is_told:
        await pair.front.bot.delivery.replica_share.leave()
    await pair.other.bot.delivery.replica_share.announce()
    await pair.other.run_until(DUE + LEASE + LEASE / 3 + SECOND)
    found = await pair.other.row("tip", claimed.slot.recipient)
    assert found.state is (State.SENT if is_told else State.SENDING)


@over_http
async def test_summed_metrics_count_the_outbox_once(pair: Pair) -> None:
    both = (pair.front, pair.other)
    for _ in both:
        for each in both:
            await each.bot.delivery.replica_share.announce()
    rows = len(await pair.front.rows())
    assert rows
    told = [await each.metrics() for each in both]
    assert sum(value for one in told for name, value in one.items() if name.startswith("earthweek_outbox{")) == rows
    assert sum("earthweek_queue_depth" in one for one in told) == 1
    assert all('earthweek_up{part="outbox"}' in one for one in told), "each says whether something is overdue"


@dataclass
class Herd:
    """Some bots on one database, one clock and one Slack, which ring for each other as they would by themselves."""

    bots: Sequence[Simulation]

    async def greet(self) -> None:
        for each in self.bots:
            await each.bot.delivery.replica_share.announce()

    async def run_until(self, moment: datetime) -> None:
        """Turn the clock, ringing whenever one of them wants it, and greeting every five seconds."""
        clock, greeted = self.bots[0].clock, self.bots[0].clock.now()
        while clock.now() < moment:
            await asyncio.gather(*(each.bot.delivery.dispatcher.step() for each in self.bots))
            await asyncio.gather(*(each.bot.delivery.idle() for each in self.bots))
            wanted = [await each.bot.delivery.dispatcher.wake_at() for each in self.bots]
            clock.turn_to(min([greeted + TICK, moment, *(at for at in wanted if at)]))
            if clock.now() >= greeted + TICK:
                greeted = clock.now()
                await self.greet()


HerdOpening = Callable[[int, int], Awaitable[Herd]]


@pytest.fixture
async def herd(tmp_path: Path, server: Server, up_to_date: str) -> AsyncIterator[HerdOpening]:
    """So many bots, a moment before a message to so many people is due that may be six minutes late."""
    week = replace(VISITED, posts=(Post("word", MONDAY, time(9), audience="joined", until=time(9, 6)),))

    async def opening(replicas: int, crowd: int) -> Herd:
        server.wipe(up_to_date)
        first.address = up_to_date
        first.others.extend(replace(first, others=[], _run=AsyncExitStack()) for _ in range(replicas - 1))
        await first.start([person(f"U0P{number:03}", direct_messages=True) for number in range(crowd)])
        for each in first.others:
            await each.start()
        await first.bot.delivery.plan()
        found = Herd([first, *first.others])
        await found.greet()
        return found

    async with simulate(tmp_path, week, MachineClock(DUE - SECOND)) as first:
        yield opening


async def cleared_after(herd: Herd, crowd: int) -> timedelta:
    """How long it takes until what Slack gave no clear answer about is sent."""
    first = herd.bots[0]
    first.slack.faults.reset(times=crowd)
    await herd.run_until(DUE + timedelta(minutes=6))
    rows = [row for row in await first.rows() if row.slot.audience == "joined"]
    assert [row.state for row in rows] == [State.SENT] * crowd
    assert [len(first.texts(row.slot.recipient)) for row in rows] == [1] * crowd
    return max(row.sent_at for row in rows if row.sent_at) - DUE


ALONE = timedelta(seconds=102)
"""In which one process clears sixty: ten seconds until it asks, and forty questions a minute."""


@pytest.mark.parametrize("replicas", [1, 2, 3])
async def test_more_replicas_clear_doubtful_messages_equally_fast(herd: HerdOpening, replicas: int) -> None:
    taken = await cleared_after(await herd(replicas, 60), 60)
    assert ALONE * 0.8 <= taken <= ALONE * 1.2, str(taken)


@pytest.mark.parametrize("replicas", [1, 3])
async def test_many_doubtful_messages_are_sent_within_their_limit(herd: HerdOpening, replicas: int) -> None:
    await cleared_after(await herd(replicas, 150), 150)

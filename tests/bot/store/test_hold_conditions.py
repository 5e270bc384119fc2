"""What organisers hold does not leave: whatever was claimed before, and whichever process sends."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from bot.campaign.schedule import Slot
from bot.database.database import Database
from bot.delivery.outbox_planner import compare
from bot.store.hold_conditions import HELD_FOR, NOT_APPROVED, PAUSED, Leaving
from bot.store.organiser_acts import Actor
from bot.store.outbox import WITHDRAWN, Entry, State
from bot.store.pauses import LEFT_OUT, Missed
from bot.store.store import Store
from bot.store.tables import omissions, organiser_acts, pauses
from bot.store.tables import outbox as outbox_table
from tests.bot.database.held import Held, holding
from tests.patience import PATIENCE

from .decided import FILE, NEW
from .holder import ENOUGH, left
from .lines import CAMPAIGN, DUE, LEASE, line, only, planned
from .together import together

BOSS = Actor(CAMPAIGN, "U0BOSS", DUE)
TO_LEAVE = Leaving("tip", NEW)
WAITS = Leaving("tip", NEW, must_be_approved=True)
LATER = DUE + HELD_FOR

SWEDEN, NORWAY = line(), line(recipient="NO", country="NO")
ALL = line(recipient="company", audience="company", country=None)
ANN = line("check", "U0ANN", audience="joined", kind="check_in", country="NO")
REVIEW = line("1dea-0", "U0REP", audience="idea_review", kind="idea_review", country="NO")
EVERY = (SWEDEN, NORWAY, ALL, ANN, REVIEW)


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database, "me", LEASE)


@pytest.fixture
def other(database: Database) -> Store:
    return Store(database, "somebody else", LEASE)


async def claimed(store: Store, *lines: Slot) -> list[Entry]:
    await planned(store.database, store.outbox, *lines)
    return await store.write(store.outbox.claim, DUE, 10)


async def leaves(store: Store, entry: Entry, words: Leaving | None = TO_LEAVE) -> bool:
    return await store.write(store.leave, entry, "C0WEEK", words, LATER)


async def found(store: Store) -> dict[str, tuple[State, str | None]]:
    return {row.slot.key: (row.state, row.reason) for row in await store.read(store.outbox.entries, CAMPAIGN)}


@pytest.mark.parametrize(
    ("country", "free"), [("", {REVIEW}), ("NO", {SWEDEN, ALL, REVIEW}), ("DK", set(EVERY))], ids=["all", "NO", "DK"]
)
async def test_paused_messages_are_not_claimed(store: Store, country: str, free: set[Slot]) -> None:
    await planned(store.database, store.outbox, *EVERY)
    await store.write(store.pauses.pause, BOSS, country)
    assert {row.slot for row in await store.write(store.outbox.claim, DUE, 10)} == free


async def test_pausing_puts_back_claimed_messages_that_have_not_left(store: Store, other: Store) -> None:
    first, second = await claimed(store, SWEDEN, NORWAY)
    assert await leaves(store, first)
    await other.write(other.pauses.pause, BOSS)
    assert await found(store) == {first.slot.key: (State.SENDING, None), second.slot.key: (State.DUE, PAUSED)}
    assert not await leaves(store, second), "it is not this process's any more"
    assert await store.write(store.outbox.claim, LATER, 10) == []


async def test_a_message_claimed_during_a_pause_does_not_leave(store: Store) -> None:
    [entry] = await claimed(store, SWEDEN)
    with store.database.transaction() as connection:
        # As if it had been claimed in the moment of the pause.
        store.pauses.pause(connection, BOSS)
        connection.exec_driver_sql("UPDATE outbox SET state = 'sending'")
    assert not await leaves(store, entry)
    row = await only(store.database, store.outbox)
    assert (row.state, row.reason, row.channel, row.next_attempt_at) == (State.DUE, PAUSED, None, LATER)


async def test_resumed_messages_are_sent_or_left_out(store: Store) -> None:
    tomorrow = line("later", due=DUE + timedelta(days=1))
    for choice, state in ((Missed.SEND, State.DUE), (Missed.LEAVE_OUT, State.CANCELLED)):
        await planned(store.database, store.outbox, SWEDEN, NORWAY, tomorrow)
        pause = await store.write(store.pauses.pause, BOSS)
        norway = await store.write(store.pauses.pause, BOSS, "NO")
        [missed] = [each for each in await store.read(store.pauses.missed, CAMPAIGN, norway, DUE) if each.can_be_sent]
        assert (missed.post, missed.country, missed.number) == ("tip", "NO", 1)
        assert await store.write(store.pauses.resume, BOSS, pause, choice)
        rows = await found(store)
        assert rows[SWEDEN.key] == (state, LEFT_OUT if state is State.CANCELLED else None)
        assert rows[NORWAY.key][0] is State.DUE, "it is under another pause"
        assert rows[tomorrow.key] == (State.DUE, None)
        await store.write(store.pauses.resume, BOSS, norway, choice)
        assert (await found(store))[NORWAY.key][0] is state


async def test_a_pause_wakes_nobody_and_is_nothing_overdue(store: Store) -> None:
    await planned(store.database, store.outbox, SWEDEN)
    pause = await store.write(store.pauses.pause, BOSS)
    assert (await store.read(store.outbox.next_attempts)).due is None
    assert await store.read(store.outbox.overdue, LATER) == (0, None)
    await store.write(store.pauses.resume, BOSS, pause, Missed.SEND)
    assert (await store.read(store.outbox.next_attempts)).due == DUE
    assert await store.read(store.outbox.overdue, LATER) == (1, DUE)


async def test_what_a_pause_outlasted_is_skipped_and_says_so(store: Store) -> None:
    await planned(store.database, store.outbox, SWEDEN)
    pause = await store.write(store.pauses.pause, BOSS)
    assert await store.write(store.outbox.skip_expired, SWEDEN.expires_at) == 1
    assert (await found(store))[SWEDEN.key] == (State.SKIPPED, f"its late limit passed; before that: {PAUSED}")
    [missed] = await store.read(store.pauses.missed, CAMPAIGN, pause, SWEDEN.expires_at)
    assert (missed.can_be_sent, missed.number) == (False, 1)


async def test_unapproved_words_wait_and_approved_ones_leave(store: Store) -> None:
    [entry] = await claimed(store, SWEDEN)
    assert not await leaves(store, entry, WAITS)
    assert (await found(store))[SWEDEN.key] == (State.DUE, NOT_APPROVED)
    assert await store.write(store.outbox.claim, LATER, 10, (), {"tip:sv"}) == []
    assert (await store.read(store.outbox.next_attempts, (), {"tip:sv"})).due is None
    await store.write(store.approvals.approve, BOSS, "tip", "sv", Leaving("tip", FILE).hash)
    for approved in (False, True):
        [again] = await store.write(store.outbox.claim, LATER, 10)
        assert await leaves(store, again, WAITS) is approved
        await store.write(store.approvals.approve, BOSS, "tip", "sv", WAITS.hash)
        await store.write(store.outbox.release, again.id, LATER, "not yet")


async def test_words_for_organisers_need_no_approval(store: Store) -> None:
    [entry] = await claimed(store, line("brief", "U0REP", audience="representatives", kind="note"))
    assert await leaves(store, entry, WAITS)


async def test_unapproved_words_are_skipped_with_the_reason(store: Store) -> None:
    await planned(store.database, store.outbox, SWEDEN)
    await store.write(store.outbox.skip_expired, SWEDEN.expires_at, {"tip:sv"})
    assert (await found(store))[SWEDEN.key] == (State.SKIPPED, f"its late limit passed; before that: {NOT_APPROVED}")


async def test_the_words_with_which_it_leaves_are_kept(store: Store) -> None:
    [entry] = await claimed(store, SWEDEN)
    assert await leaves(store, entry)
    assert (await only(store.database, store.outbox)).text_hash == TO_LEAVE.hash
    assert await store.read(store.revisions.sent, CAMPAIGN) == {TO_LEAVE.hash: NEW}


async def test_left_out_post_does_not_leave_in_its_country(store: Store) -> None:
    norway, sweden = await claimed(store, SWEDEN, NORWAY)
    await store.write(store.pauses.leave_out, BOSS, "tip", "NO")
    assert (await found(store))[NORWAY.key] == (State.CANCELLED, WITHDRAWN)
    with store.database.transaction() as connection:
        # As another process would, which plans from what it knew before.
        connection.exec_driver_sql("UPDATE outbox SET state = 'sending', reason = NULL WHERE recipient = 'NO'")
    assert [await leaves(store, each) for each in (norway, sweden)] == [False, True]
    assert (await found(store))[NORWAY.key] == (State.CANCELLED, WITHDRAWN)


async def test_withdrawn_own_post_does_not_leave(store: Store) -> None:
    own = await store.write(store.revisions.add_post, BOSS, "SE", date(2027, 3, 15), time(9), {"sv": NEW})
    [entry] = await claimed(store, line(own.id, kind="note"))
    await store.write(store.revisions.withdraw_post, BOSS, own.id)
    assert not await leaves(store, entry)
    assert set((await found(store)).values()) == {(State.CANCELLED, WITHDRAWN)}


async def test_after_a_pause_no_process_lets_anything_leave(store: Store, url: str) -> None:
    if url.startswith("sqlite"):
        pytest.skip("one process has the file to itself")
    await planned(store.database, store.outbox, *(line(recipient=f"C{number:03}") for number in range(300)))
    found = [int(each) for each in together("holder.py", (url, "pause"), (url, "one"), (url, "two"))]
    assert found[0] == found[1] + found[2] >= ENOUGH, "what left had left before the pause was there"
    assert await store.read(left) == found[0]


async def test_a_pause_waits_for_whatever_is_just_leaving(store: Store, url: str) -> None:
    if url.startswith("sqlite"):
        pytest.skip("one transaction writes at a time")
    [entry] = await claimed(store, SWEDEN)
    events: list[str] = []

    def leave(connection: Connection, held: Held) -> None:
        store.leave(connection, entry, "C0WEEK", None, LATER)
        held()
        events.append("left")

    async def pause() -> None:
        await store.write(store.pauses.pause, BOSS, "NO")
        events.append("paused")

    async with holding(lambda held: store.write(leave, held)):
        pausing = asyncio.create_task(pause())
        while not await store.read(waits_for_lock):
            assert not pausing.done()
    await asyncio.wait_for(pausing, PATIENCE)
    assert events == ["left", "paused"]


def waits_for_lock(connection: Connection) -> bool:
    return bool(connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))


STEPS = ("claim", "leave", "pause", "pause NO", "resume", "leave out", "bring back", "plan", "die")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(STEPS), max_size=25))
async def test_held_messages_leave_once_and_only_when_free(database: Database, steps: list[str]) -> None:
    with database.transaction() as connection:
        for table in (outbox_table, pauses, omissions, organiser_acts):
            connection.execute(table.delete())
        world = World(connection, Store(database, "0", LEASE, exclusive=True))
        for step in steps:
            world.do(step)
            assert not world.broken
        for step in ("resume", "bring back", "plan", "die", "claim", "leave"):
            world.do(step)
        assert sorted(world.left) == sorted(each.key for each in World.lines), "each once"


@dataclass
class World:
    """One process after another on a database, and what an organiser does; a send ends as soon as it has begun."""

    connection: Connection
    store: Store
    now: datetime = DUE
    claimed: list[Entry] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    broken: bool = False
    lines: ClassVar = (SWEDEN, NORWAY, ALL, ANN)

    def do(self, step: str) -> None:
        self.now += timedelta(seconds=1)
        boss = replace(BOSS, at=self.now)
        store, connection = self.store, self.connection
        match step:
            case "plan":
                gone = {(each.post, each.country) for each in store.pauses.omissions(connection, CAMPAIGN)}
                wanted = [each for each in self.lines if (each.post, each.country) not in gone]
                rows = store.outbox.entries(connection, CAMPAIGN)
                store.outbox.apply(connection, compare(wanted, rows, self.now), self.now)
            case "claim":
                self.claimed += store.outbox.claim(connection, self.now, 9)
            case "leave":
                self.leave()
            case "pause" | "pause NO":
                store.pauses.pause(connection, boss, step[6:])
            case "resume":
                for each in store.pauses.in_force(connection, CAMPAIGN):
                    store.pauses.resume(connection, boss, each, Missed.SEND)
            case "leave out":
                store.pauses.leave_out(connection, boss, "tip", "NO")
            case "bring back":
                store.pauses.bring_back(connection, boss, "tip", "NO")
            case "die":
                self.claimed = []
                self.store = Store(store.database, uuid.uuid4().hex, LEASE, exclusive=True)
                self.store.outbox.reclaim_expired(connection, self.now)

    def leave(self) -> None:
        paused = self.store.pauses.in_force(self.connection, CAMPAIGN)
        gone = {(each.post, each.country) for each in self.store.pauses.omissions(self.connection, CAMPAIGN)}
        for entry in self.claimed:
            if self.store.leave(self.connection, entry, "C0", None, self.now):
                self.left.append(entry.slot.key)
                held = any(each.holds_for(entry.slot.country) for each in paused)
                self.broken |= held or (entry.slot.post, entry.slot.country) in gone
                self.store.outbox.mark_sent(self.connection, entry.id, "C0", "1.0", self.now)
        self.claimed = []

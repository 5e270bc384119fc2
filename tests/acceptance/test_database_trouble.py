"""A database that is away, locked, full or busy: whoever comes is told, nothing is half kept, and delivery goes on."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, MutableMapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from structlog.testing import capture_logs

from bot.database import database, postgresql, sqlite
from bot.database.worker_threads import Kind
from bot.delivery import delivery_loop
from bot.listeners import interaction_handlers
from bot.settings import Transport
from bot.store.actions import Action, ActionKind
from bot.store.ideas import Idea
from bot.store.outbox import State
from bot.web import health
from rehearsal.simulation import finish
from rehearsal.slack.faults import Phase as Moment
from rehearsal.slack.rate_limits import RateLimits
from tests.bot.database.wire import wire
from tests.bot.store.databases import Server, on_postgresql, on_sqlite, server, up_to_date, url
from tests.campaigns import SWEDEN, Week
from tests.campaigns import said as text_of
from tests.simulation import ANSWERED_WITHIN, RunningClock, Simulation, simulate

from .conftest import over_http
from .participants import EN, MONDAY, SV, VISITED, Participant, member, moment, said
from .process import HERE, soon

__all__ = ["server", "up_to_date", "url"]

pytestmark = over_http
"""The way in is the same from the door on."""

SLACK_WAITS = 3.0
"""Seconds for an acknowledgement, and for what lets a modal open.

https://docs.slack.dev/interactivity/handling-user-interaction
"""

PATIENCE = 3.0
"""Seconds until the bot gives up what it asks of a database; in the real one up to fifteen. A database that is there
answers within it, also on a busy machine, and whoever waits is told so before, also if the machine stands still for a
second or two."""

WAITS = interaction_handlers.ACKNOWLEDGE_SECONDS, interaction_handlers.WAIT_NOTICE_SECONDS
"""As they are in the running bot."""

SOON = 0.15
"""Seconds until whoever waits is told so."""

DUE = moment(MONDAY, 9)
LONG = "x" * 1000


@pytest.fixture(autouse=True)
def quiet() -> Iterator[list[MutableMapping[str, Any]]]:
    """What is logged, unwritten: to draw a traceback takes longer than a test."""
    with capture_logs() as logs:
        yield logs


@dataclass
class Away:
    """A simulation whose database can be taken away."""

    simulation: Simulation
    cut: Callable[[], None]
    mend: Callable[[], None]

    async def start(self) -> Simulation:
        await self.simulation.start()
        return self.simulation


@pytest.fixture
async def away(tmp_path: Path, url: str, transport: Transport, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Away]:
    monkeypatch.setattr(sqlite, "_WAITS", int(PATIENCE * 1000))
    monkeypatch.setattr(postgresql, "_CONNECTS_WITHIN", int(PATIENCE))
    for kind in (Kind.READ, Kind.WRITE, Kind.CHECK):
        monkeypatch.setitem(postgresql.LIMITS, kind, replace(postgresql.LIMITS[kind], seconds=PATIENCE))
    async with AsyncExitStack() as stack:
        simulation = await stack.enter_async_context(simulate(tmp_path, VISITED, transport=transport))
        if url.startswith("sqlite"):
            other = sqlite3.connect(simulation.database, isolation_level=None)
            stack.callback(other.close)
            yield Away(simulation, lambda: _take(other), lambda: _let_go(other))
        else:
            between = await stack.enter_async_context(wire(url))
            simulation.address = between.url
            yield Away(simulation, between.cut, between.mend)
            between.mend()
            # The bot has to be stopped before the wire is.
            await simulation.stop()


def _take(other: sqlite3.Connection) -> None:
    other.execute("BEGIN EXCLUSIVE")


def _let_go(other: sqlite3.Connection) -> None:
    other.execute("ROLLBACK")


def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interaction_handlers, "LOADING_SECONDS", SOON)
    monkeypatch.setattr(interaction_handlers, "WAIT_NOTICE_SECONDS", SOON)
    monkeypatch.setattr(interaction_handlers, "ACKNOWLEDGE_SECONDS", SOON)


def calm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have nobody told to wait any more, however busy the machine is."""
    monkeypatch.setattr(interaction_handlers, "LOADING_SECONDS", ANSWERED_WITHIN)
    monkeypatch.setattr(interaction_handlers, "WAIT_NOTICE_SECONDS", ANSWERED_WITHIN)
    monkeypatch.setattr(interaction_handlers, "ACKNOWLEDGE_SECONDS", ANSWERED_WITHIN)


def told(who: Participant) -> list[str]:
    """Everything that somebody was told in private, and what stands in their modal, oldest first."""
    private = [who_said.text for who_said in who.hand.ephemerals()]
    return [*private, who.answer(modal=True).text] if who.hand.modal() else private


async def until_told(who: Participant, text: str) -> None:
    await who.hand.until(lambda: any(text in each for each in told(who)), ANSWERED_WITHIN)


FAILED = SV("trouble.unexpected", reference="")


async def visited(away: Away) -> tuple[Simulation, Participant, Participant, Participant]:
    """Three who have joined: before a tip, before a form that is filled in, and before an empty line."""
    week = await away.start()
    ann, bo, cy = [await member(week, user) for user in ("U0ANN", "U0BO", "U0CY")]
    await week.run_until(DUE)
    await bo.types("idea")
    return week, ann, bo, cy


# Away


async def test_database_outage_is_told_without_partial_writes(away: Away, monkeypatch: pytest.MonkeyPatch) -> None:
    assert max(WAITS) <= SLACK_WAITS - 1, "people are told while Slack still takes it"
    week, ann, bo, cy = await visited(away)
    hurry(monkeypatch)
    before = [await each.stored() for each in (ann, bo, cy)]
    away.cut()
    assert (await ann.hand.press(said(week, SWEDEN.channel, "tip"), "did_this")).ok
    assert (await cy.hand.command("country DE")).ok
    assert (await bo.submits(text="A rack for bicycles")).outcome == "updated"
    assert told(bo)[-1] == SV("form.waiting")
    for each in (ann, cy):
        await until_told(each, SV("trouble.slow"))
    for each in (ann, bo, cy):
        await until_told(each, FAILED)
    away.mend()
    await week.settle()
    calm(monkeypatch)
    assert [await each.stored() for each in (ann, bo, cy)] == before

    assert (await ann.presses(said(week, SWEDEN.channel, "tip"), "did_this")).text == SV("tip.noted")
    assert (await cy.types("country DE")).text == SV("country.changed", country=SV.country("DE"))
    await bo.types("idea")
    assert (await bo.fills(text="A rack for bicycles")).text == SV("idea.sent")
    assert len(await week.bot.store.read(week.bot.store.ideas.of_campaign, week.campaign.id)) == 1


@on_sqlite
async def test_press_at_home_opens_modal_during_database_outage(away: Away, monkeypatch: pytest.MonkeyPatch) -> None:
    week, ann, _, _ = await visited(away)
    await ann.looks_home()
    hurry(monkeypatch)
    away.cut()
    await ann.hand.press_home("did_this")
    await until_told(ann, SV("form.waiting"))
    await until_told(ann, FAILED)
    away.mend()
    await week.settle()
    calm(monkeypatch)
    assert (await ann.presses_at_home("did_this")).text == SV("tip.noted")


@on_sqlite
async def test_failed_home_is_drawn_next_time(away: Away) -> None:
    week, ann, _, _ = await visited(away)
    away.cut()
    assert (await ann.hand.open_home()).ok
    await week.settle()
    assert ann.hand.home() is None
    away.mend()
    await ann.looks_home()
    assert ann.hand.home() is not None


async def ring(simulation: Simulation) -> None:
    """Do what is due; whatever breaks off is tried again the next time."""
    simulation.bot.delivery.request_plan()
    await finish(simulation.bot)


async def once_everywhere(simulation: Simulation) -> None:
    for place in VISITED.places:
        assert simulation.texts(place.channel).count(text_of("tip", place.language)) == 1
    assert {row.state for row in await simulation.rows() if row.slot.post == "tip"} == {State.SENT}


async def test_post_due_during_database_outage_comes_once_afterwards(away: Away) -> None:
    week = await away.start()
    await week.run_until(DUE - timedelta(seconds=1))
    away.cut()
    week.clock.turn_to(DUE)
    await ring(week)
    assert week.messages(SWEDEN.channel) == []
    away.mend()
    await week.run_until(DUE + timedelta(minutes=1))
    await once_everywhere(week)


async def test_database_lost_during_posting_causes_no_second_post(away: Away) -> None:
    """Slack has it, and nobody can write that down."""
    week = await away.start()
    await week.run_until(DUE - timedelta(seconds=1))

    async def cut(now: Moment) -> None:
        if now == "after":
            away.cut()

    week.slack.faults.call(cut)
    week.clock.turn_to(DUE)
    for _ in range(20):
        # On a busy machine the database's short patience ends before anything has been sent.
        if week.slack.workspace.messages() == []:
            await ring(week)
    away.mend()
    assert State.SENT not in {row.state for row in await week.rows() if row.slot.post == "tip"}
    assert week.slack.workspace.messages() != []
    await week.run_until(DUE + timedelta(minutes=3))
    await once_everywhere(week)


async def test_delivery_resumes_by_itself_after_database_outage(
    away: Away, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quiet: list[MutableMapping[str, Any]]
) -> None:
    """With the real scheduler, on the machine's own time; the log says once that it began, and once that it ended."""
    monkeypatch.setattr(delivery_loop, "_AFTER_A_FAULT", timedelta(seconds=0.2))
    clock, week = RunningClock(), soon(1)
    async with simulate(tmp_path / "soon", week, clock, RateLimits.none()) as simulation:
        simulation.database, simulation.address = away.simulation.database, away.simulation.address
        await Away(simulation, away.cut, away.mend).start()
        away.cut()
        simulation.bot.scheduler.start()
        await past(week, clock)
        await until_logged(quiet, "outage.began")
        assert simulation.messages(HERE.channel) == []
        away.mend()
        await simulation.slack.until(lambda: bool(simulation.messages(HERE.channel)), ANSWERED_WITHIN)
        # Planning finds out by itself within a minute.
        simulation.bot.delivery.request_plan()
        await until_logged(quiet, "outage.ended")
        await simulation.bot.scheduler.stop()
    assert simulation.texts(HERE.channel) == [text_of("post-0", "sv")]
    troubles = [line for line in quiet if line["log_level"] != "info" or line["action"].startswith("outage")]
    assert [(line["action"], line["what"]) for line in troubles] == [
        ("outage.began", "database"),
        ("outage.ended", "database"),
    ]


async def until_logged(logs: list[MutableMapping[str, Any]], action: str) -> None:
    async with asyncio.timeout(ANSWERED_WITHIN):
        while not any(line["action"] == action for line in logs):  # noqa: ASYNC110 - nothing announces it
            await asyncio.sleep(0.01)


async def past(week: Week, clock: RunningClock) -> None:
    """Let the machine's clock go on until the post should have gone out."""
    [post] = week.posts
    due = datetime.combine(post.day, post.time, UTC)
    await asyncio.sleep((due - clock.now()).total_seconds() + PATIENCE)


def configure(simulation: Simulation, pragma: str) -> None:
    """Set something of every connection to the file, from its next use on."""
    event.listen(simulation.bot.store.database.engine, "checkout", lambda made, *_: made.execute(f"PRAGMA {pragma}"))


def announced(simulation: Simulation, moment: str) -> asyncio.Event:
    """An event that is set when a thread next takes a connection from the pool, or gives it back."""
    happened, loop = asyncio.Event(), asyncio.get_running_loop()
    event.listen(simulation.bot.store.database.engine, moment, lambda *_: loop.call_soon_threadsafe(happened.set))
    return happened


# Watched


async def watched(simulation: Simulation) -> tuple[bool, str]:
    """Whether readiness and metrics say together that the database is well, and what readiness says of it."""
    ready, parts = await simulation.judged()
    figures = await simulation.metrics()
    part = parts["database"]
    assert figures['earthweek_up{part="database"}'] == part["ok"]
    assert ("earthweek_queue_depth" in figures) == ('earthweek_outbox{state="due"}' in figures) == part["ok"]
    assert figures['earthweek_up{part="channels"}'] == 1, "what is known all the same is told"
    assert ready == part["ok"]
    return part["ok"], part["detail"]


async def test_health_is_answered_during_database_outage(away: Away, monkeypatch: pytest.MonkeyPatch) -> None:
    week = await away.start()
    assert await watched(week) == (True, "it takes writes")
    with monkeypatch.context() as impatient:
        impatient.setattr(health, "TIMEOUT", PATIENCE)
        away.cut()
        well, detail = await watched(week)
    assert not well
    assert ";" in detail, "what to do stands behind what happened"
    away.mend()
    async with asyncio.timeout(ANSWERED_WITHIN):
        while not (await week.judged())[1]["database"]["ok"]:
            pass
    assert await watched(week) == (True, "it takes writes")


@on_sqlite
async def test_a_full_disk_is_not_ready(away: Away) -> None:
    week = await away.start()
    await fill(week)
    assert await watched(week) == (False, "database or disk is full; the disk is full; make room on it")
    await empty(week)
    assert (await watched(week))[0]


@on_sqlite
@pytest.mark.parametrize("replaced", [False, True])
async def test_removed_database_file_is_not_ready(away: Away, *, replaced: bool) -> None:
    week = await away.start()
    file = week.database
    file.rename(file.with_name("away.db"))
    if replaced:
        shutil.copy(file.with_name("away.db"), file)
    well, detail = await watched(week)
    assert not well
    assert "was deleted or replaced while the bot has it open; put it back, or restart the bot" in detail
    file.with_name("away.db").rename(file)
    assert (await watched(week))[0]


@on_sqlite
async def test_read_only_database_file_is_not_ready(away: Away) -> None:
    week = await away.start()
    configure(week, "query_only = ON")
    well, detail = await watched(week)
    assert not well
    assert "give the file and its folder to the user that runs the bot" in detail


@on_postgresql
async def test_read_only_database_server_is_not_ready(away: Away, server: Server, url: str) -> None:
    """As a standby after a failover."""
    week = await away.start()
    name = make_url(url).database
    gone = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = "
    server.run(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    try:
        server.run(f"{gone}'{name}'", url=url)
        assert not (await watched(week))[0], "the connections of before are gone"
        well, detail = await watched(week)
    finally:
        server.run(f'ALTER DATABASE "{name}" RESET default_transaction_read_only')
    assert not well
    assert "let DATABASE_URL name the one that takes writes" in detail
    # The connections that are read-only are left: nobody has to close them.
    assert (await watched(week))[0]


# Locked


@on_sqlite
async def test_briefly_locked_database_file_is_waited_for(away: Away) -> None:
    week, ann, _, _ = await visited(away)
    waiting = announced(week, "checkout")
    away.cut()
    await ann.hand.press(said(week, SWEDEN.channel, "tip"), "did_this")
    await waiting.wait()
    away.mend()
    await until_told(ann, SV("tip.noted"))
    await week.settle()
    assert not any(SV("trouble.slow") in each for each in told(ann))


# Full


async def fill(simulation: Simulation) -> None:
    """Take what room there is, with rows as large as those that a press makes."""
    store, campaign, now = simulation.bot.store, simulation.campaign.id, simulation.clock.now()
    with simulation.bot.store.database.transaction() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    configure(simulation, f"max_page_count = {pages}")
    with pytest.raises(SQLAlchemyError, match="full"):
        await _endlessly(
            lambda n: store.write(store.actions.record, Action(campaign, f"F{n:04}", ActionKind.TIP, "tip", "SE", now))
        )
    with pytest.raises(SQLAlchemyError, match="full"):
        await _endlessly(
            lambda n: store.write(
                store.ideas.submit,
                Idea(f"{n:032}", campaign, f"F{n:04}", "SE", "sv", LONG, named=False, at=now, changed_at=now),
            )
        )


async def _endlessly(keep: Callable[[int], Awaitable[object]]) -> None:
    for number in range(10_000):
        await keep(number)


async def empty(simulation: Simulation) -> None:
    """Let the file grow again."""
    configure(simulation, "max_page_count = 1000000")


@on_sqlite
async def test_full_disk_is_told_without_partial_writes(away: Away) -> None:
    week, ann, bo, cy = await visited(away)
    before = [await each.stored() for each in (ann, bo, cy)]
    await fill(week)
    tip = said(week, SWEDEN.channel, "tip")
    shown = await cy.types("tip")
    for answer in (
        await ann.presses(tip, "did_this"),
        await cy.presses(shown.shown, "did_this"),
        await bo.fills(text=LONG),
    ):
        assert FAILED in answer.text
    assert [await each.stored() for each in (ann, bo, cy)] == before
    await empty(week)
    assert (await ann.presses(tip, "did_this")).text == SV("tip.noted")
    assert (await cy.presses(shown.shown, "did_this")).text == SV("tip.noted")
    await bo.types("idea")
    assert (await bo.fills(text=LONG)).text == SV("idea.sent")


@on_sqlite
async def test_post_due_while_disk_is_full_comes_once(away: Away) -> None:
    week = await away.start()
    await week.run_until(DUE - timedelta(minutes=1))
    await fill(week)
    for minutes in range(5):
        week.clock.turn_to(DUE + timedelta(minutes=minutes))
        await ring(week)
    await empty(week)
    await week.run_until(DUE + timedelta(minutes=10))
    await once_everywhere(week)


# Busy


def hold(simulation: Simulation, held: AsyncExitStack) -> None:
    """Take every thread that the bot has for presses and for sending: whoever comes later waits behind these."""
    released = threading.Event()
    store = simulation.bot.store
    for ask in (store.read, store.write) * postgresql.THREADS:
        held.push_async_callback(asyncio.wait, {asyncio.create_task(ask(lambda _: released.wait(ANSWERED_WITHIN)))})
    held.callback(released.set)


async def test_exhausted_connections_delay_answer_with_notice(away: Away, monkeypatch: pytest.MonkeyPatch) -> None:
    week, ann, bo, cy = await visited(away)
    await cy.types("pledge")
    hurry(monkeypatch)
    async with AsyncExitStack() as held:
        hold(week, held)
        await ann.hand.press(said(week, SWEDEN.channel, "tip"), "did_this")
        assert (await bo.submits(text="A rack for bicycles")).outcome == "updated"
        await cy.hand.press_view("pledge_choose:bike")
        await until_told(ann, SV("trouble.slow"))
        for each in (bo, cy):
            await until_told(each, SV("form.waiting"))
    await until_told(ann, SV("tip.noted"))
    await until_told(bo, SV("idea.sent"))
    await cy.hand.until(lambda: cy.answer(modal=True).form not in {"loading", "pledges"}, ANSWERED_WITHIN)
    await cy.fills()
    assert [each.pledge for each in await cy.pledged()] == ["bike"]


@on_sqlite
async def test_answer_arriving_while_modal_opens_is_shown(away: Away, monkeypatch: pytest.MonkeyPatch) -> None:
    week, ann, _, _ = await visited(away)
    await ann.looks_home()
    hurry(monkeypatch)
    held = AsyncExitStack()
    hold(week, held)

    async def meanwhile(now: Moment) -> None:
        if now == "before":
            await held.aclose()
            await asyncio.wait_for(asyncio.shield(kept), ANSWERED_WITHIN)

    kept = asyncio.ensure_future(_recorded(week))
    week.slack.faults.call(meanwhile, method="views.open")
    await ann.hand.press_home("did_this")
    await until_told(ann, SV("tip.noted"))
    await week.settle()
    calm(monkeypatch)
    assert told(ann)[-1] == SV("tip.noted")
    assert week.slack.errors == {}


async def _recorded(simulation: Simulation) -> None:
    """Wait until the bot has written down what somebody did, and has had time to answer."""
    await announced(simulation, "checkin").wait()
    for _ in range(20):
        await asyncio.sleep(0.01)


@on_sqlite
async def test_connections_exhausted_too_long_is_told_and_retriable(
    away: Away, monkeypatch: pytest.MonkeyPatch
) -> None:
    week, ann, _, _ = await visited(away)
    hurry(monkeypatch)
    monkeypatch.setattr(database, "_WAITS", PATIENCE)
    tip = said(week, SWEDEN.channel, "tip")
    async with AsyncExitStack() as held:
        hold(week, held)
        await ann.hand.press(tip, "did_this")
        await until_told(ann, FAILED)
    await week.settle()
    calm(monkeypatch)
    assert (await ann.presses(tip, "did_this")).text == SV("tip.noted")


@on_sqlite
async def test_unknown_person_is_told_in_language_of_place(away: Away, monkeypatch: pytest.MonkeyPatch) -> None:
    week, ann, _, cy = await visited(away)
    await ann.types("language de")
    await week.restart()
    await week.open_door()
    hurry(monkeypatch)
    async with AsyncExitStack() as held:
        hold(week, held)
        await ann.hand.command("my", SWEDEN.channel)
        await cy.hand.command("help")
        await until_told(ann, SV("form.waiting"))
        await until_told(cy, EN("trouble.slow"))
    await week.settle()
    calm(monkeypatch)

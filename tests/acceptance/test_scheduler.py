"""Clocks that are set, machines that sleep: every post comes once, or its row says why it does not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from pathlib import Path

import pytest
from apscheduler.schedulers import base
from apscheduler.triggers import interval

from bot.app import LEASE
from bot.delivery import scheduler
from bot.settings import Transport
from bot.store.outbox import State
from rehearsal.slack.faults import Callback
from rehearsal.slack.faults import Phase as Moment
from rehearsal.slack.rate_limits import RateLimits
from tests.campaigns import SWEDEN, WALK, Post, Week, said
from tests.patience import PATIENCE
from tests.simulation import RunningClock, Simulation, person, simulate

from .conftest import RunBot, over_http
from .process import HERE, soon

pytestmark = over_http
"""Nobody comes to the bot here: one way is enough."""

MONDAY = date(2027, 3, 15)
DUE = datetime(2027, 3, 15, 8, tzinfo=UTC)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
LATE = "its late limit passed"


def at(hour: int, minute: int = 0, *, until: time | None = None) -> Post:
    return Post(f"at-{hour:02}-{minute:02}", MONDAY, time(hour, minute), until=until)


async def counted(simulation: Simulation) -> dict[str, int]:
    """How often each post stands in the channel."""
    texts = simulation.texts(SWEDEN.channel)
    return {post.name: texts.count(said(post.name, "sv")) for post in simulation.week.posts}


async def test_forward_clock_sends_once_within_limit_skips_rest(run_bot: RunBot) -> None:
    posts = (at(9), at(9, 10, until=time(9, 40)), at(9, 20), at(9, 50))
    week = await run_bot(Week(posts))
    await week.run_until(DUE - timedelta(minutes=5))
    week.clock.wrong_by = HOUR
    await week.run_until(DUE + 2 * HOUR)
    assert await counted(week) == {"at-09-00": 1, "at-09-10": 0, "at-09-20": 1, "at-09-50": 1}
    skipped = await week.row("at-09-10")
    assert (skipped.state, skipped.reason) == (State.SKIPPED, LATE)
    assert week.heard(SWEDEN.channel)[0].at < DUE - timedelta(minutes=4), "at once"


async def test_machine_sleep_sends_missed_timely_posts_once(run_bot: RunBot) -> None:
    posts = (at(9), at(10, until=time(11)), at(11), at(15))
    week = await run_bot(Week(posts))
    await week.run_until(DUE - HOUR)
    week.clock.turn_to(DUE + 4 * HOUR)
    await week.run_until(DUE + 8 * HOUR)
    assert await counted(week) == {"at-09-00": 1, "at-10-00": 0, "at-11-00": 1, "at-15-00": 1}
    assert (await week.row("at-10-00")).reason == LATE
    assert week.heard(SWEDEN.channel)[-1].at == DUE + 6 * HOUR, "and the next one in time"


async def test_clock_set_back_after_posts_sends_nothing_twice(run_bot: RunBot) -> None:
    posts = (at(9), at(9, 10), at(10))
    week = await run_bot(Week(posts))
    await week.run_until(DUE + timedelta(minutes=30))
    week.clock.wrong_by = -HOUR
    await week.run_until(DUE + timedelta(minutes=59))
    assert await counted(week) == {"at-09-00": 1, "at-09-10": 1, "at-10-00": 0}
    await week.run_until(DUE + 2 * HOUR)
    assert await counted(week) == {"at-09-00": 1, "at-09-10": 1, "at-10-00": 1}
    assert await week.states() == {State.SENT: 3}


async def test_clock_set_back_over_due_time_sends_once(run_bot: RunBot) -> None:
    week = await run_bot(Week((at(9),)))
    await week.run_until(DUE - SECOND)
    week.clock.wrong_by = -HOUR
    await week.run_until(DUE - SECOND)
    assert await counted(week) == {"at-09-00": 0}
    await week.run_until(DUE + HOUR)
    assert [heard.at for heard in week.heard(SWEDEN.channel)] == [DUE + HOUR]
    assert await week.states() == {State.SENT: 1}


async def test_clock_set_back_amid_posts_delays_no_others(run_bot: RunBot) -> None:
    """What was posted a moment ago is in the future by then, and the pace is full of it."""
    people = [person(f"U{number:03}", direct_messages=True) for number in range(30)]
    week = await run_bot(
        Week((Post("how", MONDAY, time(9), kind="check_in", audience="joined"),), promises=[WALK]), people
    )
    await week.run_until(DUE - HOUR)
    week.clock.turn_to(DUE + 2 * HOUR)
    await week.run_until(DUE + 2 * HOUR + 3 * SECOND)
    assert 0 < len(week.slack.workspace.messages()) < 30
    week.clock.wrong_by = -HOUR
    await week.run_until(DUE + HOUR + 30 * SECOND)
    assert [len(week.texts(each.user)) for each in people] == [1] * 30


def setting(simulation: Simulation, by: timedelta, when: Moment) -> Callback:
    """Set the clock while a message is on its way: before Slack has it, or after."""

    async def callback(moment: Moment) -> None:
        if moment == when:
            simulation.clock.wrong_by += by

    return callback


@pytest.mark.parametrize(
    ("by", "when"),
    [(-2 * SECOND, "before"), (-2 * LEASE, "before"), (-HOUR, "before"), (-HOUR, "after")],
    ids=["two seconds", "two leases", "an hour", "an hour, once Slack has it"],
)
async def test_clock_set_between_claim_and_post_changes_nothing(run_bot: RunBot, by: timedelta, when: Moment) -> None:
    week = await run_bot(Week((at(9), at(9, 30))))
    week.slack.faults.call(setting(week, by, when))
    await week.run_until(DUE + 2 * HOUR)
    assert await counted(week) == {"at-09-00": 1, "at-09-30": 1}
    assert await week.states() == {State.SENT: 2}


@pytest.mark.parametrize("accepted", [True, False])
@pytest.mark.parametrize("by", [-HOUR, HOUR], ids=["back", "forward"])
async def test_clock_change_during_unclear_delivery_posts_exactly_once(
    run_bot: RunBot, by: timedelta, *, accepted: bool
) -> None:
    week = await run_bot(Week((at(9),)))
    week.slack.faults.reset(accepted=accepted)
    await week.run_until(DUE + SECOND)
    week.clock.wrong_by = by
    await week.run_until(DUE + 2 * HOUR)
    assert await counted(week) == {"at-09-00": 1}
    assert await week.states() == {State.SENT: 1}


async def test_post_sent_by_fast_clock_is_found_again(run_bot: RunBot) -> None:
    week = await run_bot(Week((at(9),)))
    week.clock.wrong_by = HOUR
    week.slack.faults.reset(accepted=True)
    await week.run_until(DUE + HOUR)
    assert await counted(week) == {"at-09-00": 1}
    assert week.heard(SWEDEN.channel)[0].at < DUE - timedelta(minutes=59)


async def test_clock_set_forward_over_lease_keeps_pending_answer(run_bot: RunBot) -> None:
    """Slack takes its time with the message; meanwhile its history does not have it."""
    week = await run_bot(Week((at(9),)))
    await week.run_until(DUE - SECOND)

    async def hurry(moment: Moment) -> None:
        if moment == "before":
            week.clock.wrong_by = HOUR
            for _ in range(3):
                await week.bot.delivery.dispatcher.step()
                week.clock.turn_to(week.clock.now() + SECOND)

    week.slack.faults.call(hurry)
    await week.run_until(DUE + 2 * HOUR)
    assert await counted(week) == {"at-09-00": 1}
    assert await week.states() == {State.SENT: 1}


@pytest.fixture
async def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, transport: Transport) -> AsyncIterator[Simulation]:
    """A bot with the real scheduler, which ticks often; both read a clock that can be set."""
    clock, week = RunningClock(), soon(1)

    class Reading(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return clock.now().astimezone(tz)

    for module in (base, interval):
        monkeypatch.setattr(module, "datetime", Reading)
    monkeypatch.setattr(scheduler, "TICK", timedelta(seconds=0.2))
    monkeypatch.setattr(scheduler, "PLAN_EVERY", timedelta(seconds=0.3))
    async with simulate(tmp_path, week, clock, RateLimits.none(), transport) as simulation:
        await simulation.start()
        simulation.bot.scheduler.start()
        yield simulation
        await simulation.bot.scheduler.stop()


@pytest.mark.parametrize("by", [-HOUR, HOUR], ids=["back", "forward"])
async def test_clock_set_by_an_hour_stops_no_job(running: Simulation, by: timedelta) -> None:
    first = running.week.posts
    await running.slack.until(lambda: len(running.messages(HERE.channel)) == 1, PATIENCE)
    running.clock.wrong_by = by
    [post] = soon(1, back=-by).posts
    running.say(running.week.saying(*first, replace(post, name="after")))
    await running.slack.until(lambda: len(running.messages(HERE.channel)) == 2, PATIENCE)
    assert running.texts(HERE.channel) == [said(first[0].name, "sv"), said("after", "sv")]
    ticked = running.bot.scheduler.ticked_at
    assert ticked is not None
    assert abs(running.clock.now() - ticked) < timedelta(seconds=PATIENCE)

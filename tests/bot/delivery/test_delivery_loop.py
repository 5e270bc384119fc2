"""One method advances the delivery, whoever turns the clock."""

from __future__ import annotations

import asyncio
from datetime import time, timedelta
from pathlib import Path

import pytest

from bot.database.urls import open_database
from bot.delivery.delivery_loop import PLAN_EVERY
from bot.settings import Transport
from bot.store.outbox import State
from rehearsal.simulation import finish
from rehearsal.slack.faults import Phase
from tests.acceptance.conftest import RunBot, run_bot, the_same_blur
from tests.acceptance.participants import MONDAY
from tests.campaigns import Post, Week, said
from tests.patience import PATIENCE
from tests.simulation import MIDNIGHT, MachineClock, simulate

__all__ = ["run_bot", "the_same_blur"]

TIP = Post("tip", MONDAY, time(9))
DUE = MIDNIGHT + timedelta(hours=8)


@pytest.fixture
def transport() -> Transport:
    return Transport.HTTP


async def test_what_a_plan_withdraws_is_not_sent_meanwhile(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,)))
    week.say(week.week.saying(Post("note", MONDAY, time(9))))
    week.clock.turn_to(DUE)
    await finish(week.bot)
    assert week.texts("week-se") == [said("note", "sv")]


async def test_planning_is_due_every_minute_and_on_request(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,)))
    delivery, now = week.bot.delivery, week.clock.now()
    assert await delivery.advance(now + PLAN_EVERY / 2) == DUE
    assert await delivery.advance(now + PLAN_EVERY) is None, "the end of the plan wakes it"
    await delivery.idle()
    assert delivery.wake.is_set()
    assert await delivery.advance(now + PLAN_EVERY) == DUE
    delivery.request_plan()
    assert delivery.wake.is_set()
    assert await delivery.advance(now + PLAN_EVERY) is None
    await delivery.idle()


async def test_a_clock_set_back_delays_no_plan(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,)))
    earlier = week.clock.now() - timedelta(hours=1)
    assert await week.bot.delivery.advance(earlier) is None
    assert week.bot.delivery.tasks, "it plans"
    await week.bot.delivery.idle()


async def test_failed_planning_is_retried_within_a_minute(run_bot: RunBot, monkeypatch: pytest.MonkeyPatch) -> None:
    week = await run_bot(Week((TIP,)))
    with monkeypatch.context() as broken:
        broken.delattr(week.bot.delivery.planner, "_store")
        week.bot.delivery.request_plan()
        assert await finish(week.bot) == DUE
    week.say(week.week.saying(Post("note", MONDAY, time(7))))
    week.clock.turn_to(week.clock.now() + PLAN_EVERY)
    assert await finish(week.bot) == DUE - timedelta(hours=2)


async def test_figures_are_taken_at_their_instant(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,)))
    await week.run_until(DUE)
    wake_at = await finish(week.bot)
    assert wake_at is not None
    week.clock.turn_to(wake_at)
    await finish(week.bot)
    newest = await week.bot.publisher.newest(week.campaign)
    assert newest is not None
    assert newest.taken_at == wake_at


async def test_bot_killed_while_sending_leaves_its_claim(tmp_path: Path) -> None:
    async with simulate(tmp_path, Week((TIP,)), MachineClock(DUE)) as week:
        await week.start()
        reached, never = asyncio.Event(), asyncio.Event()

        async def hold(at: Phase) -> None:
            if at == "before":
                reached.set()
                await never.wait()

        week.slack.faults.call(hold)
        working = asyncio.create_task(finish(week.bot))
        await asyncio.wait_for(reached.wait(), PATIENCE)
        assert week.bot.delivery.tasks
        await week.bot.kill(working)
        assert working.cancelled()
        assert not week.bot.delivery.tasks
        with open_database(f"sqlite:///{week.database}").transaction() as connection:
            [entry] = week.bot.store.outbox.entries(connection, week.campaign.id)
        assert entry.state is State.SENDING
        never.set()

"""A bot that does not remember what it has sent: its database was lost, or restored from an older copy."""

from __future__ import annotations

import shutil
from datetime import time, timedelta

import pytest

from bot.delivery.sender import EVENT
from bot.store.outbox import State
from tests.campaigns import GERMANY, NORWAY, SWEDEN, WALK, Post, Week
from tests.simulation import Simulation, channel_id, person

from .conftest import RunBot, over_http
from .participants import MONDAY, moment

pytestmark = over_http
"""Nobody comes."""

DUE = moment(MONDAY, 9)
MINUTE = timedelta(minutes=1)
PLACES = (SWEDEN, GERMANY, NORWAY)
WEEK = Week((Post("note", MONDAY, time(9)),), PLACES)
DIRECT = Week((Post("how", MONDAY, time(9), kind="check_in", audience="joined"),), promises=[WALK])


async def with_no_memory(run_bot: RunBot) -> Simulation:
    """A bot that has posted everything and lost its database, before it starts again."""
    week = await run_bot(WEEK)
    await week.run_until(DUE + MINUTE)
    await week.stop()
    forget(week)
    return week


def forget(simulation: Simulation) -> None:
    """Lose the database."""
    for file in simulation.database.parent.glob(f"{simulation.database.name}*"):
        file.unlink()


def asked(simulation: Simulation) -> int:
    """How often Slack was asked what stands in a channel."""
    return sum(call.method == "conversations.history" for call in simulation.slack.calls)


async def each_once(simulation: Simulation) -> None:
    for place in PLACES:
        [message] = simulation.messages(place.channel)
        row = await simulation.row("note", place.code)
        assert (row.state, row.channel, row.ts) == (State.SENT, message.channel, message.ts)


async def test_bot_without_its_old_database_reposts_nothing(run_bot: RunBot) -> None:
    week = await with_no_memory(run_bot)
    await week.start()
    await week.run_until(DUE + 10 * MINUTE)
    await each_once(week)
    assert asked(week) == len(PLACES)


async def test_restored_backup_posts_nothing_again(run_bot: RunBot) -> None:
    week = await run_bot(WEEK)
    await week.run_until(DUE - MINUTE)
    await week.stop()
    shutil.copy(week.database, week.database.with_suffix(".copy"))
    await week.start()
    await week.run_until(DUE + MINUTE)
    await week.stop()
    forget(week)
    shutil.copy(week.database.with_suffix(".copy"), week.database)
    await week.start()
    await week.run_until(DUE + 10 * MINUTE)
    await each_once(week)


@pytest.mark.parametrize("can_look", [True, False])
async def test_post_due_during_absence_comes_without_history_too(run_bot: RunBot, *, can_look: bool) -> None:
    week = await run_bot(WEEK)
    await week.run_until(DUE - MINUTE)
    await week.stop()
    if not can_look:
        week.slack.scopes.discard("channels:history")
    week.clock.turn_to(DUE + 10 * MINUTE)
    await week.start()
    await week.run_until(DUE + 11 * MINUTE)
    await each_once(week)


async def test_post_of_another_app_is_no_proof(run_bot: RunBot) -> None:
    week = await run_bot(WEEK)
    await week.run_until(DUE - MINUTE)
    forged = {row.slot.recipient: {"event_type": EVENT, "event_payload": {"id": row.id}} for row in await week.rows()}
    await week.stop()
    for place in PLACES:
        town, metadata = week.slack.workspace, forged[place.code]
        town.post(channel_id(place.channel), "U0ANOTHERBOT", "Anything", DUE, metadata=metadata)
    week.clock.turn_to(DUE + MINUTE)
    await week.start()
    await week.run_until(DUE + 2 * MINUTE)
    assert {len(week.texts(place.channel)) for place in PLACES} == {2}


async def test_doubtful_post_waits_while_slack_cannot_be_asked(run_bot: RunBot) -> None:
    week = await with_no_memory(run_bot)
    week.slack.faults.throttle(30, method="conversations.history", times=2)
    week.slack.faults.status(503, method="conversations.history", times=2)
    await week.start()
    await week.run_until(DUE + 10 * MINUTE)
    await each_once(week)


async def test_post_due_while_running_needs_no_history_check(run_bot: RunBot) -> None:
    week = await run_bot(WEEK)
    await week.run_until(DUE + MINUTE)
    await each_once(week)
    assert asked(week) == 0


async def test_direct_messages_are_sent_without_a_question(run_bot: RunBot) -> None:
    people = [person(f"U0P{number}", direct_messages=True) for number in range(5)]
    week = await run_bot(DIRECT, people)
    await week.run_until(DUE - MINUTE)
    await week.stop()
    week.clock.turn_to(DUE + MINUTE)
    await week.start()
    await week.run_until(DUE + 2 * MINUTE)
    assert [len(week.texts(each.user)) for each in people] == [1] * 5
    assert asked(week) == 0

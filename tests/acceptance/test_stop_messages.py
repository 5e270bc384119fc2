"""Who wants no more messages gets none, also none that was claimed or tried; what slept for days is no backlog."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime, time, timedelta

import pytest

from bot.delivery.unscheduled_messages import NOTIFICATIONS
from bot.store.outbox import Entry, State
from rehearsal.slack.faults import Faults
from tests.campaigns import Post
from tests.simulation import Simulation

from .conftest import RunBot, over_http
from .participants import (
    EARTH_HOUR,
    MONDAY,
    REPRESENTATIVE,
    SV,
    VISITED,
    Participant,
    letters,
    member,
    moment,
    participant,
)

pytestmark = over_http

TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (date(2027, 3, day) for day in (16, 17, 18, 19))
LATE = "its late limit passed"


def hint(day: date) -> Post:
    return Post(f"hint-{day.day}", day, time(10), kind="tip", audience="joined")


HINTS = tuple(hint(day) for day in (TUESDAY, WEDNESDAY, THURSDAY, FRIDAY))
WEEK = VISITED.saying(*VISITED.posts, *HINTS)

Preparing = Callable[[Simulation, Participant], Awaitable[datetime]]
"""Makes a reason to write to somebody; when the message is due."""


async def a_tip(_simulation: Simulation, _ann: Participant) -> datetime:
    return moment(TUESDAY, 10)


async def the_reminder_of_earth_hour(simulation: Simulation, ann: Participant) -> datetime:
    await simulation.run_until(moment(FRIDAY, 12))
    await ann.presses(simulation.messages("week-se")[-1], "earth_hour_remind")
    return moment(EARTH_HOUR, 20, 15)


async def a_reminder_of_a_pledge(_simulation: Simulation, ann: Participant) -> datetime:
    await ann.pledges("bike", days=["2027-03-17"], at="09:00")
    return moment(WEDNESDAY, 9)


async def news_of_an_idea(simulation: Simulation, ann: Participant) -> datetime:
    await ann.types("idea")
    await ann.fills(text="A shed for bikes")
    await simulation.run_until(moment(TUESDAY, 12))
    rep = await participant(simulation, REPRESENTATIVE)
    await rep.presses(simulation.messages(REPRESENTATIVE)[-1], "idea_approve")
    return simulation.clock.now()


Stopping = Callable[[Participant], Awaitable[object]]


async def stops(ann: Participant) -> None:
    assert (await ann.types("messages off")).text == SV("messages.stopped")


async def pauses(ann: Participant) -> None:
    await ann.types("pause 2027-03-25")


async def is_forgotten(ann: Participant) -> None:
    await ann.types("forget")
    await ann.fills()
    assert await ann.stored() == {}


async def ring(simulation: Simulation, until: datetime) -> None:
    """Send until then. Nothing is planned: only the last look can hold a message back."""
    dispatcher = simulation.bot.delivery.dispatcher
    while (wake_at := await dispatcher.wake_at()) and wake_at <= until:
        simulation.clock.turn_to(wake_at)
        await dispatcher.step()
        await simulation.bot.delivery.idle()


def _held(faults: Faults) -> None:
    faults.throttle(7)


def _lost(faults: Faults) -> None:
    faults.reset()


def _delayed(faults: Faults) -> None:
    faults.answer("team_is_on_a_picnic")


BEGINS: dict[Preparing, datetime] = {
    a_tip: moment(TUESDAY, 9, 30),
    the_reminder_of_earth_hour: moment(FRIDAY, 10, 59),
    a_reminder_of_a_pledge: moment(TUESDAY, 17, 30),
    news_of_an_idea: moment(TUESDAY, 11, 50),
}
ENDS: dict[Stopping, Callable[[Faults], None]] = {stops: _lost, pauses: _held, is_forgotten: _delayed}
"""What keeps Slack from taking the message at first, so that somebody can still do this."""


def named(function: object) -> str:
    return getattr(function, "__name__", "").replace("_", " ")


async def claimed(simulation: Simulation, ann: Participant, due: datetime) -> Entry:
    """Go to the moment, at which the message is claimed and Slack does not take it."""
    await simulation.bot.delivery.plan()
    simulation.clock.turn_to(due)
    await simulation.bot.delivery.dispatcher.step()
    await simulation.bot.delivery.idle()
    [row] = [row for row in await simulation.rows() if row.slot.recipient == ann.user and row.slot.due_at == due]
    assert (row.state is not State.SENT, row.reason is not None) == (True, True), "it was tried"
    return row


@pytest.mark.parametrize("ends", ENDS, ids=named)
@pytest.mark.parametrize("message", BEGINS, ids=named)
async def test_opt_out_after_claim_gets_no_more(run_bot: RunBot, message: Preparing, ends: Stopping) -> None:
    week = await run_bot(WEEK, start=BEGINS[message])
    ann = await member(week, messages=True)
    due = await message(week, ann)
    ENDS[ends](week.slack.faults)
    row = await claimed(week, ann, due)
    await ends(ann)
    await ring(week, due + timedelta(minutes=10))
    assert row.id not in sent_ids(week, ann)
    left = {each.id: each for each in await week.rows()}.get(row.id)
    assert left is None or left.state is State.CANCELLED
    assert (left is None) == (ends is is_forgotten)


def sent_ids(simulation: Simulation, ann: Participant) -> list[str]:
    """The rows of the messages that somebody has."""
    return [message.metadata["event_payload"]["id"] for message in simulation.messages(ann.user) if message.metadata]


async def test_opt_out_counts_after_bot_died_with_claim(run_bot: RunBot) -> None:
    """The row has an owner and no channel: it never left, and would be sent without a question."""
    week = await run_bot(WEEK, start=BEGINS[a_tip])
    ann = await member(week, messages=True)
    due = await a_tip(week, ann)
    await week.bot.delivery.plan()
    week.clock.turn_to(due)
    assert len(await week.bot.store.write(week.bot.store.outbox.claim, due, 5)) == 1
    await stops(ann)
    await ring(week, due + timedelta(minutes=10))
    assert week.messages(ann.user) == []


def titles(simulation: Simulation, ann: Participant, rows: list[Entry]) -> list[str]:
    """What somebody got: of each post its name, of each letter what it is; oldest first."""
    by_id = {row.id: row.slot for row in rows}
    lines = [by_id[each] for each in sent_ids(simulation, ann)]
    return [line.kind if line.kind in NOTIFICATIONS else line.post for line in lines]


async def test_what_slept_for_days_sends_people_no_backlog(run_bot: RunBot) -> None:
    week = await run_bot(WEEK, start=moment(MONDAY, 8))
    ann = await member(week, messages=True)
    await ann.pledges("bike", days=["2027-03-16", "2027-03-17", "2027-03-18"], at="10:30")
    await ann.types("idea")
    await ann.fills(text="A shed for bikes")
    await week.run_until(moment(MONDAY, 17))
    rep = await participant(week, REPRESENTATIVE)
    await rep.presses(letters(week, REPRESENTATIVE)[-1], "idea_approve")
    await week.bot.delivery.plan()
    await week.stop()
    week.clock.turn_to(moment(THURSDAY, 12))
    await week.start()
    await week.run_until(moment(THURSDAY, 23))
    rows = await week.rows()
    assert sorted(titles(week, ann, rows)) == ["hint-18", "idea_news", "reminder"]
    late = {
        (row.slot.post, row.slot.local_date) for row in rows if row.reason == LATE and row.slot.recipient == ann.user
    }
    assert late == {("hint-16", TUESDAY), ("hint-17", WEDNESDAY), ("bike", TUESDAY), ("bike", WEDNESDAY)}


async def test_ended_pause_brings_nothing_that_fell_into_it(run_bot: RunBot) -> None:
    week = await run_bot(WEEK, start=moment(MONDAY, 18))
    ann = await member(week, messages=True)
    await ann.types("pause 2027-03-25")
    await week.run_until(moment(THURSDAY, 12))
    await ann.types("messages on")
    await week.run_until(moment(FRIDAY, 12))
    assert titles(week, ann, await week.rows()) == ["hint-19"]

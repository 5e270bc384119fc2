"""Direct messages: only to those who want them, at their own local time, once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot.store.outbox import State
from tests.campaigns import WALK, Post, Week, said
from tests.simulation import MIDNIGHT, person

from .conftest import RunBot, over_http

pytestmark = over_http
"""Nobody comes to the bot here: one way is enough."""

MONDAY, WEDNESDAY, EARTH_HOUR = date(2027, 3, 15), date(2027, 3, 17), date(2027, 3, 20)
REMINDER = Post("reminder", EARTH_HOUR, time(20, 15), kind="earth_hour_reminder", audience="earth_hour_reminder")


def check_in(name: str, day: date) -> Post:
    return Post(name, day, time(9), kind="check_in", audience="joined")


DUE = datetime(2027, 3, 15, 8, tzinfo=UTC)


async def test_only_subscribers_are_messaged_in_their_language(run_bot: RunBot) -> None:
    people = [
        person("U0YES", direct_messages=True),
        person("U0GERMAN", direct_messages=True, language="en"),
        person("U0NO"),
        person("U0HOUR", earth_hour_reminder=True),
    ]
    week = await run_bot(Week((check_in("how", MONDAY), REMINDER), promises=[WALK]), people)
    await week.run_until(datetime(2027, 3, 21, tzinfo=UTC))
    assert week.texts("U0YES") == [said("how", "sv")]
    assert week.texts("U0GERMAN") == [said("how", "en")]
    assert week.texts("U0NO") == []
    assert week.texts("U0HOUR") == [said("reminder", "sv")]


async def test_opt_out_between_plan_and_post_gets_nothing(run_bot: RunBot) -> None:
    stays, stops = person("U0STAYS", direct_messages=True), person("U0STOPS", direct_messages=True)
    week = await run_bot(Week((check_in("how", MONDAY),), promises=[WALK]), [stays, stops])
    await week.run_until(DUE - timedelta(seconds=30))
    await week.keep(replace(stops, direct_messages=False))
    week.clock.turn_to(DUE)
    await week.bot.delivery.dispatcher.step()
    await week.bot.delivery.idle()
    assert (week.texts("U0STAYS"), week.texts("U0STOPS")) == ([said("how", "sv")], [])
    row = await week.row("how", "U0STOPS")
    assert (row.state, row.reason) == (State.CANCELLED, "the person has stopped messages")


async def test_paused_person_gets_nothing_before_pause_ends(run_bot: RunBot) -> None:
    days = [MONDAY + timedelta(days=after) for after in range(4)]
    pausing = person("U0PAUSE", direct_messages=True)
    asked = [check_in(f"day-{day.day}", day) for day in days]
    week = await run_bot(Week(asked, promises=[WALK]), [pausing])
    await week.keep(replace(pausing, paused_until=WEDNESDAY))
    await week.run_until(datetime(2027, 3, 19, tzinfo=UTC))
    assert week.texts("U0PAUSE") == [said("day-17", "sv"), said("day-18", "sv")]
    assert (await week.row("day-16", "U0PAUSE")).reason == "the person has paused messages"


async def test_opt_out_and_back_in_gets_message_once(run_bot: RunBot) -> None:
    fickle = person("U0FICKLE", direct_messages=True)
    week = await run_bot(Week((check_in("how", MONDAY),), promises=[WALK]), [fickle])
    await week.keep(replace(fickle, direct_messages=False))
    await week.run_until(DUE - timedelta(minutes=10))
    assert await week.states() == {State.CANCELLED: 1}
    await week.keep(fickle)
    await week.run_until(DUE + timedelta(hours=1))
    assert week.texts("U0FICKLE") == [said("how", "sv")]


async def test_who_joins_on_wednesday_gets_nothing_of_monday(run_bot: RunBot) -> None:
    week = await run_bot(Week((check_in("first", MONDAY), check_in("second", WEDNESDAY)), promises=[WALK]))
    joined = datetime(2027, 3, 17, 7, 30, tzinfo=UTC)
    await week.run_until(joined)
    await week.keep(person("U0LATE", direct_messages=True, joined_at=joined))
    await week.run_until(datetime(2027, 3, 18, tzinfo=UTC))
    assert week.texts("U0LATE") == [said("second", "sv")]
    assert len(await week.rows()) == 1


async def test_person_joining_after_due_hour_misses_that_message(run_bot: RunBot) -> None:
    week = await run_bot(Week((check_in("first", MONDAY),), promises=[WALK]))
    await week.run_until(DUE + timedelta(hours=1))
    await week.keep(person("U0LATE", direct_messages=True, joined_at=week.clock.now()))
    await week.run_until(DUE + timedelta(hours=5))
    assert week.texts("U0LATE") == []


async def test_moved_person_gets_message_at_new_local_time(run_bot: RunBot) -> None:
    moving = person("U0MOVES", direct_messages=True)
    week = await run_bot(Week((check_in("how", MONDAY),), promises=[WALK]), [moving])
    await week.keep(replace(moving, zone="America/New_York"))
    await week.run_until(datetime(2027, 3, 16, tzinfo=UTC))
    assert [heard.at for heard in week.heard("U0MOVES")] == [datetime(2027, 3, 15, 13, tzinfo=UTC)]


@pytest.mark.parametrize("accepted", [True, False])
async def test_unconfirmed_direct_message_is_looked_for_in_conversation(run_bot: RunBot, *, accepted: bool) -> None:
    week = await run_bot(Week((check_in("how", MONDAY),), promises=[WALK]), [person("U0YES", direct_messages=True)])
    week.slack.faults.reset(accepted=accepted)
    await week.run_until(DUE + timedelta(minutes=1))
    assert week.texts("U0YES") == [said("how", "sv")]
    assert await week.states() == {State.SENT: 1}


def offsets(day: datetime) -> Iterator[tuple[timedelta, str]]:
    """One zone for every distance from UTC that a clock on the wall has on a day."""
    seen: set[timedelta] = set()
    for name in sorted(available_timezones()):
        offset = day.replace(tzinfo=ZoneInfo(name)).utcoffset()
        if offset is not None and offset not in seen and not name.startswith(("posix", "right", "SystemV")):
            seen.add(offset)
            yield offset, name


@pytest.mark.parametrize(
    ("evening", "unusual"),
    [(EARTH_HOUR, (-12, -11, 5.75, 13.75, 14)), (date(2027, 6, 19), (-12, -11, 5.75, 12.75, 14))],
    ids=["in March", "in June, when the Chatham Islands have their winter"],
)
async def test_reminder_reaches_every_offset_once_before_earth_hour(
    run_bot: RunBot, evening: date, unusual: tuple[float, ...]
) -> None:
    zones = dict(offsets(datetime.combine(evening, time(20, 15))))
    assert {timedelta(hours=hours) for hours in unusual} <= set(zones)
    assert len(zones) >= 36
    people = {f"U{index:04d}": zone for index, zone in enumerate(zones.values())}
    week = await run_bot(
        Week((replace(REMINDER, day=evening),), first=evening, last=evening, earth_hour=evening),
        [person(user, zone, earth_hour_reminder=True) for user, zone in people.items()],
        start=datetime.combine(evening, time(0), UTC) - timedelta(days=1),
    )
    walked = week.clock.now()
    for _ in range(64 * 2):
        walked += timedelta(minutes=30)
        await week.run_until(walked)
    for user, zone in people.items():
        [heard] = week.heard(user)
        local = heard.at.astimezone(ZoneInfo(zone))
        assert local.date() == evening
        assert time(20, 15) <= local.time() < time(20, 30)
    assert await week.states() == {State.SENT: len(people)}


async def test_reminder_is_not_sent_after_earth_hour_begins(run_bot: RunBot) -> None:
    week = await run_bot(
        Week((REMINDER,)),
        [person("U0HERE", earth_hour_reminder=True), person("U0WEST", "Europe/London", earth_hour_reminder=True)],
        start=MIDNIGHT,
    )
    await week.stop()
    week.clock.turn_to(datetime(2027, 3, 20, 19, 30, tzinfo=UTC))
    await week.start()
    await week.run_until(datetime(2027, 3, 21, tzinfo=UTC))
    assert (week.texts("U0HERE"), week.texts("U0WEST")) == ([], [said("reminder", "sv")])

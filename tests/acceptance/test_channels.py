"""Channels that are missing, and histories that cannot be read."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.rehearsal.slack.workspace import BOT
from bot.store.outbox import State

from .campaigns import GERMANY, SWEDEN, Place, Post, Week, said
from .conftest import Opening, over_http
from .stage import channel_id

pytestmark = over_http
"""Nobody comes to the bot here: one way is enough."""

MONDAY = date(2027, 3, 15)
TIP = Post("tip", MONDAY, time(9), kind="tip")
DUE = datetime(2027, 3, 15, 8, tzinfo=UTC)
BOTH = (SWEDEN, GERMANY)


async def test_a_missing_channel_is_named_and_does_not_stop_the_other_countries(stage: Opening) -> None:
    week = await stage(Week((TIP,), BOTH), without=["week-de"])
    await week.run_until(DUE + timedelta(minutes=10))
    assert week.texts("week-se") == [said("tip", "sv")]
    parts = await week.readiness()
    assert parts["channels"]["detail"].startswith("week-de: no public channel has this name; make it")
    assert not parts["channels"]["essential"]
    assert not parts["outbox"]["ok"], "what waits for the channel is overdue after a while"
    assert "week-de: no public channel" in parts["outbox"]["detail"]


async def test_a_missing_channel_is_posted_to_when_it_appears_in_time(stage: Opening) -> None:
    week = await stage(Week((TIP,), BOTH), without=["week-de"])
    await week.run_until(DUE + timedelta(minutes=30))
    week.add_channel("week-de")
    await week.run_until(DUE + timedelta(minutes=32))
    assert week.texts("week-de") == [said("tip", "de")]
    assert (await week.readiness())["channels"]["ok"]


async def test_a_channel_that_never_appears_leaves_a_skipped_row_that_says_why(stage: Opening) -> None:
    week = await stage(Week((Post("brief", MONDAY, time(9), until=time(10)),), BOTH), without=["week-de"])
    await week.run_until(DUE + timedelta(hours=1))
    row = await week.row("brief", "DE")
    assert row.state is State.SKIPPED
    assert row.reason is not None
    assert row.reason.startswith("its late limit passed; before that: week-de: no public channel has this name")


async def test_an_archived_channel_is_named_and_posted_to_when_it_is_opened_again(stage: Opening) -> None:
    week = await stage(Week((TIP,), BOTH))
    await week.stop()
    week.slack.workspace.archive(channel_id("week-de"))
    await week.start()
    await week.run_until(DUE + timedelta(minutes=10))
    assert "week-de: is_archived: week-de is archived; unarchive it" in (await week.readiness())["channels"]["detail"]
    week.add_channel("week-de")
    await week.run_until(DUE + timedelta(minutes=15))
    assert week.texts("week-de") == [said("tip", "de")]


async def test_a_private_channel_is_reached_by_its_id_once_the_bot_is_invited(stage: Opening) -> None:
    secret = Place("DE", "Europe/Berlin", "de", "C0SECRETROOM")
    week = await stage(Week((TIP,), (SWEDEN, secret)), without=["C0SECRETROOM"])
    week.add_channel("SECRETROOM", private=True)
    await week.run_until(DUE + timedelta(minutes=10))
    assert "C0SECRETROOM: channel_not_found" in (await week.readiness())["channels"]["detail"]
    week.slack.workspace.join("C0SECRETROOM", BOT.id)
    await week.run_until(DUE + timedelta(minutes=15))
    assert week.texts("SECRETROOM") == [said("tip", "de")]


async def test_the_bot_joins_the_public_channels_of_the_campaign(stage: Opening) -> None:
    week = await stage(Week((TIP,), BOTH))
    for name in ("week-all", "week-se", "week-de"):
        assert week.slack.workspace.is_member(channel_id(name), BOT.id)


async def test_a_directory_that_cannot_be_read_keeps_the_channels_that_are_known(stage: Opening) -> None:
    week = await stage(Week((TIP,), BOTH))
    week.slack.faults.status(500, method="conversations.list", times=100)
    week.say(week.week.saying(TIP, Post("note", MONDAY, time(10))))
    await week.run_until(DUE + timedelta(hours=2))
    assert week.texts("week-de") == [said("tip", "de"), said("note", "de")]


@pytest.mark.parametrize("accepted", [True, False])
async def test_where_the_history_cannot_be_read_nobody_gets_it_twice_and_readiness_names_it(
    stage: Opening, *, accepted: bool
) -> None:
    week = await stage(Week((TIP,), BOTH))
    week.slack.scopes.discard("channels:history")
    week.slack.faults.reset(accepted=accepted, times=2)
    await week.run_until(DUE + timedelta(hours=1))
    assert await week.states() == {State.UNCONFIRMED: 2}
    assert len(week.slack.workspace.messages()) == (2 if accepted else 0)
    part = (await week.readiness())["confirmations"]
    assert not part["ok"]
    assert "missing_scope: the app lacks a permission (channels:history)" in part["detail"]
    week.slack.scopes.add("channels:history")
    await week.run_until(DUE + timedelta(hours=1, minutes=6))
    assert await week.states() == {State.SENT: 2}
    assert (await week.readiness())["confirmations"]["ok"]
    assert [week.texts(place.channel) for place in BOTH] == [[said("tip", "sv")], [said("tip", "de")]]


async def test_what_cannot_be_confirmed_stays_so_over_a_restart(stage: Opening) -> None:
    week = await stage(Week((TIP,)))
    week.slack.scopes.discard("channels:history")
    week.slack.faults.reset(accepted=True)
    await week.run_until(DUE + timedelta(hours=1))
    await week.restart()
    await week.run_until(DUE + timedelta(hours=2))
    assert await week.states() == {State.UNCONFIRMED: 1}
    assert week.texts("week-se") == [said("tip", "sv")]


async def test_a_message_is_found_on_a_later_page_of_a_long_history(stage: Opening) -> None:
    week = await stage(Week((TIP,)))
    week.slack.faults.reset(accepted=True)
    await week.run_until(DUE + timedelta(seconds=1))
    for number in range(450):
        week.slack.workspace.post(channel_id("week-se"), "U0TALKER", f"talk {number}", DUE + timedelta(seconds=2))
    await week.run_until(DUE + timedelta(minutes=1))
    assert await week.states() == {State.SENT: 1}
    assert week.texts("week-se").count(said("tip", "sv")) == 1
    assert len([call for call in week.slack.calls if call.method == "conversations.history"]) == 3


async def test_the_same_words_of_another_message_are_not_taken_for_it(stage: Opening) -> None:
    week = await stage(Week((TIP,)))
    other = {"event_type": "earthweek_post", "event_payload": {"id": "somebody-else"}}
    week.slack.faults.reset()
    week.slack.workspace.post(channel_id("week-se"), BOT.id, said("tip", "sv"), DUE, metadata=other)
    await week.run_until(DUE + timedelta(minutes=1))
    assert week.texts("week-se") == [said("tip", "sv")] * 2

"""Channels that are missing, and histories that cannot be read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.delivery.sender import EVENT
from bot.store.outbox import State
from rehearsal.slack.workspace import BOT, Channel
from tests.campaigns import GERMANY, SWEDEN, Place, Post, Week, said
from tests.simulation import Simulation, channel_id

from .conftest import RunBot, over_http

pytestmark = over_http
"""Nobody comes to the bot here: one way is enough."""

MONDAY = date(2027, 3, 15)
TIP = Post("tip", MONDAY, time(9), kind="tip")
DUE = datetime(2027, 3, 15, 8, tzinfo=UTC)
BOTH = (SWEDEN, GERMANY)


async def test_missing_channel_is_named_other_countries_get_posts(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,), BOTH), without=["week-de"])
    await week.run_until(DUE + timedelta(minutes=10))
    assert week.texts("week-se") == [said("tip", "sv")]
    parts = await week.readiness()
    assert parts["channels"]["detail"].startswith("week-de: no public channel has this name; make it")
    assert not parts["channels"]["essential"]
    assert not parts["outbox"]["ok"], "what waits for the channel is overdue after a while"
    assert "week-de: no public channel" in parts["outbox"]["detail"]


async def test_missing_channel_gets_post_when_created_in_time(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,), BOTH), without=["week-de"])
    await week.run_until(DUE + timedelta(minutes=30))
    week.add_channel("week-de")
    await week.run_until(DUE + timedelta(minutes=32))
    assert week.texts("week-de") == [said("tip", "de")]
    assert (await week.readiness())["channels"]["ok"]


async def test_missing_channel_leaves_skipped_row_with_reason(run_bot: RunBot) -> None:
    week = await run_bot(Week((Post("brief", MONDAY, time(9), until=time(10)),), BOTH), without=["week-de"])
    await week.run_until(DUE + timedelta(hours=1))
    row = await week.row("brief", "DE")
    assert row.state is State.SKIPPED
    assert row.reason is not None
    assert row.reason.startswith("its late limit passed; before that: week-de: no public channel has this name")


async def test_archived_channel_is_named_and_used_once_reopened(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,), BOTH))
    await week.stop()
    week.slack.workspace.archive(channel_id("week-de"))
    await week.start()
    await week.run_until(DUE + timedelta(minutes=10))
    assert "week-de: is_archived: week-de is archived; unarchive it" in (await week.readiness())["channels"]["detail"]
    week.add_channel("week-de")
    await week.run_until(DUE + timedelta(minutes=15))
    assert week.texts("week-de") == [said("tip", "de")]


async def test_private_channel_is_reached_by_id_once_invited(run_bot: RunBot) -> None:
    secret = Place("DE", "Europe/Berlin", "de", "C0SECRETROOM")
    week = await run_bot(Week((TIP,), (SWEDEN, secret)), without=["C0SECRETROOM"])
    week.add_channel("SECRETROOM", private=True)
    await week.run_until(DUE + timedelta(minutes=10))
    assert "C0SECRETROOM: channel_not_found" in (await week.readiness())["channels"]["detail"]
    week.slack.workspace.join("C0SECRETROOM", BOT.id)
    await week.run_until(DUE + timedelta(minutes=15))
    assert week.texts("SECRETROOM") == [said("tip", "de")]


async def test_bot_joins_public_channels_of_campaign(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,), BOTH))
    for name in ("week-all", "week-se", "week-de"):
        assert week.slack.workspace.is_member(channel_id(name), BOT.id)


async def test_unreadable_directory_keeps_known_channels(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,), BOTH))
    week.slack.faults.status(500, method="conversations.list", times=100)
    week.say(week.week.saying(TIP, Post("note", MONDAY, time(10))))
    await week.run_until(DUE + timedelta(hours=2))
    assert week.texts("week-de") == [said("tip", "de"), said("note", "de")]


@pytest.mark.parametrize("accepted", [True, False])
async def test_unreadable_history_posts_nothing_twice_and_is_named(run_bot: RunBot, *, accepted: bool) -> None:
    week = await run_bot(Week((TIP,), BOTH))
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


async def test_unconfirmed_message_stays_unconfirmed_over_restart(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,)))
    week.slack.scopes.discard("channels:history")
    week.slack.faults.reset(accepted=True)
    await week.run_until(DUE + timedelta(hours=1))
    await week.restart()
    await week.run_until(DUE + timedelta(hours=2))
    assert await week.states() == {State.UNCONFIRMED: 1}
    assert week.texts("week-se") == [said("tip", "sv")]


async def test_message_is_found_on_later_history_page(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,)))
    week.slack.faults.reset(accepted=True)
    await week.run_until(DUE + timedelta(seconds=1))
    for number in range(2100):
        week.slack.workspace.post(channel_id("week-se"), "U0TALKER", f"talk {number}", DUE + timedelta(seconds=2))
    await week.run_until(DUE + timedelta(minutes=1))
    assert await week.states() == {State.SENT: 1}
    assert week.texts("week-se").count(said("tip", "sv")) == 1
    assert len([call for call in week.slack.calls if call.method == "conversations.history"]) == 3


async def test_same_text_of_another_message_is_no_match(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,)))
    other = {"event_type": "earthweek_post", "event_payload": {"id": "somebody-else"}}
    week.slack.faults.reset()
    week.slack.workspace.post(channel_id("week-se"), BOT.id, said("tip", "sv"), DUE, metadata=other)
    await week.run_until(DUE + timedelta(minutes=1))
    assert week.texts("week-se") == [said("tip", "sv")] * 2


async def test_what_another_app_posted_is_no_proof(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,)))
    week.slack.faults.reset()
    row = await week.row("tip")
    forged = {"event_type": EVENT, "event_payload": {"id": row.id}}
    week.slack.workspace.post(channel_id("week-se"), "U0ANOTHERBOT", "Anything", DUE, metadata=forged)
    await week.run_until(DUE + timedelta(minutes=1))
    assert week.texts("week-se") == ["Anything", said("tip", "sv")]
    assert await week.states() == {State.SENT: 1}


async def test_unclear_message_waits_until_bot_identity_is_known(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,)))
    week.slack.faults.reset(accepted=True)
    week.slack.faults.status(500, method="auth.test", times=3)
    await week.run_until(DUE + timedelta(seconds=20))
    assert await week.states() == {State.SENDING: 1}
    await week.run_until(DUE + timedelta(minutes=2))
    assert await week.states() == {State.SENT: 1}
    assert week.texts("week-se") == [said("tip", "sv")]


async def test_unconfirmed_message_is_checked_hourly_after_late_limit(run_bot: RunBot) -> None:
    week = await run_bot(Week((Post("brief", MONDAY, time(9), until=time(9, 30)),)))
    week.slack.scopes.discard("channels:history")
    week.slack.faults.reset(accepted=True)
    await week.run_until(DUE + timedelta(minutes=31))
    before = len(week.slack.calls)
    await week.run_until(DUE + timedelta(hours=5, minutes=30))
    assert [call.method for call in week.slack.calls[before:]].count("conversations.history") in (4, 5)


async def test_renamed_channel_gets_posts_and_change_is_named(run_bot: RunBot) -> None:
    note = Post("note", MONDAY, time(12))
    week = await run_bot(Week((TIP, note)))
    await week.run_until(DUE + timedelta(minutes=1))
    week.slack.workspace.rename(channel_id("week-se"), "earth-se")
    await week.run_until(DUE + timedelta(hours=2))
    detail = "week-se: it is called earth-se now and is posted to all the same; correct it in campaign.toml"
    assert (await week.readiness())["channels"]["detail"] == detail
    await week.run_until(DUE + timedelta(hours=4))
    assert week.texts("earth-se") == [said("tip", "sv"), said("note", "sv")]


async def test_channel_renamed_before_its_first_post_is_known(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,)))
    await week.run_until(DUE - timedelta(hours=3))
    week.slack.workspace.rename(channel_id("week-se"), "earth-se")
    await week.run_until(DUE + timedelta(minutes=1))
    assert week.texts("earth-se") == [said("tip", "sv")]


@pytest.mark.parametrize("is_taken", [True, False])
async def test_renamed_channel_is_known_after_restart(run_bot: RunBot, *, is_taken: bool) -> None:
    note = Post("note", MONDAY, time(12))
    week = await run_bot(Week((TIP, note)))
    await week.run_until(DUE + timedelta(minutes=1))
    week.slack.workspace.rename(channel_id("week-se"), "earth-se")
    if is_taken:
        week.slack.workspace.add_channel(Channel("C0ANOTHER", "week-se"))
    await week.restart()
    await week.run_until(DUE + timedelta(hours=4))
    assert week.texts("earth-se") == [said("tip", "sv"), said("note", "sv")]
    assert week.slack.workspace.messages("C0ANOTHER") == []
    assert not (await week.readiness())["channels"]["ok"]


async def test_unused_renamed_channel_gives_way_to_its_namesake(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,)))
    week.slack.workspace.rename(channel_id("week-se"), "week-se-last-year")
    week.slack.workspace.add_channel(Channel("C0ANOTHER", "week-se"))
    await week.restart()
    await week.run_until(DUE + timedelta(minutes=1))
    assert [message.text for message in week.slack.workspace.messages("C0ANOTHER")] == [said("tip", "sv")]


async def test_archived_channel_is_replaced_by_its_namesake(run_bot: RunBot) -> None:
    note = Post("note", MONDAY, time(12))
    week = await run_bot(Week((TIP, note)))
    await week.run_until(DUE + timedelta(minutes=1))
    old, town = channel_id("week-se"), week.slack.workspace
    town.rename(old, "week-se-old")
    town.archive(old)
    await week.run_until(DUE + timedelta(hours=2))
    assert not (await week.readiness())["channels"]["ok"]
    town.add_channel(Channel("C0ANOTHER", "week-se"))
    await week.run_until(DUE + timedelta(hours=4))
    assert [message.text for message in town.messages("C0ANOTHER")] == [said("note", "sv")]


async def test_channel_is_posted_to_although_lookup_fails(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP, Post("note", MONDAY, time(12)))))
    week.slack.faults.status(500, method="conversations.info", times=100)
    await week.run_until(DUE + timedelta(hours=4))
    assert week.texts("week-se") == [said("tip", "sv"), said("note", "sv")]


async def test_missing_join_permission_is_named(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,)), without=["week-se"])
    week.slack.scopes.discard("channels:join")
    week.add_channel("week-se")
    await week.run_until(DUE)
    detail = (await week.readiness())["channels"]["detail"]
    assert detail.startswith("week-se: missing_scope: the app lacks a permission (channels:join); install it again")


async def test_missing_channel_is_logged_once(run_bot: RunBot, capsys: pytest.CaptureFixture[str]) -> None:
    week = await run_bot(Week((TIP,), BOTH), without=["week-de"])
    for minute in range(30):
        await week.run_until(DUE + timedelta(minutes=minute))
    assert capsys.readouterr().out.count("channels.missing") == 1


# Many channels

MANY = 24_000


def crowd(week: Simulation, name: str = "week-se") -> None:
    """Make a workspace of many channels, of which this is the last one."""
    town = week.slack.workspace
    last = town.channels.pop(channel_id(name))
    for number in range(MANY):
        town.channels[f"C1{number:08}"] = Channel(f"C1{number:08}", f"team-{number}")
    town.add_channel(last)
    # Counting who is in each, as Slack does, takes the longest here.
    town._members |= {channel: {} for channel in town.channels if channel.startswith("C1")}


def listed(week: Simulation) -> int:
    """How many pages of the whole list Slack has shown."""
    return sum(call.method == "conversations.list" and call.ok for call in week.slack.calls)


async def test_channel_late_in_long_list_is_found(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,)), without=["week-all", "week-se"])
    week.add_channel("week-se")
    crowd(week)
    await week.run_until(DUE - timedelta(minutes=1))
    before = listed(week)
    week.say(replace(week.week, places=(replace(SWEDEN, channel="week-se"),)))
    await week.restart()
    await week.run_until(DUE + timedelta(seconds=150))
    assert week.texts("week-se") == [said("tip", "sv")]
    assert listed(week) - before <= 60


async def test_joined_bot_never_lists_all_channels(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,)))
    crowd(week)
    before = listed(week)
    await week.restart()
    await week.run_until(DUE + timedelta(minutes=1))
    assert week.texts("week-se") == [said("tip", "sv")]
    assert listed(week) == before


async def test_missing_channel_causes_few_calls_on_long_list(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,), BOTH), without=["week-de"])
    crowd(week)
    await week.run_until(DUE)
    before = listed(week)
    await week.run_until(DUE + timedelta(minutes=40))
    assert listed(week) - before <= 50, "about one page a minute"
    detail = (await week.readiness())["channels"]["detail"]
    assert detail.startswith("week-de: no public channel has this name")

"""What whoever watches over the bot is told, also where nothing is overdue."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction

import pytest

from bot.delivery import scheduler, token_check
from bot.settings import Transport
from bot.slack.errors import PERMANENT, TOKEN_ERRORS
from bot.store.outbox import State
from tests.campaigns import GERMANY, SWEDEN, WALK, Post, Week
from tests.simulation import Simulation, person

from .conftest import RunBot, over_http

MONDAY = date(2027, 3, 15)
DUE = datetime(2027, 3, 15, 8, tzinfo=UTC)
TIP = Post("tip", MONDAY, time(9), kind="tip")
QUIET = Week((Post("late", date(2027, 3, 17), time(9), kind="tip"),))
"""Nothing is due for two days."""


async def connect(week: Simulation) -> None:
    """Let events come in; over HTTP whoever asks how the bot is comes through the same door."""
    if week.transport is Transport.SOCKET:
        await week.open_door()


async def rest(week: Simulation, minutes: float) -> None:
    """Let time pass in which nothing is due, as the scheduler would."""
    week.clock.turn_to(week.clock.now() + timedelta(minutes=minutes))
    await week.bot.delivery.token_check.check_if_due()


# The token


@pytest.mark.parametrize("word", sorted(TOKEN_ERRORS))
async def test_refused_token_is_known_while_nothing_is_due(run_bot: RunBot, word: str) -> None:
    week = await run_bot(QUIET)
    await connect(week)
    await rest(week, 0)
    assert week.bot.delivery.token_check.problem == ""
    week.slack.faults.answer(word, method="auth.test", times=10)
    await rest(week, 2)
    part = (await week.readiness())["slack"]
    assert not part["ok"]
    assert f"{word}: {PERMANENT[word]}" in part["detail"]
    week.slack.faults.clear()
    await rest(week, 0.5)
    assert (await week.readiness())["slack"]["ok"]


@pytest.mark.both_ways
async def test_unreachable_slack_differs_from_refused_token(run_bot: RunBot) -> None:
    week = await run_bot(QUIET)
    await connect(week)
    week.slack.faults.reset(method="auth.test")
    await rest(week, 2)
    part = (await week.readiness())["slack"]
    assert not part["ok"]
    assert "Slack cannot be asked" in part["detail"]
    assert "SLACK_BOT_TOKEN" not in part["detail"]
    await rest(week, 0.5)
    assert (await week.readiness())["slack"]["ok"]


@over_http
async def test_the_scheduler_checks_the_token(run_bot: RunBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "_CHECK_TOKEN_EVERY", timedelta(seconds=0.05))
    monkeypatch.setattr(token_check, "CHECK_EVERY", timedelta(0))
    monkeypatch.setattr(token_check, "RETRY_AFTER", timedelta(0))
    week = await run_bot(QUIET)
    week.slack.faults.answer("token_revoked", method="auth.test", times=1000)
    week.bot.scheduler.start()
    await week.slack.until(lambda: week.slack.errors["token_revoked"] > 1, 20)
    await week.bot.scheduler.stop()
    assert not (await week.readiness())["slack"]["ok"]


# What is late


@over_http
async def test_whoever_waits_for_their_turn_is_not_trouble(run_bot: RunBot) -> None:
    how = Post("how", MONDAY, time(9), kind="check_in", audience="joined")
    crowd = [person(f"U0CROWD{number:02}", direct_messages=True) for number in range(20)]
    week = await run_bot(Week((how,), promises=[WALK]), crowd)
    # As three thousand people would be at two hundred a minute.
    week.bot.delivery.replica_share.send_limiter._per_minute = 1
    week.bot.delivery.replica_share.send_limiter.share(Fraction(1))
    await week.run_until(DUE + timedelta(minutes=8))
    assert (await week.states())[State.SENT] > 5
    part = (await week.readiness())["outbox"]
    assert part["ok"]
    assert "they leave one after the other" in part["detail"]
    assert (await week.metrics())["earthweek_oldest_overdue_seconds"] == 8 * 60
    week.slack.faults.down(DUE + timedelta(minutes=12))
    await week.run_until(DUE + timedelta(minutes=11))
    part = (await week.readiness())["outbox"]
    assert not part["ok"]
    assert "they leave one after the other" not in part["detail"]


# What failed for good


@over_http
async def test_a_missing_permission_to_post_is_not_health(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,), (SWEDEN, GERMANY)))
    week.slack.scopes.discard("chat:write")
    await week.run_until(DUE + timedelta(minutes=10))
    assert await week.states() == {State.FAILED: 2}
    ready, parts = await week.judged()
    assert parts["outbox"]["ok"], "nothing is overdue"
    assert not ready
    assert parts["failures"]["detail"].startswith("2 messages were refused for good; mend it and restart the bot")
    assert "the app lacks a permission (chat:write)" in parts["failures"]["detail"]
    assert (await week.metrics())['earthweek_up{part="failures"}'] == 0

    week.slack.scopes.add("chat:write")
    await week.restart()
    await week.run_until(DUE + timedelta(minutes=20))
    assert await week.states() == {State.SENT: 2}
    assert (await week.readiness())["failures"]["ok"]


@over_http
async def test_a_missing_permission_to_join_is_not_health(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,), (SWEDEN, GERMANY)))
    await week.stop()
    week.slack.scopes.discard("channels:join")
    for channel in week.slack.workspace.channels:
        week.slack.workspace.leave(channel, week.slack.workspace.bot.id)
    await week.start()
    part = (await week.readiness())["channels"]
    assert not part["ok"]
    assert "week-se: missing_scope: the app lacks a permission (channels:join); install it again" in part["detail"]


@over_http
async def test_one_channel_that_fails_leaves_the_bot_ready(run_bot: RunBot) -> None:
    week = await run_bot(Week((TIP,), (SWEDEN, GERMANY)))
    week.slack.faults.answer("restricted_action")
    await week.run_until(DUE + timedelta(minutes=10))
    assert await week.states() == {State.FAILED: 1, State.SENT: 1}
    ready, parts = await week.judged()
    assert ready
    part = parts["failures"]
    assert (part["ok"], part["essential"]) == (False, False)
    assert "posting permissions" in part["detail"]


@over_http
@pytest.mark.parametrize("is_clear", [True, False])
async def test_unreachable_addressee_is_not_named_in_readiness(run_bot: RunBot, *, is_clear: bool) -> None:
    ann = person("U0ANNOTTER", direct_messages=True)
    how = Post("how", MONDAY, time(9), kind="check_in", audience="joined")
    week = await run_bot(Week((how,), promises=[WALK]), [ann])
    if is_clear:
        week.slack.faults.answer("user_not_found")
    else:
        week.slack.faults.reset()
        week.slack.faults.answer("user_not_found", method="conversations.open", times=99)
    await week.run_until(DUE + timedelta(minutes=10))
    parts = await week.readiness()
    part = parts["failures" if is_clear else "confirmations"]
    assert not part["ok"]
    assert "Slack does not know the addressee" in part["detail"]
    assert ann.user not in str(parts)


@over_http
async def test_what_is_past_is_told_for_a_day(run_bot: RunBot) -> None:
    week = await run_bot(Week((Post("brief", MONDAY, time(9), until=time(9, 30)),)))
    week.slack.faults.answer("restricted_action")
    await week.run_until(DUE + timedelta(hours=23))
    assert not (await week.readiness())["failures"]["ok"]
    await week.run_until(DUE + timedelta(hours=25))
    assert (await week.readiness())["failures"]["ok"]
    assert await week.states() == {State.FAILED: 1}


@over_http
async def test_a_restart_deals_with_what_is_past(run_bot: RunBot) -> None:
    week = await run_bot(Week((Post("brief", MONDAY, time(9), until=time(9, 30)),)))
    week.slack.faults.answer("restricted_action")
    await week.run_until(DUE + timedelta(hours=1))
    await week.restart()
    assert (await week.readiness())["failures"]["ok"]
    row = await week.row("brief")
    assert row.state is State.SKIPPED
    assert (row.reason or "").startswith("its late limit passed; before that: restricted_action: ")

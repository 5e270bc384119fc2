"""The week at a glance: pinned once in each country's channel, changed in place and never twice within an hour."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from bot.settings import Transport
from bot.slack.manifest import SHORTCUT
from rehearsal.slack.conversation import PostedMessage
from tests.campaigns import GERMANY, SWEDEN, Post, Week
from tests.simulation import Simulation, channel_id

from .conftest import RunBot
from .participants import MONDAY, SV, moment, participant, texts

FRIDAY = MONDAY - timedelta(days=3)
GLANCE = Post("glance", FRIDAY, time(10, 5), kind="glance")
TIP = Post("tip", MONDAY, time(9), kind="tip")
LATER = Post("note", MONDAY + timedelta(days=1), time(9))
WEEK = Week((GLANCE, TIP, LATER), places=(SWEDEN, GERMANY), opens=FRIDAY)
ALONE = replace(WEEK, places=(SWEDEN,))
POSTED, EARLY = moment(FRIDAY, 10, 5), moment(FRIDAY, 8)


@pytest.fixture
def transport() -> Transport:
    return Transport.HTTP


def glance(week: Simulation, channel: str = "week-se") -> PostedMessage:
    [found] = [
        each for each in week.messages(channel) if any(b.get("block_id") == "glance_coming" for b in each.blocks)
    ]
    return found


def said(week: Simulation) -> str:
    return "\n".join(texts(glance(week).blocks))


def pins(week: Simulation, channel: str = "week-se") -> list[str]:
    return [*week.slack.workspace.conversation(channel_id(channel)).pins]


def changes(week: Simulation) -> int:
    """How often a message was changed, where there is one channel."""
    return len([each for each in week.slack.call_log.calls if each.method == "chat.update" and each.ok])


async def test_it_is_pinned_once_in_each_channel(run_bot: RunBot) -> None:
    week = await run_bot(WEEK, start=EARLY)
    await week.run_until(POSTED + timedelta(minutes=5))
    for channel in ("week-se", "week-de"):
        assert pins(week, channel) == [glance(week, channel).ts]
    await week.restart()
    await week.run_until(POSTED + timedelta(hours=5))
    assert pins(week) == [glance(week).ts]
    assert not pins(week, "week-all")


async def test_who_takes_the_pin_away_is_heard(run_bot: RunBot) -> None:
    week = await run_bot(WEEK, start=EARLY)
    await week.run_until(POSTED + timedelta(minutes=5))
    week.slack.workspace.conversation(channel_id("week-se")).pins.clear()
    await week.restart()
    await week.run_until(moment(MONDAY, 12))
    assert not pins(week)
    assert ":white_check_mark: 09:00" in said(week), "it is kept up all the same"


async def test_it_says_what_is_on_today_and_what_comes(run_bot: RunBot) -> None:
    week = await run_bot(WEEK, start=EARLY)
    await week.run_until(POSTED + timedelta(minutes=5))
    before = said(week)
    assert SV("glance.coming") in before
    assert SV("glance.today") not in before
    assert SV.short_day(MONDAY).capitalize() in before
    await week.run_until(moment(MONDAY, 8, 30))
    assert SV("glance.today") in said(week)
    assert ":small_blue_diamond: 09:00" in said(week)
    await week.run_until(moment(MONDAY, 10))
    assert ":white_check_mark: 09:00" in said(week)


async def test_it_changes_once_an_hour_at_most(run_bot: RunBot) -> None:
    often = tuple(Post(f"note-{minute}", MONDAY, time(9, minute)) for minute in range(5, 55, 10))
    week = await run_bot(replace(ALONE, posts=(GLANCE, TIP, *often)), start=EARLY)
    await week.run_until(moment(MONDAY, 8, 30))
    before = changes(week)
    for minute in range(0, 60, 5):
        await week.run_until(moment(MONDAY, 9, minute))
    assert changes(week) - before <= 2
    await week.run_until(moment(MONDAY, 12))
    assert said(week).count(":white_check_mark:") == 6


async def test_nothing_new_changes_nothing(run_bot: RunBot) -> None:
    week = await run_bot(ALONE, start=EARLY)
    await week.run_until(POSTED + timedelta(minutes=5))
    before = changes(week)
    await week.restart()
    await week.run_until(POSTED + timedelta(hours=10))
    assert changes(week) == before


async def test_without_permission_it_is_only_not_pinned(run_bot: RunBot) -> None:
    week = await run_bot(WEEK, start=EARLY)
    week.slack.scopes.discard("pins:write")
    await week.run_until(moment(MONDAY, 10))
    assert not pins(week)
    assert ":white_check_mark: 09:00" in said(week)


async def test_deleted_message_is_left_alone(run_bot: RunBot) -> None:
    week = await run_bot(WEEK, start=EARLY)
    await week.run_until(POSTED + timedelta(minutes=5))
    week.slack.workspace.conversation(channel_id("week-se")).remove(glance(week))
    await week.run_until(moment(MONDAY, 12))
    refused = [each for each in week.slack.call_log.calls if each.method == "chat.update" and not each.ok]
    assert len(refused) == 1
    assert (await week.row("glance")).reason


async def test_pin_goes_when_the_campaign_is_over(run_bot: RunBot) -> None:
    week = await run_bot(replace(WEEK, closes=date(2027, 3, 22)), start=EARLY)
    await week.run_until(moment(date(2027, 3, 22), 22))
    assert pins(week)
    await week.run_until(moment(date(2027, 3, 23), 1))
    assert not pins(week)


@pytest.mark.both_ways
async def test_shortcut_opens_what_the_command_answers(run_bot: RunBot) -> None:
    week = await run_bot(WEEK, start=EARLY)
    await week.run_until(POSTED + timedelta(minutes=5))
    typed = await (await participant(week, "U0SEA")).types("")
    who = week.hand("U0SEA")
    await who.shortcut(SHORTCUT)
    await who.until(lambda: "".join(texts((who.modal() or {}).get("blocks", []))).count("/earthweek"))
    shown = "\n".join(texts((who.modal() or {}).get("blocks", [])))
    assert all(each in shown for each in texts(typed.blocks) if each.startswith("`/earthweek"))

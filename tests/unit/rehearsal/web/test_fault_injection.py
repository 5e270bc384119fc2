from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from rehearsal.web.fault_injection import AWAY_FOR, DOWN_FOR, REFUSALS, RETRY_AFTER
from rehearsal.web.session import Room
from tests.acceptance.campaigns import said
from tests.acceptance.rooms import TIP, again, channel, go, opened
from tests.acceptance.visitors import MONDAY, moment
from tests.patience import PATIENCE

TIPS = [said("tip", language) for language in ("sv", "de", "nb")]


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with opened(tmp_path) as made:
        yield made


def heard(room: Room) -> list[str]:
    """What was said in the channels of the countries."""
    town = room.stage.slack.workspace
    return [each.text for name in ("week-se", "week-de", "week-no") for each in town.messages(channel(room, name))]


async def test_a_bot_killed_in_a_broadcast_comes_back_and_nothing_is_lost_or_doubled(room: Room) -> None:
    room.mischief.kill_in_broadcast()
    assert list(room.mischief.waiting()) == ["The bot will be killed in the middle of the next broadcast."]
    await go(room, TIP)
    assert room.bot is None
    assert room.stage.back_at == TIP + AWAY_FOR
    assert list(room.mischief.waiting()) == []
    assert len(heard(room)) >= 2
    await go(room, moment(MONDAY, 10))
    assert heard(room) == TIPS
    assert again(room.stage.slack.workspace) == []


async def test_only_the_call_that_got_no_answer_is_marked_in_the_log(room: Room) -> None:
    room.mischief.kill_in_broadcast()
    await go(room, moment(MONDAY, 10))
    posts = [call for call in room.stage.slack.calls if call.method == "chat.postMessage"]
    assert [call.fault for call in posts].count("killed") == 1
    assert all(call.fault in {None, "killed"} for call in posts)


async def test_what_is_asked_for_after_a_kill_was_set_up_happens_before_it(room: Room) -> None:
    room.mischief.kill_in_broadcast()
    room.mischief.throttle()
    assert list(room.mischief.waiting()) == [
        "The bot will be killed in the middle of the next broadcast.",
        f"Slack will refuse {REFUSALS} more messages and ask to wait.",
    ]
    await go(room, TIP)
    assert room.bot
    assert room.stage.slack.errors["ratelimited"] > 0
    assert heard(room) == []


async def test_setting_it_up_twice_kills_once(room: Room) -> None:
    room.mischief.kill_in_broadcast()
    room.mischief.kill_in_broadcast()
    await go(room, TIP)
    assert room.bot is None
    await go(room, moment(MONDAY, 13))
    assert room.bot


async def test_a_kill_now_and_a_restart_by_hand(room: Room) -> None:
    await room.mischief.kill()
    assert room.bot is None
    assert room.stage.back_at == room.now + AWAY_FOR
    room.mischief.restart()
    room.nudge()
    async with asyncio.timeout(PATIENCE):
        while room.bot is None:
            await room.changed(room.changes, 1)
    assert room.now == room.stage.start


async def test_slack_is_away_for_ten_minutes_and_what_was_due_comes_afterwards(room: Room) -> None:
    await go(room, TIP - timedelta(minutes=1))
    room.mischief.down()
    assert room.mischief.is_down
    assert list(room.mischief.waiting()) == ["Slack is away until 09:09."]
    await go(room, TIP + timedelta(minutes=1))
    assert heard(room) == []
    await go(room, TIP + DOWN_FOR + timedelta(minutes=10))
    assert list(room.mischief.waiting()) == []
    assert heard(room) == TIPS


async def test_slack_out_of_patience_is_waited_for(room: Room) -> None:
    room.mischief.throttle()
    await go(room, TIP)
    assert heard(room) == []
    await go(room, TIP + timedelta(seconds=RETRY_AFTER * REFUSALS))
    assert heard(room) == TIPS


async def test_one_refusal_is_not_several(room: Room) -> None:
    room.stage.slack.faults.throttle(1)
    assert list(room.mischief.waiting()) == ["Slack will refuse one more message and ask to wait."]


async def test_all_is_well_again_when_one_says_so(room: Room) -> None:
    room.mischief.down()
    room.mischief.throttle()
    room.mischief.kill_in_broadcast()
    room.mischief.clear()
    assert list(room.mischief.waiting()) == []
    await go(room, TIP)
    assert heard(room) == TIPS


async def test_a_channel_is_archived_and_reopened(room: Room) -> None:
    sweden = channel(room, "week-se")
    room.mischief.archive(sweden)
    await go(room, TIP)
    assert heard(room) == TIPS[1:]
    room.mischief.reopen(sweden)
    assert not room.stage.slack.workspace.channels[sweden].is_archived
    with pytest.raises(KeyError):
        room.mischief.archive("C0NOWHERE")
    with pytest.raises(KeyError):
        room.mischief.reopen("C0NOWHERE")

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import get_args

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from rehearsal.web.fault_injection import AWAY_FOR, CHANGES_REFUSED, DOWN_FOR, REFUSALS, RETRY_AFTER, UpdateError
from rehearsal.web.session import Session
from tests.acceptance.participants import MONDAY, moment
from tests.acceptance.rooms import TIP, again, channel, go, opened
from tests.campaigns import said
from tests.patience import PATIENCE

TIPS = [said("tip", language) for language in ("sv", "de", "nb")]


@pytest.fixture
async def session(tmp_path: Path) -> AsyncIterator[Session]:
    async with opened(tmp_path) as made:
        yield made


def heard(session: Session) -> list[str]:
    """What was said in the channels of the countries."""
    town = session.simulation.slack.workspace
    return [each.text for name in ("week-se", "week-de", "week-no") for each in town.messages(channel(session, name))]


async def test_bot_killed_in_broadcast_loses_and_doubles_nothing(session: Session) -> None:
    session.faults.kill_in_broadcast()
    assert list(session.faults.waiting()) == ["The bot will be killed in the middle of the next broadcast."]
    await go(session, TIP)
    assert session.bot is None
    assert session.simulation.back_at == TIP + AWAY_FOR
    assert list(session.faults.waiting()) == []
    assert len(heard(session)) >= 2
    await go(session, moment(MONDAY, 10))
    assert heard(session) == TIPS
    assert again(session.simulation.slack.workspace) == []


async def test_only_unanswered_call_is_marked_in_log(session: Session) -> None:
    session.faults.kill_in_broadcast()
    await go(session, moment(MONDAY, 10))
    posts = [call for call in session.simulation.slack.calls if call.method == "chat.postMessage"]
    assert [call.fault for call in posts].count("killed") == 1
    assert all(call.fault in {None, "killed"} for call in posts)


async def test_fault_requested_after_planned_kill_happens_before_it(session: Session) -> None:
    session.faults.kill_in_broadcast()
    session.faults.rate_limit()
    assert list(session.faults.waiting()) == [
        "The bot will be killed in the middle of the next broadcast.",
        f"Slack will refuse {REFUSALS} more messages and ask to wait.",
    ]
    await go(session, TIP)
    assert session.bot
    assert session.simulation.slack.errors["ratelimited"] > 0
    assert heard(session) == []


async def test_setting_it_up_twice_kills_once(session: Session) -> None:
    session.faults.kill_in_broadcast()
    session.faults.kill_in_broadcast()
    await go(session, TIP)
    assert session.bot is None
    await go(session, moment(MONDAY, 13))
    assert session.bot


async def test_a_kill_now_and_a_restart_by_hand(session: Session) -> None:
    await session.faults.kill()
    assert session.bot is None
    assert session.simulation.back_at == session.now + AWAY_FOR
    session.faults.restart()
    session.wake()
    async with asyncio.timeout(PATIENCE):
        while session.bot is None:
            await session.changed(session.changes, 1)
    assert session.now == session.simulation.start


async def test_posts_due_during_slack_outage_come_afterwards(session: Session) -> None:
    await go(session, TIP - timedelta(minutes=1))
    session.faults.down()
    assert session.faults.is_down
    assert list(session.faults.waiting()) == ["Slack is away until 09:09."]
    await go(session, TIP + timedelta(minutes=1))
    assert heard(session) == []
    await go(session, TIP + DOWN_FOR + timedelta(minutes=10))
    assert list(session.faults.waiting()) == []
    assert heard(session) == TIPS


async def test_slack_out_of_patience_is_waited_for(session: Session) -> None:
    session.faults.rate_limit()
    await go(session, TIP)
    assert heard(session) == []
    await go(session, TIP + timedelta(seconds=RETRY_AFTER * REFUSALS))
    assert heard(session) == TIPS


async def test_one_refusal_is_not_several(session: Session) -> None:
    session.simulation.slack.faults.throttle(1)
    assert list(session.faults.waiting()) == ["Slack will refuse one more message and ask to wait."]


@pytest.mark.parametrize("word", get_args(UpdateError))
async def test_so_many_changes_are_refused_on_request(session: Session, word: UpdateError) -> None:
    slack = session.simulation.slack
    here = channel(session, "week-se")
    said = slack.workspace.post(here, slack.workspace.bot.id, "old", session.now)
    session.faults.refuse_changes(word)
    assert list(session.faults.waiting()) == [f"Slack will refuse {CHANGES_REFUSED} more changes of messages ({word})."]
    async with aiohttp.ClientSession() as connection:
        client = AsyncWebClient(slack.bot_token, base_url=slack.api_url, session=connection, retry_handlers=[])
        for left in range(CHANGES_REFUSED - 1, -1, -1):
            with pytest.raises(SlackApiError, match=word):
                await client.chat_update(channel=here, ts=said.ts, text="new")
            if left == 1:
                assert list(session.faults.waiting()) == [f"Slack will refuse one more change of a message ({word})."]
        await client.chat_update(channel=here, ts=said.ts, text="new")
    assert list(session.faults.waiting()) == []
    assert slack.workspace.messages(here)[-1].text == "new"


async def test_all_is_well_again_when_one_says_so(session: Session) -> None:
    session.faults.down()
    session.faults.rate_limit()
    session.faults.refuse_changes("edit_window_closed")
    session.faults.kill_in_broadcast()
    session.faults.clear()
    assert list(session.faults.waiting()) == []
    await go(session, TIP)
    assert heard(session) == TIPS


async def test_a_channel_is_archived_and_reopened(session: Session) -> None:
    sweden = channel(session, "week-se")
    session.faults.archive(sweden)
    await go(session, TIP)
    assert heard(session) == TIPS[1:]
    session.faults.reopen(sweden)
    assert not session.simulation.slack.workspace.channels[sweden].is_archived
    with pytest.raises(KeyError):
        session.faults.archive("C0NOWHERE")
    with pytest.raises(KeyError):
        session.faults.reopen("C0NOWHERE")

"""A post that was sent is corrected in its place, or below it where Slack no longer allows that."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.campaign.model import Text
from bot.campaign.text_hash import text_hash
from bot.settings import Transport
from bot.store.organiser_acts import Actor
from bot.store.outbox import State
from bot.store.text_revisions import Edit
from rehearsal.simulation import finish
from rehearsal.slack.conversation import PostedMessage
from rehearsal.slack.faults import Phase
from tests.acceptance.conftest import RunBot, run_bot, the_same_blur
from tests.acceptance.test_organisers import EIGHT, NEW, TEN, WEEK, actor, decides
from tests.campaigns import said
from tests.patience import PATIENCE
from tests.simulation import Simulation, channel_id

__all__ = ["run_bot", "the_same_blur"]

LATER = TEN - timedelta(hours=1)


@pytest.fixture
def transport() -> Transport:
    return Transport.HTTP


@pytest.fixture
async def week(run_bot: RunBot) -> Simulation:
    """The post of the morning is there, and its Swedish words have been edited since."""
    made = await run_bot(WEEK)
    await made.run_until(EIGHT)
    await edits(made, NEW)
    made.clock.turn_to(LATER)
    return made


async def edits(week: Simulation, text: Text) -> None:
    store, campaign = week.bot.store, week.campaign.id
    base = text_hash(week.bot.delivery.live.files.text("tip", "sv"))
    seen = await store.read(store.revisions.current, campaign, "tip", "sv")
    await decides(week, store.revisions.revise, Edit("tip", "sv", text, base, seen.id if seen else None))


async def correct(week: Simulation) -> int:
    store, boss = week.bot.store, Actor(week.campaign.id, "U0BOSS", week.clock.now())
    words = {language: week.campaign.text("tip", language) for language in week.campaign.languages}
    count = await store.write(store.corrections.correct, boss, "tip", words)
    week.bot.delivery.request_plan()
    return count


def everything(week: Simulation, channel: str = "week-se") -> list[PostedMessage]:
    """All messages of a channel, replies included."""
    return list(week.slack.workspace.conversation(channel_id(channel)).everything)


def line_of(message: PostedMessage) -> str:
    [line] = [block["elements"][0]["text"] for block in message.blocks if block.get("block_id") == "corrected"]
    return str(line)


async def test_a_correction_replaces_words_in_their_place(week: Simulation) -> None:
    assert week.texts("week-se") == [said("tip", "sv")], "nothing is corrected silently"
    assert await correct(week) == 1
    await finish(week.bot)
    [message] = everything(week)
    assert (message.text, line_of(message)) == (NEW.summary, "Rättat 10:00")
    assert week.texts("week-de") == [said("tip", "de")]
    assert await correct(week) == 0


async def test_an_old_message_is_corrected_in_a_reply(week: Simulation) -> None:
    week.slack.workspace.edit_window = timedelta(minutes=5)
    for _ in range(2):
        assert await correct(week) == 1
        await finish(week.bot)
        await week.restart()
    first, reply = everything(week)
    assert (first.text, reply.text, reply.parent_ts) == (said("tip", "sv"), NEW.summary, first.ts)


async def test_a_deleted_message_is_not_corrected(week: Simulation) -> None:
    conversation = week.slack.workspace.conversation(channel_id("week-se"))
    conversation.remove(everything(week)[0])
    assert await correct(week) == 1
    await finish(week.bot)
    assert everything(week) == [], "Slack shows a reply to what is gone to the whole channel"
    [failed] = [row for row in await week.rows() if row.state == State.FAILED]
    assert "deleted" in (failed.reason or "")


async def test_a_deleted_message_with_replies_has_a_thread(week: Simulation) -> None:
    conversation = week.slack.workspace.conversation(channel_id("week-se"))
    [first] = everything(week)
    conversation.post("U0ANN", "Tack!", (), None, week.clock.now(), parent_ts=first.ts)
    conversation.remove(first)
    assert await correct(week) == 1
    await finish(week.bot)
    assert [(each.text, each.parent_ts) for each in everything(week)][-1] == (NEW.summary, first.ts)


async def test_a_silent_slack_is_asked_for_the_thread_again(week: Simulation) -> None:
    week.slack.workspace.edit_window = timedelta(minutes=5)
    week.slack.faults.answer("internal_error", method="conversations.replies")
    assert await correct(week) == 1
    await finish(week.bot)
    assert len(everything(week)) == 1
    await week.run_until(LATER + timedelta(minutes=5))
    assert [each.text for each in everything(week)] == [said("tip", "sv"), NEW.summary]


async def test_a_correction_waits_for_newer_words(week: Simulation) -> None:
    await correct(week)
    newer = NEW.model_copy(update={"summary": "Nyare ord."})
    store, campaign = week.bot.store, week.campaign.id
    seen = await store.read(store.revisions.current, campaign, "tip", "sv")
    assert seen is not None
    await store.write(store.revisions.revise, actor(week), Edit("tip", "sv", newer, seen.base, seen.id))
    await week.bot.delivery.refresh_decisions()
    await finish(week.bot)
    assert week.texts("week-se") == [said("tip", "sv")], "nobody has asked for these"
    await correct(week)
    await week.run_until(LATER + timedelta(minutes=1))
    assert week.texts("week-se") == ["Nyare ord."]


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("window", [None, timedelta(minutes=5)], ids=["in place", "in a reply"])
async def test_killed_while_correcting_corrects_once(week: Simulation, moment: Phase, window: timedelta | None) -> None:
    week.slack.workspace.edit_window = window
    reached, never = asyncio.Event(), asyncio.Event()

    async def hold(at: Phase) -> None:
        if at == moment:
            reached.set()
            await never.wait()

    await correct(week)
    week.slack.faults.call(hold, method="chat.postMessage" if window else "chat.update")
    working = asyncio.create_task(finish(week.bot))
    await asyncio.wait_for(reached.wait(), PATIENCE)
    await week.bot.kill(working)
    await week.restart()
    await week.run_until(LATER + timedelta(minutes=5))
    texts = [message.text for message in everything(week)]
    assert texts == ([NEW.summary] if window is None else [said("tip", "sv"), NEW.summary])

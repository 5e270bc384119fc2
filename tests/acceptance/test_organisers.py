"""What organisers decide while the bot runs: words, own posts, stand-ins, and posts that a country leaves out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest

from bot.campaign.model import Text
from bot.campaign.text_hash import text_hash
from bot.delivery.delivery_loop import PLAN_EVERY
from bot.settings import Transport
from bot.store.organiser_acts import Actor
from bot.store.outbox import State
from bot.store.pauses import Missed
from bot.store.text_revisions import Edit
from rehearsal.simulation import finish
from rehearsal.slack.faults import Phase
from tests.acceptance.conftest import RunBot, run_bot, the_same_blur
from tests.acceptance.participants import MONDAY
from tests.acceptance.test_replicas import Pair, pair
from tests.bot.store.databases import server, up_to_date
from tests.campaigns import GERMANY, SWEDEN, Post, Week, said
from tests.patience import PATIENCE
from tests.simulation import MIDNIGHT, Simulation, channel_id

__all__ = ["pair", "run_bot", "server", "the_same_blur", "up_to_date"]

WEEK = Week((Post("tip", MONDAY, time(9)), Post("note", MONDAY, time(11))), places=(SWEDEN, GERMANY))
EIGHT, TEN = MIDNIGHT + timedelta(hours=8), MIDNIGHT + timedelta(hours=10)
NEW = Text(title="Nytt", summary="Nya ord.", body="Så här.")


@pytest.fixture
def transport() -> Transport:
    return Transport.HTTP


def actor(week: Simulation, user: str = "U0SEA") -> Actor:
    return Actor(week.campaign.id, user, week.clock.now())


async def decides(week: Simulation, change: Callable[..., Any], *how: Any, user: str = "U0SEA") -> Any:
    """Have an organiser of this process change something."""
    made = await week.bot.store.write(change, actor(week, user), *how)
    await week.bot.delivery.refresh_decisions()
    await finish(week.bot)
    return made


def edit(week: Simulation, text: Text = NEW, post: str = "tip") -> Edit:
    return Edit(post, "sv", text, text_hash(week.bot.delivery.live.files.text(post, "sv")))


async def test_new_words_are_sent_at_once(run_bot: RunBot) -> None:
    week = await run_bot(WEEK)
    await decides(week, week.bot.store.revisions.revise, edit(week))
    await week.run_until(EIGHT)
    assert week.texts("week-se") == [NEW.summary]
    assert week.texts("week-de") == [said("tip", "de")]


async def test_words_of_another_process_hold_within_a_minute(run_bot: RunBot) -> None:
    week = await run_bot(WEEK)
    await week.run_until(EIGHT - PLAN_EVERY)
    await week.bot.store.write(week.bot.store.revisions.revise, actor(week), edit(week))
    await week.run_until(EIGHT)
    assert week.texts("week-se") == [NEW.summary]


async def test_words_hold_after_a_restart(run_bot: RunBot) -> None:
    week = await run_bot(WEEK)
    await decides(week, week.bot.store.revisions.revise, edit(week))
    await week.restart()
    await week.run_until(EIGHT)
    assert week.texts("week-se") == [NEW.summary]


async def test_a_file_saved_later_supersedes_for_good(run_bot: RunBot) -> None:
    week = await run_bot(WEEK)
    await decides(week, week.bot.store.revisions.revise, edit(week))
    old = week.bot.delivery.live.files.text("tip", "sv")
    file = week.folder / "posts" / "tip" / "sv.md"
    text = file.read_text("utf-8")
    for words in (text.replace("to do", "to try"), text):
        file.write_text(words, "utf-8")
        await week.bot.delivery.plan()
    assert week.campaign.text("tip", "sv") == old
    await week.run_until(EIGHT)
    assert week.texts("week-se") == [said("tip", "sv")]
    assert len(await week.bot.store.read(week.bot.store.revisions.superseded, week.campaign.id)) == 1


async def test_an_own_post_goes_to_its_country_once(run_bot: RunBot) -> None:
    week = await run_bot(WEEK)
    await decides(week, week.bot.store.revisions.add_post, "SE", MONDAY, time(10), {"sv": NEW})
    await week.restart()
    await week.run_until(TEN)
    assert week.texts("week-se") == [said("tip", "sv"), NEW.summary, said("note", "sv")]
    assert week.texts("week-de") == [said("tip", "de"), said("note", "de")]


async def test_a_post_is_left_out_and_brought_back(run_bot: RunBot) -> None:
    week = await run_bot(WEEK)
    for post in ("tip", "note"):
        await decides(week, week.bot.store.pauses.leave_out, post, "SE")
    assert (await week.row("tip")).state is State.CANCELLED
    await decides(week, week.bot.store.pauses.bring_back, "note", "SE")
    await week.run_until(TEN)
    assert week.texts("week-se") == [said("note", "sv")]
    assert week.texts("week-de") == [said("tip", "de"), said("note", "de")]


async def test_nothing_is_sent_while_paused_over_restart(run_bot: RunBot) -> None:
    week = await run_bot(WEEK)
    pause = await decides(week, week.bot.store.pauses.pause, "SE")
    await week.run_until(EIGHT)
    await week.restart()
    await week.run_until(EIGHT + timedelta(minutes=10))
    assert week.texts("week-se") == []
    assert week.texts("week-de") == [said("tip", "de")]
    ready, parts = await week.judged()
    assert ready, "what is held is held on purpose"
    assert "paused: SE" in parts["organisers"]["detail"]
    await decides(week, week.bot.store.pauses.resume, pause, Missed.SEND)
    await week.run_until(TEN)
    assert week.texts("week-se") == [said("tip", "sv"), said("note", "sv")]


async def test_what_was_missed_can_be_left_out(run_bot: RunBot) -> None:
    week = await run_bot(WEEK)
    pause = await decides(week, week.bot.store.pauses.pause)
    await week.run_until(EIGHT)
    await decides(week, week.bot.store.pauses.resume, pause, Missed.LEAVE_OUT)
    await week.run_until(TEN)
    assert week.texts("week-se") == [said("note", "sv")]


async def test_unapproved_words_wait_and_say_so(run_bot: RunBot) -> None:
    week = await run_bot(WEEK)
    file = week.folder / "campaign.toml"
    file.write_text("approval = { required = true }\n" + file.read_text("utf-8"), "utf-8")
    await decides(week, week.bot.store.revisions.revise, edit(week))
    await decides(week, week.bot.store.approvals.approve, "tip", "sv", text_hash(NEW))
    await week.run_until(EIGHT)
    assert (week.texts("week-se"), week.texts("week-de")) == ([NEW.summary], [])
    _, parts = await week.judged()
    assert "not approved: tip (de), note (de sv); these wait for it" in parts["organisers"]["detail"]
    words = week.campaign.text("tip", "de")
    await decides(week, week.bot.store.approvals.approve, "tip", "de", text_hash(words))
    assert week.texts("week-de") == [said("tip", "de")]


async def test_killed_while_paused_sends_once_after_resume(run_bot: RunBot) -> None:
    week = await run_bot(WEEK)
    store, reached, never = week.bot.store, asyncio.Event(), asyncio.Event()

    async def hold(at: Phase) -> None:
        if at == "before":
            reached.set()
            await never.wait()

    week.slack.faults.call(hold)
    week.clock.turn_to(EIGHT)
    working = asyncio.create_task(finish(week.bot))
    await asyncio.wait_for(reached.wait(), PATIENCE)
    pause = await store.write(store.pauses.pause, actor(week), "")
    await week.bot.kill(working)
    await week.restart()
    await week.run_until(EIGHT + timedelta(minutes=5))
    assert week.texts("week-de") == [], "what was leaving had not arrived, and waits"
    await decides(week, week.bot.store.pauses.resume, pause, Missed.SEND)
    await week.run_until(TEN)
    assert week.texts("week-se") == [said("tip", "sv"), said("note", "sv")]
    assert week.texts("week-de") == [said("tip", "de"), said("note", "de")]


async def test_a_pause_holds_in_every_replica_at_once(pair: Pair) -> None:
    front, other = pair.front, pair.other
    due = {name for name in ("week-se", "week-de", "week-no") if front.texts(name) == []}
    pause = await front.bot.store.write(front.bot.store.pauses.pause, actor(front), "")
    for each in (front, other):
        await each.run_until(TEN)
    assert all(front.texts(name) == [] for name in due)
    await other.bot.store.write(other.bot.store.pauses.resume, actor(other), pause, Missed.SEND)
    await asyncio.gather(front.run_until(TEN), other.run_until(TEN))
    assert [len(front.messages(name)) for name in sorted(due)] == [1, 1, 1], "each once"


@pytest.mark.parametrize("window", [None, timedelta(minutes=5)], ids=["in place", "in a reply"])
async def test_two_replicas_correct_a_message_once(pair: Pair, window: timedelta | None) -> None:
    both = (pair.front, pair.other)
    pair.front.slack.workspace.edit_window = window
    for each in both:
        await each.run_until(TEN)
    await decides(pair.front, pair.front.bot.store.revisions.revise, edit(pair.front))
    await pair.other.bot.delivery.refresh_decisions()
    words = {"sv": pair.other.campaign.text("tip", "sv")}
    before = len(pair.front.slack.calls)
    asked = [each.bot.store.write(each.bot.store.corrections.correct, actor(each), "tip", words) for each in both]
    assert await asyncio.gather(*asked) == [1, 1]
    await asyncio.gather(*(each.run_until(TEN + timedelta(minutes=2)) for each in both))
    made = [call.method for call in list(pair.front.slack.calls)[before:] if call.method.startswith("chat.")]
    assert made == ["chat.update"] if window is None else sorted(made) == ["chat.postMessage", "chat.update"]
    shown = pair.front.slack.workspace.conversation(channel_id("week-se")).everything
    assert [each.text for each in shown].count(NEW.summary) == 1

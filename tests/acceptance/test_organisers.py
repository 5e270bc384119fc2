"""What organisers decide while the bot runs: words, own posts, stand-ins, and posts that a country leaves out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest

from bot.campaign.model import Text
from bot.campaign.text_hash import text_hash
from bot.delivery.delivery_loop import PLAN_EVERY
from bot.settings import Transport
from bot.store.organisers import Actor
from bot.store.outbox import State
from bot.store.revisions import Edit
from rehearsal.simulation import finish
from tests.acceptance.conftest import RunBot, run_bot, the_same_blur
from tests.acceptance.participants import MONDAY
from tests.campaigns import GERMANY, SWEDEN, Post, Week, said
from tests.simulation import MIDNIGHT, Simulation

__all__ = ["run_bot", "the_same_blur"]

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

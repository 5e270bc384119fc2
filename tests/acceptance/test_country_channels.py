"""A country with several channels: each gets the posts once, and organisers see and correct all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.settings import Transport
from bot.store.organiser_acts import Actor
from bot.store.outbox import State
from tests.campaigns import GERMANY, SWEDEN, said

from .conftest import RunBot
from .participants import REPRESENTATIVE, SV
from .test_organise import organiser
from .test_organisers import EIGHT, NEW, TEN, WEEK, decides, edit

LUND, CHANNELS = "week-lund", ("week-se", "week-lund")
SEVERAL = replace(SWEDEN, more_channels=(LUND,), representative=REPRESENTATIVE)
TWICE = replace(WEEK, places=(SEVERAL, GERMANY))


@pytest.fixture
def transport() -> Transport:
    return Transport.HTTP


async def test_every_channel_gets_a_post_once_over_restart(run_bot: RunBot) -> None:
    week = await run_bot(TWICE)
    await week.run_until(EIGHT)
    await week.stop()
    await week.start()
    await week.run_until(EIGHT + timedelta(hours=1))
    assert [week.texts(each) for each in CHANNELS] == [[said("tip", "sv")]] * 2
    assert week.texts("week-de") == [said("tip", "de")]


async def test_missing_channel_delays_no_other(run_bot: RunBot) -> None:
    week = await run_bot(TWICE, without=[LUND])
    await week.run_until(EIGHT + timedelta(minutes=10))
    assert week.texts("week-se") == [said("tip", "sv")]
    assert (await week.readiness())["channels"]["detail"].startswith("week-lund: no public channel")
    week.add_channel(LUND)
    await week.run_until(EIGHT + timedelta(minutes=12))
    assert week.texts(LUND) == [said("tip", "sv")]


async def test_new_channel_gets_what_is_still_to_come(run_bot: RunBot) -> None:
    week = await run_bot(replace(WEEK, places=(SWEDEN, GERMANY)))
    await week.run_until(EIGHT)
    week.say(TWICE)
    week.add_channel(LUND)
    await week.run_until(TEN)
    assert week.texts("week-se") == [said("tip", "sv"), said("note", "sv")]
    assert week.texts(LUND)[-1] == said("note", "sv")


async def test_correction_reaches_every_channel(run_bot: RunBot) -> None:
    week = await run_bot(TWICE)
    await week.run_until(EIGHT)
    await decides(week, week.bot.store.revisions.revise, edit(week))
    store, boss = week.bot.store, Actor(week.campaign.id, "U0BOSS", week.clock.now())
    words = {language: week.campaign.text("tip", language) for language in week.campaign.languages}
    assert await store.write(store.corrections.correct, boss, "tip", words) == 2
    await week.run_until(EIGHT + timedelta(minutes=1))
    assert [week.texts(each) for each in CHANNELS] == [[NEW.summary]] * 2


async def test_left_out_post_is_in_no_channel(run_bot: RunBot) -> None:
    week = await run_bot(TWICE)
    await decides(week, week.bot.store.pauses.leave_out, "tip", "SE")
    await week.run_until(TEN)
    assert [week.texts(each) for each in CHANNELS] == [[said("note", "sv")]] * 2


async def test_organisers_see_each_channel(run_bot: RunBot) -> None:
    week = await run_bot(TWICE)
    await week.run_until(EIGHT)
    page = await (await organiser(week, REPRESENTATIVE)).types("organise")
    for channel in CHANNELS:
        assert f"{SV('organise.state.sent', time='09:00')} · #{channel}" in page.text
    assert {each.state for each in await week.rows() if each.slot.post == "tip"} == {State.SENT}

"""Organisers pause the week and resume it, at most once, and nobody else does."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import time, timedelta

import pytest

from bot.store.organiser_acts import Act, Actor
from bot.store.outbox import State
from tests.campaigns import SWEDEN, Post
from tests.simulation import Simulation

from .conftest import RunBot
from .participants import DEPUTY, EN, MANAGER, MONDAY, REPRESENTATIVE, SV, Answer, Participant, moment, participant
from .test_organise import COLLEAGUE, GERMAN, NOON, WEEK, at_noon, decided, organiser, right

NINE = moment(MONDAY, 9)
EIGHT = NINE - timedelta(hours=1)
SHORT = WEEK.saying(Post("tip", MONDAY, time(9), kind="tip"), Post("late", MONDAY, time(8, 30), until=time(10)))


def one(page: Answer, beginning: str) -> str:
    """The only button of the page whose action begins like this."""
    [found] = [each for each in page.buttons if each.startswith(beginning)]
    return found


async def paused(run_bot: RunBot, country: str = "SE") -> tuple[Simulation, Participant, Answer]:
    """The manager has paused a country before the posts of the morning."""
    week = await run_bot(SHORT)
    week.clock.turn_to(EIGHT)
    boss = await organiser(week, MANAGER, "en-GB")
    await boss.types("organise")
    home = country if country != "all" else "SE"
    if home != "SE":
        await boss.presses_in_form(f"organise_page:{home}")
    return week, boss, right(await boss.presses_in_form(f"organise_pause:{country}/{home}"))


@pytest.mark.both_ways
async def test_paused_country_is_sent_nothing(run_bot: RunBot) -> None:
    week, _, page = await paused(run_bot)
    assert EN("organise.paused_now", country="Sweden") in page.text
    await week.run_until(NINE)
    await week.restart()
    assert (week.texts("week-se"), len(week.texts("week-de"))) == ([], 2)
    shown = await (await organiser(week)).types("organise")
    assert SV("organise.state.paused") in shown.text
    assert one(shown, "organise_resume")


async def test_manager_pauses_and_resumes_everything(run_bot: RunBot) -> None:
    week, boss, page = await paused(run_bot, "all")
    await week.run_until(NINE)
    assert week.texts("week-de") == []
    await boss.presses_in_form(next(each for each in page.buttons if each.startswith("organise_resume")))
    told = right(await boss.fills(choice="send"))
    assert EN("organise.resumed_send", country="all countries") in told.text
    await week.run_until(NINE + timedelta(minutes=1))
    assert [len(week.texts(channel)) for channel in ("week-se", "week-de", "week-no")] == [2, 2, 2]


@pytest.mark.both_ways
@pytest.mark.parametrize("choice", ["send", "leave_out"])
async def test_missed_posts_are_sent_or_left_out(run_bot: RunBot, choice: str) -> None:
    week, boss, page = await paused(run_bot)
    await week.run_until(NOON)
    form = await boss.presses_in_form(one(page, "organise_resume"))
    assert form.form == "organise_resume"
    assert "*tip* (Sweden)" in form.text
    assert "08:30: late (Sweden), too late" in form.text
    told = right(await boss.fills(choice=choice))
    assert EN(f"organise.resumed_{choice}", country="Sweden").split("Sweden")[1] in told.text
    await week.run_until(NOON + timedelta(minutes=2))
    assert len(week.texts("week-se")) == (1 if choice == "send" else 0)
    assert (await week.row("late")).state is State.SKIPPED


async def test_nothing_missed_means_nothing_to_choose(run_bot: RunBot) -> None:
    week, boss, page = await paused(run_bot)
    form = await boss.presses_in_form(one(page, "organise_resume"))
    assert (form.fields, EN("form.organise_resume.nothing") in form.text) == ([], True)
    await boss.fills()
    await week.run_until(NINE)
    assert len(week.texts("week-se")) == 2


@pytest.mark.both_ways
async def test_second_organiser_is_told_of_the_first(run_bot: RunBot) -> None:
    week, _, _ = await paused(run_bot)
    rep, deputy = await organiser(week), await organiser(week, DEPUTY)
    when = {"day": SV.short_day(MONDAY), "time": "08:00", "country": "Sverige"}
    open_page = right(await rep.types("organise"))
    told = await rep.forges_in_form("organise_pause", "SE/SE")
    assert SV("organise.paused_before", who=f"<@{MANAGER}>", **when) in told.text
    await deputy.types("organise")
    for who in (rep, deputy):
        await who.presses_in_form(one(open_page, "organise_resume"))
    assert SV("organise.paused_now", country="") not in right(await rep.fills()).text
    second = right(await deputy.fills())
    assert SV("organise.resumed_before", who=f"<@{REPRESENTATIVE}>", **when) in second.text
    acts = await week.bot.store.read(week.bot.store.organisers.acts, week.campaign.id, 9)
    assert [each.act for each in acts].count(Act.RESUMED) == 1


async def test_two_pauses_at_once_are_one(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    both = [await organiser(week), await organiser(week, DEPUTY)]
    for who in both:
        await who.types("organise")
    answers = await asyncio.gather(*(who.presses_in_form("organise_pause:SE/SE") for who in both))
    now = SV("organise.paused_now", country="Sverige")
    assert sorted(now in answer.text for answer in answers) == [False, True]
    assert len(await week.bot.store.read(week.bot.store.pauses.in_force, week.campaign.id)) == 1


FORGED = ("organise_pause", "SE/SE"), ("organise_pause", "all/SE"), ("organise_resume", "{pause}/SE")


@pytest.mark.both_ways
@pytest.mark.parametrize("user", [COLLEAGUE, GERMAN])
@pytest.mark.parametrize(("action", "value"), FORGED)
async def test_forged_presses_pause_and_resume_nothing(run_bot: RunBot, user: str, action: str, value: str) -> None:
    week, _, _ = await paused(run_bot, "SE" if "pause}" in value else "NO")
    before = await decided(week)
    [pause] = week.bot.delivery.live.decisions.pauses
    who = await participant(week, user)
    await who.types("organise")
    assert (await who.forges_in_form(action, value.format(pause=pause.id))).text == SV("organise.not_yours")
    assert await decided(week) == before


async def test_representative_cannot_touch_pause_of_everything(run_bot: RunBot) -> None:
    week, _, _ = await paused(run_bot, "all")
    [pause] = week.bot.delivery.live.decisions.pauses
    before, rep = await decided(week), await organiser(week)
    page = right(await rep.types("organise"))
    assert [each for each in page.buttons if "all" in each or pause.id in each] == []
    for action, value in (("organise_pause", "all/SE"), ("organise_resume", f"{pause.id}/SE")):
        await rep.types("organise")
        assert (await rep.forges_in_form(action, value)).text == SV("organise.not_yours")
    assert await decided(week) == before


@pytest.mark.both_ways
async def test_former_representative_resumes_nothing(run_bot: RunBot) -> None:
    week, _, _ = await paused(run_bot)
    rep = await organiser(week)
    page = await rep.types("organise")
    await rep.presses_in_form(one(page, "organise_resume"))
    week.say(replace(SHORT, places=(replace(SWEDEN, representative=DEPUTY), *WEEK.places[1:])))
    await week.run_until(EIGHT + timedelta(minutes=2))
    before = await decided(week)
    assert (await rep.fills()).text == SV("organise.not_yours")
    assert await decided(week) == before


async def test_role_is_checked_in_the_writing_transaction(run_bot: RunBot) -> None:
    """The files change between the first look at the role and the write."""
    week = await at_noon(run_bot)
    rep, before = await organiser(week), await decided(week)
    await rep.types("organise")
    live = week.bot.delivery.live
    week.say(replace(WEEK, places=(replace(SWEDEN, representative=DEPUTY), *WEEK.places[1:])))
    seen = live.campaign
    assert live.refresh()
    live.campaign = seen
    assert (await rep.presses_in_form("organise_pause:SE/SE")).text == SV("organise.not_yours")
    assert await decided(week) == before


@pytest.mark.both_ways
async def test_stand_in_decides_until_last_day(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    store, boss = week.bot.store, Actor(week.campaign.id, MANAGER, NOON)
    await store.write(store.organisers.name_stand_in, boss, "NO", COLLEAGUE, MONDAY)
    await week.bot.delivery.refresh_decisions()
    ann = await participant(week, COLLEAGUE)
    await ann.types("organise")
    told = right(await ann.presses_in_form("organise_pause:NO/NO"))
    assert SV("organise.paused_now", country="Norge") in told.text
    before = await decided(week)
    # Nobody has planned since midnight: the screen is of yesterday, and what the process knows as well.
    week.clock.turn_to(NOON + timedelta(hours=12))
    assert (await ann.presses_in_form(f"{one(told, 'organise_resume')}")).form == "organise_resume"
    assert (await ann.fills()).text == SV("organise.not_yours")
    assert await decided(week) == before

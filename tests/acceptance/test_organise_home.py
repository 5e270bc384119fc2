"""The second face of the App Home, for organisers alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.campaigns import SWEDEN
from tests.simulation import Simulation

from .conftest import RunBot
from .participants import DEPUTY, EN, MANAGER, SV, Participant, participant
from .test_home import on_home
from .test_organise import COLLEAGUE, NOON, WEEK, at_noon, decided, organiser

MY_WEEK, ORGANISE = "organise_home:my_week", "organise_home:organise"
POSTS = SV("organise.posts", country="Sverige")


async def turned(week: Simulation, who: Participant, action: str = ORGANISE) -> str:
    """Press a button of the Home that turns it; what it says then."""
    await who.hand.press_home(action)
    await week.settle()
    return who.home


@pytest.mark.both_ways
async def test_home_turns_to_organise_and_back(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    rep = await organiser(week)
    assert SV("my.title") in await rep.looks_home()
    home = await turned(week, rep)
    assert POSTS in home
    assert SV("my.title") not in home
    assert len((rep.hand.home() or {})["blocks"]) < 100
    assert POSTS in await rep.looks_home(), "it stays as it was left"
    assert SV("my.title") in await turned(week, rep, MY_WEEK)


async def test_colleague_has_one_face(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    ann = await participant(week, COLLEAGUE)
    await ann.looks_home()
    assert [each for each in on_home(ann) if each.startswith("organise")] == []


@pytest.mark.both_ways
async def test_what_is_decided_over_home_is_drawn_there(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    boss = await organiser(week, MANAGER, "en-GB")
    await boss.looks_home()
    await turned(week, boss)
    assert EN("organise.posts", country="Germany") in await turned(week, boss, "organise_home:DE")
    page = await boss.presses_at_home("organise_pause:DE/DE")
    assert EN("organise.paused_now", country="Germany") in page.text
    await week.settle()
    assert EN("organise.paused_title") in boss.home
    assert EN("organise.posts", country="Germany") in boss.home
    await boss.presses_in_form(next(each for each in page.buttons if each.startswith("organise_resume")))
    await week.restart()
    await week.open_door()
    await boss.fills()
    await week.settle()
    assert EN("organise.paused_title") not in boss.home
    assert EN("organise.posts", country="Germany") in boss.home


async def test_post_opens_from_home(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    rep = await organiser(week)
    await rep.looks_home()
    await turned(week, rep)
    opening = next(each for each in on_home(rep) if each.startswith("organise_post:note:"))
    assert (await rep.presses_at_home(opening)).form == "organise_post"


@pytest.mark.both_ways
async def test_former_representative_has_one_face_again(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    rep = await organiser(week)
    await rep.looks_home()
    await turned(week, rep)
    week.say(replace(WEEK, places=(replace(SWEDEN, representative=DEPUTY), *WEEK.places[1:])))
    await week.run_until(NOON + timedelta(minutes=2))
    before = await decided(week)
    assert (await rep.presses_at_home("organise_pause:SE/SE")).text == SV("organise.not_yours")
    await week.settle()
    assert POSTS not in rep.home
    assert SV("my.title") in rep.home
    assert await decided(week) == before


async def test_forged_turn_shows_no_other_country(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    rep = await organiser(week)
    await rep.types("organise")
    assert (await rep.forges_in_form("organise_home", "organise")).text == SV("trouble.stale")

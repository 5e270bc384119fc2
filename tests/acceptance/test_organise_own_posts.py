"""Organisers write posts of a country's own, and take them back."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from bot.store.organiser_acts import Act
from bot.store.outbox import State
from tests.campaigns import GERMANY, NORWAY, SWEDEN, said
from tests.simulation import Simulation

from .conftest import RunBot
from .participants import DEPUTY, EN, MANAGER, MONDAY, REPRESENTATIVE, SV, Answer, Participant, moment, participant
from .test_corrections import everything
from .test_organise import COLLEAGUE, GERMAN, NOON, TUESDAY, WEEK, at_noon, decided, organiser, right
from .test_organise_posts import WHEN, on_post

MINE: Mapping[str, str] = {"title": "Klädbyte", "summary": "Kom på klädbyte.", "body": "Ta med det du *inte* använder."}
AT: Mapping[str, object] = {"day": TUESDAY, "at": time(11)}
ELEVEN = moment(TUESDAY, 11)


async def writing(week: Simulation, user: str = REPRESENTATIVE) -> tuple[Participant, Answer]:
    who = await organiser(week, user)
    await who.types("organise")
    form = await who.presses_in_form("organise_own_post")
    assert form.form == "organise_own_post", form.text
    return who, form


async def planned(week: Simulation, user: str = REPRESENTATIVE) -> tuple[Participant, Answer, str]:
    """An organiser has written a post for Sweden; they look at its page."""
    who, _ = await writing(week, user)
    page = on_post(await who.fills(**AT, **MINE))
    [own] = week.bot.delivery.live.decisions.own_posts
    return who, page, own.id


@pytest.mark.both_ways
async def test_own_post_is_sent_in_its_country(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    _, form = await writing(week)
    assert form.filled["day"]["day"]["selected_date"] == TUESDAY.isoformat()
    rep, page, name = await planned(week)
    assert SV("organise.own_post_planned") in page.text
    assert SV("organise.state.coming") in page.text
    preview = await rep.presses_in_form("organise_preview:sv")
    assert MINE["title"] in preview.text
    await week.restart()
    await week.run_until(ELEVEN)
    assert week.texts("week-se") == [said("tip", "sv"), said("note", "sv"), MINE["summary"]]
    assert week.texts("week-de") == [said("tip", "de"), said("note", "de")]
    assert (await week.row(name)).state is State.SENT


async def test_manager_chooses_the_country(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    boss, form = await writing(week, MANAGER)
    assert form.options("country") == ["SE", "DE", "NO"]
    assert form.chosen("country") == "SE"
    on_post(await boss.fills(country="NO", **AT, **MINE))
    await week.run_until(ELEVEN)
    assert week.texts("week-no")[-1] == MINE["summary"]
    assert MINE["summary"] not in week.texts("week-se")


async def test_own_post_is_edited_and_corrected(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    rep, page, _ = await planned(week)
    assert "organise_discard:sv" not in page.buttons, "there are no other words"
    await rep.presses_in_form("organise_edit:sv")
    on_post(await rep.fills(**{**MINE, "summary": "Kom på klädbytet."}))
    on_post(await rep.presses_in_form("organise_approve:sv"))
    await week.run_until(ELEVEN)
    assert week.texts("week-se")[-1] == "Kom på klädbytet."
    await rep.presses_in_form("organise_edit:sv")
    on_post(await rep.fills(**MINE))
    on_post(await rep.presses_in_form("organise_correct"))
    await week.run_until(ELEVEN + timedelta(minutes=2))
    assert [message.text for message in everything(week)][-1] == MINE["summary"]


async def test_own_post_waits_for_required_approval(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    rules = week.folder / "campaign.toml"
    rules.write_text(rules.read_text("utf-8") + "\n[approval]\nrequired = true\n", "utf-8")
    await week.run_until(NOON + timedelta(minutes=2))
    rep, _, _ = await planned(week)
    await week.run_until(ELEVEN)
    assert MINE["summary"] not in week.texts("week-se")
    await rep.presses_in_form("organise_approve:sv")
    await week.run_until(ELEVEN + timedelta(minutes=2))
    assert week.texts("week-se")[-1] == MINE["summary"]


async def test_own_post_is_left_out_and_brought_back(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    rep, _, name = await planned(week)
    await week.run_until(NOON + timedelta(minutes=2))
    page = on_post(await rep.presses_in_form("organise_leave_out"))
    assert SV("organise.state.left_out") in page.text
    await week.settle()
    assert (await week.row(name)).state is State.CANCELLED
    on_post(await rep.presses_in_form("organise_bring_back"))
    await week.run_until(ELEVEN)
    assert week.texts("week-se")[-1] == MINE["summary"]


@pytest.mark.both_ways
async def test_own_post_is_taken_back_once(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    rep, _, name = await planned(week)
    deputy = await organiser(week, DEPUTY)
    await deputy.types("organise")
    assert (
        SV("organise.own_post_withdrawn", country="Sverige")
        in right(await rep.presses_in_form("organise_withdraw")).text
    )
    told = right(await deputy.forges_in_form("organise_withdraw", f"SE/{name}"))
    assert SV("organise.own_post_withdrawn_before", who=f"<@{REPRESENTATIVE}>", **WHEN) in told.text
    await week.run_until(ELEVEN)
    assert MINE["summary"] not in week.texts("week-se")
    acts = await week.bot.store.read(week.bot.store.organisers.acts, week.campaign.id, 9)
    assert sorted(each.act for each in acts) == [Act.ADDED_POST, Act.WITHDREW_POST]


async def test_own_post_that_was_sent_stays(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    rep, _, name = await planned(week)
    await week.run_until(ELEVEN)
    page = on_post(await rep.forges_in_form("organise_withdraw", f"SE/{name}"))
    assert SV("organise.own_post_left") in page.text
    assert "organise_withdraw" not in page.buttons


WRONG: Mapping[str, Mapping[str, object]] = {
    "outside": {"day": date(2027, 5, 1)},
    "past": {"day": MONDAY, "at": time(11, 59)},
    "meets": {"day": TUESDAY, "at": time(9)},
}


@pytest.mark.parametrize("name", WRONG)
async def test_wrong_time_is_told_and_words_stay(run_bot: RunBot, name: str) -> None:
    week = await at_noon(run_bot)
    before, (rep, _) = await decided(week), await writing(week)
    form = await rep.fills(**{**AT, **WRONG[name]}, **MINE)
    days = {"from": SV.short_day(MONDAY), "to": SV.short_day(date(2027, 3, 21))}
    assert SV(f"form.organise_own_post.{name}", country="Sverige", **days) in form.text
    assert {field: form.filled[field][field]["value"] for field in MINE} == MINE
    assert await decided(week) == before
    on_post(await rep.fills(**AT))


async def test_own_post_is_checked_as_files_are(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    before, (rep, _) = await decided(week), await writing(week)
    wrong = {**MINE, "summary": "utan punkt"}
    assert await rep.is_refused(**AT, **wrong) == {"summary": SV("form.organise_edit.no_sentence")}
    heading = {"body": SV("form.organise_edit.wrong_heading", line="2", shown="# Rubrik")}
    assert await rep.is_refused(**AT, **{**MINE, "body": "Först.\n# Rubrik"}) == heading
    assert await decided(week) == before


async def test_same_form_twice_is_one_post(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    rep, _ = await writing(week)
    for answer in await rep.fills_twice(**AT, **MINE):
        assert SV("organise.own_post_planned") in on_post(answer).text
    assert len(week.bot.delivery.live.decisions.own_posts) == 1


async def test_of_two_at_once_one_is_told(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    (rep, _), (deputy, _) = await writing(week), await writing(week, DEPUTY)
    answers = await asyncio.gather(rep.fills(**AT, **MINE), deputy.fills(**AT, **MINE))
    assert sorted(str(answer.form) for answer in answers) == ["organise_own_post", "organise_post"]
    assert len(week.bot.delivery.live.decisions.own_posts) == 1


@pytest.mark.both_ways
@pytest.mark.parametrize("user", [COLLEAGUE, GERMAN])
async def test_nobody_else_writes_or_takes_back(run_bot: RunBot, user: str) -> None:
    week = await at_noon(run_bot)
    rep, _, name = await planned(week)
    before, who = await decided(week), await participant(week, user)
    for action, value in (("organise_own_post", "SE"), ("organise_withdraw", f"SE/{name}")):
        await who.types("organise")
        assert (await who.forges_in_form(action, value)).text == SV("organise.not_yours")
    await writing(week)
    sent = rep.submission({}, {})
    await who.types("organise")
    forged = {**sent, "user": {**sent["user"], "id": user}, "view": {**sent["view"], "id": _top(who)}}
    values = forged["view"]["state"]["values"]
    for field, value in MINE.items():
        values[field][field]["value"] = value
    assert (await who.sends(forged)).text == SV("organise.not_yours")
    assert await decided(week) == before


def _top(who: Participant) -> str:
    return str((who.hand.modal() or {})["id"])


async def test_own_country_opens_no_other(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    _, _, name = await planned(week)
    before = await decided(week)
    german = await participant(week, GERMAN, locale="sv-SE")
    await german.types("organise")
    gone = await german.forges_in_form("organise_withdraw", f"DE/{name}")
    assert gone.text == SV("trouble.stale"), "the post is none of Germany's"
    rep, _ = await writing(week)
    sent = rep.submission({"home": "DE"}, {})
    for field, value in MINE.items():
        sent["view"]["state"]["values"][field][field]["value"] = value
    assert (await rep.sends(sent)).text == SV("organise.not_yours")
    assert await decided(week) == before


@pytest.mark.both_ways
async def test_former_representative_writes_nothing(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    rep, _ = await writing(week)
    week.say(replace(WEEK, places=(replace(SWEDEN, representative=DEPUTY), *WEEK.places[1:])))
    await week.run_until(NOON + timedelta(minutes=2))
    before = await decided(week)
    assert (await rep.fills(**AT, **MINE)).text == SV("organise.not_yours")
    assert await decided(week) == before


async def test_role_is_asked_where_the_post_is_stored(run_bot: RunBot) -> None:
    """The files move the representative elsewhere between the first look at the role and the write."""
    week = await at_noon(run_bot)
    rep, _, name = await planned(week)
    await rep.types("organise")
    await rep.presses_in_form("organise_own_post")
    live, before = week.bot.delivery.live, await decided(week)
    moved = replace(GERMANY, representative=REPRESENTATIVE)
    week.say(replace(WEEK, places=(replace(SWEDEN, representative=DEPUTY), moved, NORWAY)))
    seen = live.campaign
    assert live.refresh()
    live.campaign = seen
    assert (await rep.fills(day=TUESDAY, at=time(12), **MINE)).text == SV("organise.not_yours")
    await rep.types("organise")
    live.campaign = seen
    assert (await rep.forges_in_form("organise_withdraw", f"SE/{name}")).text == SV("organise.not_yours")
    assert await decided(week) == before


async def test_page_speaks_of_the_act(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    await planned(week)
    boss = await organiser(week, MANAGER, "en-GB")
    page = right(await boss.types("organise"))
    act = EN("organise.act.added_post", who=f"<@{REPRESENTATIVE}>", post=f"*{MINE['title']}*", country="Sweden")
    assert act in page.text

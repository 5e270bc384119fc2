"""Managers name who stands in for a country's representatives, and nobody else does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.store.organiser_acts import Act
from rehearsal.slack.workspace import User
from tests.campaigns import SWEDEN
from tests.simulation import Simulation

from .conftest import RunBot
from .participants import EN, MANAGER, MONDAY, REPRESENTATIVE, SV, Answer, Participant, moment, participant
from .test_organise import COLLEAGUE, GERMAN, NOON, TUESDAY, WEEK, at_noon, decided, organiser, right

OTHER = "U0BOSS"
FRIDAY = date(2027, 3, 19)
WHEN = {"day": EN.short_day(MONDAY), "time": "12:00"}
ENDING = f"organise_end_stand_in:{COLLEAGUE}"


async def naming(week: Simulation, user: str = MANAGER) -> tuple[Participant, Answer]:
    boss = await organiser(week, user, "en-GB")
    await boss.types("organise")
    return boss, listed(await boss.presses_in_form("organise_stand_ins"))


def listed(form: Answer) -> Answer:
    assert form.form == "organise_stand_ins", form.text
    return form


async def named(week: Simulation, until: date = TUESDAY) -> tuple[Participant, Answer]:
    """A colleague stands in for Sweden."""
    await participant(week, COLLEAGUE)
    boss, _ = await naming(week)
    return boss, listed(await boss.fills(user=COLLEAGUE, until=until))


@pytest.mark.both_ways
async def test_stand_in_organises_until_last_day(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    boss, form = await named(week)
    told = EN("organise.stand_in_named", person=f"<@{COLLEAGUE}>", country="Sweden", day=EN.short_day(TUESDAY))
    assert told in form.text
    ann = await participant(week, COLLEAGUE)
    assert SV("organise.posts", country="Sverige") in right(await ann.types("organise")).text
    page = right(await boss.types("organise"))
    assert EN("organise.act.named_stand_in", who=f"<@{MANAGER}>", country="Sweden") in page.text
    await week.run_until(moment(TUESDAY, 23, 59) + timedelta(minutes=2))
    assert (await ann.types("organise")).form == "notice"
    _, later = await naming(week)
    assert EN("organise.no_stand_ins") in later.text


@pytest.mark.both_ways
async def test_standing_in_ends_at_once(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    boss, form = await named(week)
    line = {"person": f"<@{COLLEAGUE}>", "day": EN.short_day(TUESDAY), "who": f"<@{MANAGER}>"}
    assert EN("organise.stand_in", **line) in form.text
    told = listed(await boss.presses_in_form(ENDING))
    assert EN("organise.stand_in_ended", person=f"<@{COLLEAGUE}>", country="Sweden") in told.text
    assert EN("organise.no_stand_ins") in told.text
    assert (await (await participant(week, COLLEAGUE)).types("organise")).form == "notice"
    again = listed(await boss.forges_in_form("organise_end_stand_in", f"SE/{COLLEAGUE}"))
    assert EN("organise.stand_in_ended_before", who=f"<@{MANAGER}>", **WHEN) in again.text


async def test_other_day_replaces_the_first(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    boss, _ = await named(week)
    form = listed(await boss.fills(user=COLLEAGUE, until=FRIDAY))
    before = EN("organise.stand_in_named_before", day=EN.short_day(TUESDAY), who=f"<@{MANAGER}>")
    assert before in form.text
    [stand_in] = week.bot.delivery.live.decisions.stand_ins
    assert stand_in.until == FRIDAY


async def test_same_naming_twice_is_one_act(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    await participant(week, COLLEAGUE)
    boss, _ = await naming(week)
    before = EN("organise.stand_in_named_before", day=EN.short_day(TUESDAY), who=f"<@{MANAGER}>")
    for answer in await boss.fills_twice(user=COLLEAGUE, until=TUESDAY):
        assert before not in listed(answer).text
    acts = await week.bot.store.read(week.bot.store.organisers.acts, week.campaign.id, 9)
    assert [each.act for each in acts] == [Act.NAMED_STAND_IN]


async def test_day_that_is_past_is_refused(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    await participant(week, COLLEAGUE)
    boss, _ = await naming(week)
    past = await boss.is_refused(user=COLLEAGUE, until=MONDAY - timedelta(days=1))
    assert past == {"until": EN("form.organise_stand_ins.past")}


async def test_guest_and_representative_cannot_stand_in(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    week.slack.workspace.add_user(User("U0GUEST", "guest", is_guest=True))
    before, (boss, _) = await decided(week), await naming(week)
    form = listed(await boss.fills(user="U0GUEST", until=TUESDAY))
    assert EN("organise.no_colleague", person="<@U0GUEST>") in form.text
    form = listed(await boss.fills(user=REPRESENTATIVE, until=TUESDAY))
    assert EN("organise.represents_already", person=f"<@{REPRESENTATIVE}>", country="Sweden") in form.text
    assert await decided(week) == before


@pytest.mark.both_ways
@pytest.mark.parametrize("user", [COLLEAGUE, GERMAN, REPRESENTATIVE])
async def test_nobody_but_managers_names_stand_ins(run_bot: RunBot, user: str) -> None:
    week = await at_noon(run_bot)
    boss, _ = await named(week)
    before, who = await decided(week), await participant(week, user)
    # Even the one who stands in is no manager.
    refused = SV("organise.not_yours" if user == GERMAN else "organise.managers_only")
    for action, value in (("organise_stand_ins", "SE"), ("organise_end_stand_in", f"SE/{COLLEAGUE}")):
        page = await who.types("organise")
        assert not [each for each in page.buttons if "stand_in" in each]
        assert (await who.forges_in_form(action, value)).text == refused
    await naming(week)
    sent = boss.submission({}, {})
    await who.types("organise")
    forged = {**sent, "user": {**sent["user"], "id": user}, "view": {**sent["view"], "id": _top(who)}}
    forged["view"]["state"]["values"]["user"]["user"]["selected_user"] = user
    assert (await who.sends(forged)).text == refused
    assert await decided(week) == before


def _top(who: Participant) -> str:
    return str((who.hand.modal() or {})["id"])


async def test_former_manager_names_nobody(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    await participant(week, COLLEAGUE)
    boss, _ = await naming(week)
    week.say(replace(WEEK, managers=(OTHER,)))
    await week.run_until(NOON + timedelta(minutes=2))
    before = await decided(week)
    assert (await boss.fills(user=COLLEAGUE, until=TUESDAY)).text == EN("organise.not_yours")
    assert await decided(week) == before


async def test_role_is_asked_where_stand_ins_are_stored(run_bot: RunBot) -> None:
    """The files make the manager a representative between the first look at the role and the write."""
    week = await at_noon(run_bot)
    boss, _ = await named(week)
    live, before = week.bot.delivery.live, await decided(week)
    week.say(replace(WEEK, managers=(OTHER,), places=(replace(SWEDEN, representative=MANAGER), *WEEK.places[1:])))
    seen = live.campaign
    assert live.refresh()
    live.campaign = seen
    assert (await boss.fills(user=COLLEAGUE, until=FRIDAY)).text == EN("organise.not_yours")
    await boss.types("organise")
    live.campaign = seen
    assert (await boss.forges_in_form("organise_end_stand_in", f"SE/{COLLEAGUE}")).text == EN("organise.not_yours")
    assert await decided(week) == before

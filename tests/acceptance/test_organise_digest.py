"""The digest of each working day: what it says, to whom, and its switch."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.locales.catalogues import words
from bot.store.organiser_acts import Actor
from tests.campaigns import SWEDEN
from tests.simulation import Simulation

from .conftest import RunBot
from .participants import DEPUTY, EN, MANAGER, MONDAY, REPRESENTATIVE, SV, moment, participant
from .test_organise import COLLEAGUE, GERMAN, NOON, TUESDAY, WEEK, at_noon, organiser, right
from .test_organiser_messages import approved, of_kind, required, told

FOUR = moment(MONDAY, 16)
SOON = timedelta(minutes=2)
WEDNESDAY = date(2027, 3, 17)
OFF = "off"


async def at_four(run_bot: RunBot) -> Simulation:
    week = await at_noon(run_bot)
    await week.run_until(FOUR + SOON)
    return week


async def test_every_organiser_gets_one_each_working_day(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    await week.bot.store.write(week.bot.store.pauses.pause, Actor(week.campaign.id, MANAGER, NOON), "")
    await week.run_until(moment(date(2027, 3, 22), 20))
    days = [moment(date(2027, 3, day), 16) for day in (15, 16, 17, 18, 19)]
    for user in (REPRESENTATIVE, DEPUTY, GERMAN, MANAGER):
        assert [each.posted_at for each in of_kind(week, user, "digest")] == days
    german = words("de")
    assert of_kind(week, GERMAN, "digest")[0].text == german("organise.digest", day=german.short_day(MONDAY))


async def test_coming_posts_and_unapproved_words_are_named(run_bot: RunBot) -> None:
    week = await run_bot(WEEK)
    required(week)
    await week.run_until(NOON)
    await approved(week, "how", "sv")
    await week.run_until(FOUR + SOON)
    said = told(of_kind(week, REPRESENTATIVE, "digest")[0])
    assert SV("organise.digest_coming", day=SV.short_day(TUESDAY)) in said
    coming = [line for line in said.split("\n") if "*note*" in line or "*how*" in line]
    assert [line.endswith(SV("organise.digest_unapproved", languages="svenska")) for line in coming] == [True, False]
    assert "*brief*" not in said
    whole = told(of_kind(week, MANAGER, "digest")[0])
    assert EN("organise.digest_unapproved", languages="German, Norwegian Bokmål and Swedish") in whole


async def test_on_friday_the_weekend_is_in_it(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    await week.run_until(moment(date(2027, 3, 19), 17))
    said = told(of_kind(week, REPRESENTATIVE, "digest")[-1])
    assert SV("organise.digest_coming", day=SV.short_day(date(2027, 3, 22))) in said
    assert SV("organise.digest_nothing_coming") in said


async def test_what_failed_is_named_in_its_country(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    await week.run_until(moment(TUESDAY, 8, 30))
    week.slack.faults.answer("msg_too_long", times=6)
    await week.run_until(moment(WEDNESDAY, 17))
    failed = f"*note* (Sverige): {SV('organise.state.failed')}"
    digests = [told(each) for each in of_kind(week, REPRESENTATIVE, "digest")]
    assert [failed in each for each in digests[:2]] == [False, True]
    assert "Tyskland" not in digests[1]
    assert "(Germany)" in told(of_kind(week, MANAGER, "digest")[1])


async def test_open_ideas_are_counted_and_nobody_named(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    ann = await participant(week, COLLEAGUE)
    await ann.joins("SE")
    await ann.types("idea")
    await ann.fills(text="Mindre papper!", named=True)
    await week.run_until(FOUR + SOON)
    for user, spoken in ((REPRESENTATIVE, SV), (MANAGER, EN)):
        said = told(of_kind(week, user, "digest")[0])
        assert spoken.plural("organise.digest_ideas", 1) in said
        assert COLLEAGUE not in said
        assert "papper" not in said
    assert words("de")("organise.digest_no_ideas") in told(of_kind(week, GERMAN, "digest")[0])


@pytest.mark.both_ways
async def test_digest_is_switched_off_and_on_again(run_bot: RunBot) -> None:
    week = await at_four(run_bot)
    rep = await organiser(week)
    [message] = of_kind(week, REPRESENTATIVE, "digest")
    page = right(await rep.presses(message, "organise_digest"))
    assert SV("organise.digest_off") in page.text
    assert SV("button.organise_digest_on") in str(page.blocks[-1])
    await week.run_until(moment(TUESDAY, 17))
    assert len(of_kind(week, REPRESENTATIVE, "digest")) == 1
    assert len(of_kind(week, DEPUTY, "digest")) == 2, "the others go on"
    page = right(await rep.types("organise"))
    page = right(await rep.presses_in_form("organise_digest"))
    assert SV("organise.digest_on") in page.text
    await week.run_until(moment(WEDNESDAY, 17))
    days = [moment(MONDAY, 16), moment(TUESDAY, 17), moment(WEDNESDAY, 16)]
    assert [each.posted_at for each in of_kind(week, REPRESENTATIVE, "digest")] == days, "Tuesday's was not too late"


async def test_switch_is_shown_and_erased_with_own_data(run_bot: RunBot) -> None:
    week = await at_four(run_bot)
    rep = await organiser(week)
    await rep.presses(of_kind(week, REPRESENTATIVE, "digest")[0], "organise_digest")
    assert [*(await rep.stored())] == ["digest_opt_outs"]
    assert SV("my_data.digest_opt_out") in (await rep.types("data")).text
    await rep.types("forget")
    await rep.fills()
    assert await rep.stored() == {}
    await week.run_until(FOUR + 2 * SOON)
    assert len(of_kind(week, REPRESENTATIVE, "digest")) == 1, "the day's digest was sent, and is not sent again"


@pytest.mark.both_ways
async def test_only_organisers_have_a_switch(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    ann = await participant(week, COLLEAGUE)
    rep = await organiser(week)
    await rep.types("organise")
    week.say(replace(WEEK, places=(replace(SWEDEN, representative=DEPUTY), *WEEK.places[1:])))
    await week.run_until(NOON + SOON)
    await ann.types("organise")
    for who in (ann, rep):
        assert (await who.forges_in_form("organise_digest", f"{OFF}/SE")).text == SV("organise.not_yours")
    assert await week.bot.store.read(week.bot.store.digests.off, week.campaign.id) == frozenset()


async def test_former_representative_gets_no_more_digests(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    week.say(replace(WEEK, places=(replace(SWEDEN, representative=DEPUTY), *WEEK.places[1:])))
    await week.run_until(FOUR + SOON)
    assert of_kind(week, REPRESENTATIVE, "digest") == []
    assert len(of_kind(week, DEPUTY, "digest")) == 1

"""What one country shares is taken over by another, which is said below it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from bot.store.organiser_acts import Act
from tests.campaigns import SWEDEN
from tests.simulation import Simulation

from .conftest import RunBot
from .participants import DEPUTY, EN, MANAGER, MONDAY, REPRESENTATIVE, SV, Answer, Participant, moment, participant
from .test_ideas import TEXT, ideas
from .test_organise import COLLEAGUE, GERMAN, NOON, TUESDAY, at_noon
from .test_organise_own_posts import AT, MINE, planned
from .test_organise_posts import on_post
from .test_shared_ideas import ROOM, SHARING, everything, shared

WORDS = {"title": "Ein Dach", "summary": "Wir bauen ein Dach.", "body": "Für *Räder*."}
WHEN = {"day": EN.short_day(TUESDAY), "time": EN.time(time(11))}
LATER = NOON + timedelta(minutes=5)


async def in_room(week: Simulation, user: str) -> Participant:
    """Somebody who reads the organisers' channel."""
    who = await participant(week, user)
    week.slack.workspace.join(ROOM, user)
    return who


async def using(week: Simulation, user: str = GERMAN) -> tuple[Participant, Answer]:
    """Somebody presses the button below what is shared."""
    who = await in_room(week, user)
    return who, await who.presses(everything(week)[0], "organise_use")


async def with_post(run_bot: RunBot) -> tuple[Simulation, Participant, str]:
    """Sweden's own post, which its representative has shared."""
    week = await at_noon(run_bot, SHARING)
    rep, page, name = await planned(week)
    assert "organise_share_post" in page.buttons
    told = on_post(await rep.presses_in_form("organise_share_post"))
    assert SV("share.post_on_its_way") in told.text
    assert "organise_share_post" not in told.buttons
    await week.run_until(NOON + timedelta(minutes=2))
    return week, rep, name


@pytest.mark.both_ways
async def test_idea_is_taken_over_in_another_country(run_bot: RunBot) -> None:
    week, _, _ = await shared(run_bot)
    german, form = await using(week)
    assert form.form == "organise_own_post"
    assert form.filled["body"]["body"]["value"] == TEXT
    on_post(await german.fills(**AT, **WORDS))
    await week.run_until(LATER)
    await week.restart()
    await week.run_until(LATER + timedelta(minutes=2))
    first, news = everything(week)
    assert (news.parent_ts, news.text) == (first.ts, EN("share.taken_over", country="Germany", **WHEN))
    await week.run_until(moment(TUESDAY, 11))
    assert week.texts("week-de")[-1] == WORDS["summary"]
    assert WORDS["summary"] not in week.texts("week-se")


async def test_every_country_that_takes_over_is_named_once(run_bot: RunBot) -> None:
    week, _, _ = await shared(run_bot)
    for user in (GERMAN, REPRESENTATIVE):
        who, _ = await using(week, user)
        on_post(await who.fills(**AT, **WORDS))
    await week.run_until(LATER)
    told = {EN("share.taken_over", country=name, **WHEN) for name in ("Germany", "Sweden")}
    assert {news.text for news in everything(week)[1:]} == told


@pytest.mark.both_ways
@pytest.mark.parametrize(("user", "name"), [(MANAGER, "share.no_country"), (COLLEAGUE, "organise.for_organisers")])
async def test_who_has_no_country_is_told(run_bot: RunBot, user: str, name: str) -> None:
    week, _, _ = await shared(run_bot)
    _, answer = await using(week, user)
    assert SV(name) in answer.text
    assert answer.form != "organise_own_post"


async def test_former_representative_takes_nothing_over(run_bot: RunBot) -> None:
    week, _, _ = await shared(run_bot)
    german, _ = await using(week)
    week.say(
        replace(
            SHARING, places=(SHARING.places[0], *(replace(each, representative=DEPUTY) for each in SHARING.places[1:]))
        )
    )
    await week.run_until(LATER)
    assert (await german.fills(**AT, **WORDS)).text == SV("organise.not_yours")
    assert week.bot.delivery.live.decisions.own_posts == ()
    _, answer = await using(week)
    assert SV("organise.for_organisers") in answer.text


@pytest.mark.both_ways
async def test_own_post_is_shared_once_and_taken_over(run_bot: RunBot) -> None:
    week, _, name = await with_post(run_bot)
    [message] = everything(week)
    assert message.text == EN("share.post_from", country="Sweden")
    assert all(said.replace("*", "") in str(message.blocks).replace("*", "") for said in MINE.values())
    deputy = await participant(week, DEPUTY)
    await deputy.types("organise")
    page = on_post(await deputy.forges_in_form("organise_share_post", f"SE/{name}"))
    told = SV("share.done_before", who=f"<@{REPRESENTATIVE}>", day=SV.short_day(MONDAY), time="12:00")
    assert told in page.text
    german, form = await using(week)
    assert {field: form.filled[field][field]["value"] for field in MINE} == dict(MINE)
    on_post(await german.fills(**AT, **WORDS))
    await week.run_until(LATER)
    assert [each.text for each in everything(week)[1:]] == [EN("share.taken_over", country="Germany", **WHEN)]
    acts = await week.bot.store.read(week.bot.store.organisers.acts, week.campaign.id, 9)
    assert sorted(each.act for each in acts) == [Act.ADDED_POST, Act.ADDED_POST, Act.SHARED_POST]


async def test_withdrawn_post_is_taken_over_no_more(run_bot: RunBot) -> None:
    week, rep, _ = await with_post(run_bot)
    told = await rep.presses_in_form("organise_withdraw")
    assert SV("organise.own_post_withdrawn", country="Sverige") in told.text
    _, answer = await using(week)
    assert answer.text == SV("trouble.stale")


@pytest.mark.both_ways
@pytest.mark.parametrize("user", [COLLEAGUE, GERMAN])
async def test_nobody_else_shares_a_post(run_bot: RunBot, user: str) -> None:
    week = await at_noon(run_bot, SHARING)
    _, _, name = await planned(week)
    who = await participant(week, user)
    await who.types("organise")
    for post in (name, "note"):
        answer = await who.forges_in_form("organise_share_post", f"SE/{post}")
        assert answer.text == SV("organise.not_yours")
    assert await week.bot.store.read(week.bot.store.shares.of_campaign, week.campaign.id) == {}


async def test_role_is_asked_when_a_post_is_shared(run_bot: RunBot) -> None:
    """The files move the representative elsewhere between the first look at the role and the write."""
    week = await at_noon(run_bot, SHARING)
    rep, _, _ = await planned(week)
    live = week.bot.delivery.live
    sweden, germany, norway = SHARING.places
    here, there = replace(sweden, representative=DEPUTY, deputy=None), replace(norway, representative=REPRESENTATIVE)
    week.say(replace(SHARING, places=(here, germany, there)))
    seen = live.campaign
    assert live.refresh()
    live.campaign = seen
    assert (await rep.presses_in_form("organise_share_post")).text == SV("organise.not_yours")
    assert await week.bot.store.read(week.bot.store.shares.of_campaign, week.campaign.id) == {}


async def test_forgetting_somebody_shares_no_post_again(run_bot: RunBot) -> None:
    week, _, _ = await with_post(run_bot)
    ann = await participant(week, COLLEAGUE)
    await ann.joins("SE")
    await week.bot.store.privacy.forget(COLLEAGUE)
    await week.run_until(LATER)
    assert len(everything(week)) == 1


async def test_post_of_a_file_is_not_shared(run_bot: RunBot) -> None:
    week = await at_noon(run_bot, SHARING)
    rep = await participant(week, REPRESENTATIVE)
    await rep.types("organise")
    assert (await rep.forges_in_form("organise_share_post", "SE/note")).text == SV("trouble.stale")


async def test_what_is_not_shared_is_taken_over_by_nobody(run_bot: RunBot) -> None:
    week, _, _ = await shared(run_bot)
    german, _ = await using(week)
    [idea] = await ideas(week)
    secret = replace(idea, id="f" * 32, text="Only for Sweden")
    await week.bot.store.write(week.bot.store.ideas.submit, secret)
    assert (await german.forges("organise_use", secret.id, everything(week)[0])).text == SV("trouble.stale")
    await using(week)
    form = german.submission({"origin": secret.id}, {})
    values = form["view"]["state"]["values"]
    for field, said in WORDS.items():
        values[field][field]["value"] = said
    on_post(await german.sends(form))
    [own] = week.bot.delivery.live.decisions.own_posts
    assert own.origin is None
    assert own.day == date(2027, 3, 16)


async def test_without_a_channel_posts_are_not_shared(run_bot: RunBot) -> None:
    week = await at_noon(run_bot, replace(SHARING, organisers_channel="", places=(SWEDEN, *SHARING.places[1:])))
    german = await participant(week, GERMAN)
    await german.types("organise")
    await german.presses_in_form("organise_own_post")
    page = on_post(await german.fills(**AT, **WORDS))
    assert "organise_share_post" not in page.buttons
    [own] = week.bot.delivery.live.decisions.own_posts
    answer = await german.forges_in_form("organise_share_post", f"DE/{own.id}")
    assert answer.text == SV("share.no_channel")

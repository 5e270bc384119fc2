"""Organisers are written to, once each: when their words no longer hold, when somebody stands in, before and after."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, time, timedelta

import pytest

from bot.campaign.model import Text
from bot.campaign.text_hash import text_hash
from bot.locales.catalogues import words
from bot.messages.words import Words
from bot.settings import Transport
from bot.store.organiser_acts import Actor
from bot.store.outbox import State
from bot.store.text_revisions import Edit
from rehearsal.simulation import finish
from rehearsal.slack.faults import Phase
from rehearsal.slack.workspace import PostedMessage, User
from tests.bot.store.databases import server, up_to_date
from tests.patience import PATIENCE
from tests.simulation import Simulation

from .conftest import RunBot
from .participants import DEPUTY, EN, MANAGER, MONDAY, REPRESENTATIVE, SV, moment, participant, texts
from .test_organise import GERMAN, NOON, TUESDAY, WEEK, at_noon, organiser
from .test_replicas import Pair, pair

__all__ = ["pair", "server", "up_to_date"]

CAI = "U0CAI"
NEW = Text(title="Nytt", summary="Nya ord.", body="Så här.")
SOON = timedelta(minutes=2)
NINE_TOMORROW = moment(TUESDAY, 9)


@pytest.fixture
def transport() -> Transport:
    return Transport.HTTP


def of_kind(week: Simulation, user: str, name: str) -> list[PostedMessage]:
    """The messages to somebody whose first block has this name."""
    return [each for each in week.messages(user) if each.blocks[0]["block_id"] == name]


def told(message: PostedMessage) -> str:
    return "\n".join(texts(message.blocks))


async def edited(week: Simulation, user: str = REPRESENTATIVE, post: str = "note") -> None:
    """Somebody has changed the words of a post."""
    store, base = week.bot.store, text_hash(week.bot.delivery.live.files.text(post, "sv"))
    actor = Actor(week.campaign.id, user, week.clock.now())
    await store.write(store.revisions.revise, actor, Edit(post, "sv", NEW, base))
    await week.bot.delivery.refresh_decisions()


def saved(week: Simulation, post: str = "note") -> None:
    """The file says something else from now on."""
    file = week.folder / "posts" / post / "sv.md"
    file.write_text(file.read_text("utf-8").replace("to do", "to try"), "utf-8")


async def named(week: Simulation, user: str = CAI, until: date = TUESDAY, country: str = "SE") -> None:
    """The manager has named a stand-in."""
    week.slack.workspace.add_user(User(user, "cai"))
    store, boss = week.bot.store, Actor(week.campaign.id, MANAGER, week.clock.now())
    await store.write(store.organisers.name_stand_in, boss, country, user, until)
    await week.bot.delivery.refresh_decisions()


# Words that a file has overtaken


async def test_editor_is_told_once_of_superseded_words(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    await edited(week)
    saved(week)
    await week.run_until(NOON + SOON)
    await week.restart()
    await week.run_until(NOON + 2 * SOON)
    [message] = of_kind(week, REPRESENTATIVE, "words_superseded")
    assert SV("organise.superseded", post="*note*", language="svenska") in told(message)
    assert "> Nya ord." in told(message)
    assert week.messages(DEPUTY) == []
    rep = await organiser(week)
    page = await rep.presses(message, "organise_post")
    assert page.form == "organise_post"


async def test_absorbed_or_replaced_words_are_no_news(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    await edited(week)
    file = week.folder / "posts" / "note" / "sv.md"
    file.write_text(f'+++\ntitle = "{NEW.title}"\nsummary = "{NEW.summary}"\n+++\n\n{NEW.body}\n', "utf-8")
    await week.run_until(NOON + SOON)
    assert week.campaign.text("note", "sv") == NEW
    assert week.messages(REPRESENTATIVE) == []


@pytest.mark.parametrize("at", ["before", "after"])
async def test_killed_while_telling_tells_once(run_bot: RunBot, at: Phase) -> None:
    week = await at_noon(run_bot)
    reached, never = asyncio.Event(), asyncio.Event()

    async def hold(phase: Phase) -> None:
        if phase == at:
            reached.set()
            await never.wait()

    await edited(week)
    saved(week)
    week.slack.faults.call(hold)
    week.clock.turn_to(NOON + SOON)
    week.bot.delivery.request_plan()
    working = asyncio.create_task(finish(week.bot))
    await asyncio.wait_for(reached.wait(), PATIENCE)
    await week.bot.kill(working)
    await week.restart()
    await week.run_until(NOON + timedelta(minutes=30))
    assert len(of_kind(week, REPRESENTATIVE, "words_superseded")) == 1


async def test_forgotten_editor_is_not_told(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    await edited(week)
    await week.bot.store.privacy.forget(REPRESENTATIVE)
    saved(week)
    await week.run_until(NOON + SOON)
    assert of_kind(week, REPRESENTATIVE, "words_superseded") == []


# Who stands in


async def test_stand_in_and_representatives_hear_of_it(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    await named(week)
    await week.run_until(NOON + SOON)
    day = SV.short_day(TUESDAY)
    about = {"country": "Sverige", "day": day, "who": f"<@{MANAGER}>"}
    [message] = week.messages(CAI)
    assert message.text == SV("organise.stand_in_you_named", **about)
    for user in (REPRESENTATIVE, DEPUTY):
        assert week.texts(user) == [SV("organise.stand_in_other_named", user=f"<@{CAI}>", **about)]
    assert (week.messages(GERMAN), week.messages(MANAGER)) == ([], [])
    cai = await participant(week, CAI)
    assert (await cai.presses(message, "organise")).form == "organise"


async def test_an_end_is_told_and_naming_again(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    await named(week)
    await week.run_until(NOON + SOON)
    store, boss = week.bot.store, Actor(week.campaign.id, MANAGER, week.clock.now())
    await store.write(store.organisers.end_stand_in, boss, "SE", CAI)
    await week.run_until(NOON + 2 * SOON)
    assert week.texts(CAI)[1:] == [SV("organise.stand_in_you_ended", country="Sverige")]
    assert week.texts(DEPUTY)[1:] == [SV("organise.stand_in_other_ended", user=f"<@{CAI}>", country="Sverige")]
    await named(week)
    await week.run_until(NOON + 3 * SOON)
    assert len(week.messages(CAI)) == 3


async def test_naming_that_was_ended_at_once_is_not_told(run_bot: RunBot) -> None:
    week = await run_bot(WEEK)
    await named(week)
    await week.run_until(moment(MONDAY, 0, 10))
    assert week.messages(CAI) == [], "it is night"
    store, boss = week.bot.store, Actor(week.campaign.id, MANAGER, week.clock.now())
    await store.write(store.organisers.end_stand_in, boss, "SE", CAI)
    await week.run_until(moment(MONDAY, 8))
    assert week.texts(CAI) == [SV("organise.stand_in_you_ended", country="Sverige")]


async def test_forgotten_stand_in_leaves_no_message_behind(run_bot: RunBot) -> None:
    week = await at_noon(run_bot)
    await named(week, until=date(2027, 3, 19))
    await week.run_until(moment(MONDAY, 17))
    assert len(week.messages(CAI)) == 2, "the news, and the first digest"
    await week.bot.store.privacy.forget(CAI)
    await week.run_until(moment(TUESDAY, 17))
    assert len(week.messages(CAI)) == 2
    assert CAI not in repr([each.slot for each in await week.rows()])


# What waits to be approved


def required(week: Simulation) -> None:
    rules = week.folder / "campaign.toml"
    rules.write_text(rules.read_text("utf-8") + "\n[approval]\nrequired = true\n", "utf-8")


async def approved(week: Simulation, post: str, language: str, user: str = REPRESENTATIVE) -> None:
    store, hash_ = week.bot.store, text_hash(week.campaign.text(post, language))
    actor = Actor(week.campaign.id, user, week.clock.now())
    await store.write(store.approvals.approve, actor, post, language, hash_)
    await week.bot.delivery.refresh_decisions()


def waits(language: str, day: date, at: time) -> str:
    spoken = words(language)
    return spoken("organise.approval_waiting", day=spoken.short_day(day), time=spoken.time(at))


def heard(week: Simulation, user: str, text: str) -> list[datetime]:
    # To the minute: two messages to one person are a second apart.
    return [each.posted_at.replace(second=0) for each in week.messages(user) if each.text == text]


async def test_approvers_hear_twice_of_what_waits(run_bot: RunBot) -> None:
    week = await run_bot(WEEK)
    required(week)
    await week.run_until(moment(MONDAY, 9, 1))
    await approved(week, "note", "de", GERMAN)
    await week.run_until(moment(TUESDAY, 7, 1))
    twice = [moment(MONDAY, 9), moment(TUESDAY, 7)]
    assert heard(week, REPRESENTATIVE, waits("sv", TUESDAY, time(9))) == twice
    assert heard(week, MANAGER, waits("en", TUESDAY, time(9))) == twice, "nobody represents Norway"
    assert heard(week, GERMAN, waits("de", TUESDAY, time(9))) == twice[:1], "it has been approved since"
    [message] = [each for each in of_kind(week, REPRESENTATIVE, "approval_waiting") if each.posted_at >= twice[1]]
    assert SV("organise.unapproved", post="*note*", languages="svenska") in told(message)
    rep = await organiser(week)
    page = await rep.presses(message, "organise_post:note")
    assert "organise_approve:sv" in page.buttons


async def test_words_that_lapse_late_are_told_at_once(run_bot: RunBot) -> None:
    week = await run_bot(WEEK)
    required(week)
    await week.run_until(moment(MONDAY, 8))
    await approved(week, "note", "sv")
    await week.run_until(NOON)
    await edited(week, DEPUTY)
    await week.run_until(NOON + SOON)
    assert len(heard(week, REPRESENTATIVE, waits("sv", TUESDAY, time(9)))) == 1
    assert heard(week, REPRESENTATIVE, waits("sv", TUESDAY, time(9)))[0] >= NOON


async def test_nothing_waits_where_approval_is_not_required(run_bot: RunBot) -> None:
    week = await run_bot(WEEK)
    await week.run_until(moment(TUESDAY, 9))
    for user in (REPRESENTATIVE, GERMAN, MANAGER):
        assert of_kind(week, user, "approval_waiting") == []


# Before the week, and after it


async def test_days_before_the_week_are_told(run_bot: RunBot) -> None:
    week = await run_bot(WEEK, start=moment(date(2027, 3, 3), 12), without=["week-no"])
    await week.bot.store.write(week.bot.store.pauses.pause, Actor(week.campaign.id, MANAGER, week.clock.now()), "")
    await week.run_until(moment(date(2027, 3, 12), 12))
    for user, spoken in ((REPRESENTATIVE, SV), (MANAGER, EN)):
        found = of_kind(week, user, "countdown")
        assert [each.posted_at for each in found] == [moment(date(2027, 3, day), 9) for day in (4, 10, 12)]
        left = [spoken.plural("organise.countdown", number, day=spoken.day(MONDAY)) for number in (7, 3, 1)]
        assert [each.text for each in found] == left
        assert spoken("organise.channel", channel="`week-no`") in told(found[-1])
    assert [
        each.slot.post for each in await week.rows() if each.slot.kind == "countdown" and each.state is State.DUE
    ] == []


async def test_days_that_have_passed_are_not_made_up_for(run_bot: RunBot) -> None:
    week = await run_bot(WEEK, start=moment(date(2027, 3, 11), 12))
    await week.run_until(moment(date(2027, 3, 12), 12))
    assert len(of_kind(week, REPRESENTATIVE, "countdown")) == 1
    posts = {each.slot.post for each in await week.rows() if each.slot.kind == "countdown"}
    assert posts == {"countdown-1"}


async def test_after_the_week_arrived_posts_are_counted(run_bot: RunBot) -> None:
    week = await run_bot(WEEK)
    ann = await participant(week, "U0ANN")
    await ann.joins("SE", messages=True)
    await week.run_until(NINE_TOMORROW - SOON)
    week.slack.faults.answer("msg_too_long", times=6)
    await week.run_until(moment(date(2027, 3, 22), 12))
    [message] = of_kind(week, REPRESENTATIVE, "reach")
    assert message.posted_at == moment(date(2027, 3, 22), 9)
    assert arrived(SV, "Sverige", 1, 2) in told(message)
    assert arrived(SV, SV("organise.reach_company").capitalize(), 1, 1) in told(message)
    assert "Tyskland" not in told(message)
    [whole] = of_kind(week, MANAGER, "reach")
    assert arrived(EN, "Germany", 1, 2) in told(whole)
    assert "U0ANN" not in told(message) + told(whole)


def arrived(spoken: Words, where: str, number: int, planned: int) -> str:
    return spoken.plural("organise.reach_posts", planned, where=where, arrived=str(number))


# Over both replicas


async def test_two_replicas_write_to_each_organiser_once(pair: Pair) -> None:
    four = moment(MONDAY, 16, 1)
    await asyncio.gather(pair.front.run_until(four), pair.other.run_until(four))
    for user in (REPRESENTATIVE, DEPUTY, MANAGER):
        assert len(of_kind(pair.front, user, "digest")) == 1

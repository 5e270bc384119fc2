"""Tips, and Earth Hour: one action each, and one message at a weekend for who asks for it."""

from __future__ import annotations

from datetime import date, timedelta

from bot.messages.words import Words
from bot.store.actions import Action, ActionKind
from bot.store.outbox import State
from tests.simulation import Simulation

from .conftest import RunBot
from .participants import (
    EARTH_HOUR,
    EN,
    FRIDAY,
    MONDAY,
    MONDAY_AFTER,
    SV,
    VISITED,
    WEDNESDAY,
    Participant,
    member,
    moment,
    participant,
    said,
    totals_of,
)

SUNDAY = date(2027, 3, 14)


async def test_one_deed_for_each_person_and_tip(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    await week.run_until(moment(MONDAY, 10))
    ann, bo = await member(week), await member(week, "U0BO", country="DE")
    tip = said(week, "week-se", "tip")
    assert (await ann.presses(tip, "did_this")).text == SV("tip.noted")
    assert (await ann.presses(tip, "did_this")).text == SV("tip.known")
    assert (await bo.presses(tip, "did_this")).text == SV("tip.noted")
    assert ("tip", "tip", "DE") in await bo.did()


async def test_command_and_home_show_tip_with_button(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    await week.run_until(moment(MONDAY, 10))
    shown = await ann.types("tip")
    assert "Something **to do** about tip." in shown.text
    assert (await ann.presses(shown.shown, "did_this")).text == SV("tip.noted")
    assert SV("home.tip", title="tip") in await ann.looks_home()
    assert (await ann.presses_at_home("did_this")).text == SV("tip.known")


async def test_before_the_first_tip_its_day_is_told(run_bot: RunBot) -> None:
    week = await run_bot(VISITED, start=moment(MONDAY - timedelta(days=3), 10))
    ann = await member(week)
    assert (await ann.types("tip")).text == SV("tip.none_yet", day=SV.day(MONDAY))


def counted(simulation: Simulation) -> list[str]:
    """What the tip says about how many have done it, in the channel of each country."""
    tips = [said(simulation, place.channel, "tip") for place in simulation.week.places]
    return ["\n".join(str(block) for block in tip.blocks if block["block_id"] == "count") for tip in tips]


async def _did(simulation: Simulation, *numbers: int) -> None:
    for number in numbers:
        deed = Action(simulation.campaign.id, f"U0{number}", ActionKind.TIP, "tip", "SE", simulation.clock.now())
        await simulation.bot.store.write(simulation.bot.store.actions.record, deed)


def _done_by(count: int, spoken: Words) -> str:
    said = spoken("people.about", count=spoken.number(count))
    return spoken("count.done", people=f"{said[:1].upper()}{said[1:]}")


async def _count(week: Simulation) -> int:
    newest = await week.bot.publisher.newest(week.campaign)
    assert newest is not None
    [count] = newest.tips.values()
    assert isinstance(count, int)
    return count


def _updates(week: Simulation) -> int:
    return sum(call.method == "chat.update" for call in week.slack.calls)


async def test_count_under_tip_changes_only_with_figures(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    await week.run_until(moment(MONDAY, 10))
    ann = await member(week)
    await ann.presses(said(week, "week-se", "tip"), "did_this")
    await week.bot.delivery.plan()
    await week.run_until(moment(WEDNESDAY, 11))
    await _did(week, *range(60))
    await week.bot.delivery.plan()
    assert counted(week) == ["", "", ""], "no press shows before the figures do"
    await week.run_until(moment(WEDNESDAY, 12))
    await week.bot.delivery.plan()
    first = await _count(week)
    assert 30 < first < 95
    assert _done_by(first, SV) in counted(week)[0]
    assert SV("standings.blurred") in counted(week)[0]
    assert _done_by(first, EN) not in counted(week)[0]
    assert all(counted(week))
    await _did(week, *range(100, 180))
    await week.bot.delivery.plan()
    assert _updates(week) == len(week.week.places)
    await week.run_until(moment(FRIDAY, 11))
    await _did(week, *range(180))
    await week.run_until(moment(FRIDAY, 12))
    await week.bot.delivery.plan()
    assert _done_by(await _count(week), SV) in counted(week)[0]
    assert await _count(week) > first
    assert _updates(week) == 2 * len(week.week.places)


async def test_button_of_tip_with_count_works(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    await week.run_until(moment(WEDNESDAY, 11))
    await _did(week, *range(60))
    await week.run_until(moment(WEDNESDAY, 12))
    ann = await member(week)
    assert (await ann.presses(said(week, "week-se", "tip"), "did_this")).text == SV("tip.noted")


async def friday(run_bot: RunBot) -> tuple[Simulation, Participant]:
    """The Friday before Earth Hour, with its notice, and somebody who has joined."""
    week = await run_bot(VISITED, start=moment(FRIDAY, 10))
    ann = await member(week)
    await week.run_until(moment(FRIDAY, 12))
    return week, ann


async def test_earth_hour_can_be_joined_from_monday_on(run_bot: RunBot) -> None:
    week = await run_bot(VISITED, start=moment(SUNDAY, 23))
    ann = await member(week)
    before = await ann.types("earthhour")
    assert before.buttons == ["earth_hour_calendar"]
    assert before.shown is not None
    early = await ann.forges("earth_hour_join", week.campaign.id, before.shown)
    assert early.text == SV("earth_hour.too_early", day=SV.day(MONDAY))
    assert [kind for kind, *_ in await ann.did()] == ["joined"]
    await week.run_until(moment(MONDAY, 8))
    asked = await ann.types("earthhour")
    assert asked.buttons == ["earth_hour_join", "earth_hour_remind", "earth_hour_calendar"]
    joined = SV("earth_hour.joined", day=SV.short_day(EARTH_HOUR), time=SV.time(week.campaign.earth_hour.starts))
    for _ in range(2):
        assert (await ann.presses(asked.shown, "earth_hour_join")).text == joined
    assert (await ann.did())[1:] == [("earth_hour_intent", "", "SE")]
    assert SV("my.earth_hour_intent") in (await ann.types("my")).text


async def test_once_it_has_begun_nobody_joins_any_more(run_bot: RunBot) -> None:
    week, ann = await friday(run_bot)
    notice = said(week, "week-se", "notice")
    await week.run_until(moment(EARTH_HOUR, 20, 30))
    assert (await ann.presses(notice, "earth_hour_join")).text == SV("earth_hour.begun")
    assert (await ann.presses(notice, "earth_hour_remind")).text == SV("earth_hour.no_reminder")
    assert [kind for kind, *_ in await ann.did()] == ["joined"]


async def test_remind_me_sends_one_message_at_local_time(run_bot: RunBot) -> None:
    week = await run_bot(VISITED, start=moment(FRIDAY, 10))
    people = [await member(week, f"U0ANN{number}", zone=zone) for number, zone in enumerate(ZONES)]
    other = await member(week, "U0BO", messages=True)
    await week.run_until(moment(FRIDAY, 12))
    when = {"day": SV.short_day(EARTH_HOUR), "time": SV.time(moment(EARTH_HOUR, 20, 15, "UTC").time())}
    for ann in people:
        for _ in range(2):
            answer = await ann.presses(said(week, "week-se", "notice"), "earth_hour_remind")
            assert answer.text == SV("earth_hour.reminder_set", **when)
    await week.run_until(moment(MONDAY_AFTER, 9))
    for ann, zone in zip(people, ZONES, strict=True):
        assert [message.posted_at for message in week.messages(ann.user)] == [moment(EARTH_HOUR, 20, 15, zone)]
    # Whoever has pledged nothing is not asked how it went.
    assert week.messages(other.user) == []


ZONES = ("Europe/Stockholm", "Asia/Kathmandu", "America/Los_Angeles")


async def test_reminder_requested_during_pause_is_sent(run_bot: RunBot) -> None:
    week, ann = await friday(run_bot)
    await ann.types("pause 2027-03-26")
    await ann.presses(said(week, "week-se", "notice"), "earth_hour_remind")
    await week.run_until(moment(MONDAY_AFTER, 9))
    assert len(week.messages(ann.user)) == 1


async def test_stopping_takes_the_reminder_back(run_bot: RunBot) -> None:
    week, ann = await friday(run_bot)
    await ann.presses(said(week, "week-se", "notice"), "earth_hour_remind")
    await week.bot.delivery.plan()
    assert (await week.row("reminder", ann.user)).state is State.DUE
    await ann.types("messages off")
    assert (await week.row("reminder", ann.user)).state is State.CANCELLED
    await week.run_until(moment(MONDAY_AFTER, 9))
    assert week.messages(ann.user) == []


async def test_the_calendar_file_comes_as_a_direct_message(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await participant(week)
    shown = await ann.types("earthhour")
    assert (await ann.presses(shown.shown, "earth_hour_calendar")).text == SV("earth_hour.calendar_sent")
    [message] = week.messages(ann.user)
    assert message.text == SV("earth_hour.calendar_comment")
    [file] = message.files
    # Without a zone: half past eight wherever one is.
    assert b"DTSTART:20270320T203000\r\n" in file.content
    assert await ann.stored() == {}


async def after(run_bot: RunBot) -> tuple[Simulation, Participant]:
    """The Monday after Earth Hour, when everybody is asked, and somebody who has joined."""
    week = await run_bot(VISITED, start=moment(MONDAY_AFTER, 9))
    ann = await member(week)
    await week.run_until(moment(MONDAY_AFTER, 11))
    return week, ann


async def test_who_joined_says_so_and_for_how_long(run_bot: RunBot) -> None:
    week, ann = await after(run_bot)
    question = said(week, "week-se", "hour")
    assert (await ann.presses(question, "earth_hour_did")).form == "minutes"
    first, second = await ann.fills_twice(minutes="45")
    assert first.text == second.text == SV.plural("earth_hour.minutes_noted", 45)
    found = await totals_of(week)
    assert (found["earth_hour_people", "SE"], found["earth_hour_minutes", "SE"]) == (1, 45)
    await ann.presses(question, "earth_hour_did")
    assert [(deed.answer, deed.minutes) for deed in (await ann.deeds())[1:]] == [("did", 45)]
    assert SV.plural("my.earth_hour_minutes", 45) in (await ann.types("my")).text


async def test_invalid_minutes_are_refused_in_form(run_bot: RunBot) -> None:
    week, ann = await after(run_bot)
    await ann.presses(said(week, "week-se", "hour"), "earth_hour_did")
    sent = ann.submission({}, {})
    for minutes in ("0", "61", "-5", "1.5", "many", "9" * 23):
        sent["view"]["state"]["values"]["minutes"]["minutes"]["value"] = minutes
        reply = await ann.hand.send(sent)
        assert reply.body["response_action"] == "errors"
        assert list(reply.body["errors"]) == ["minutes"]
    assert [(deed.answer, deed.minutes) for deed in (await ann.deeds())[1:]] == [("did", None)]


async def test_every_answer_is_fine_and_can_be_changed(run_bot: RunBot) -> None:
    week, ann = await after(run_bot)
    question = said(week, "week-se", "hour")
    for answer in ("forgot", "forgot", "other", "other"):
        assert (await ann.presses(question, f"earth_hour_{answer}")).text == SV(f"earth_hour.{answer}_noted")
        assert [(deed.kind, deed.answer) for deed in (await ann.deeds())[1:]] == [(ActionKind.EARTH_HOUR, answer)]
        assert SV(f"my.earth_hour_{answer}") in (await ann.types("my")).text
    await ann.presses(question, "earth_hour_did")
    assert [deed.answer for deed in (await ann.deeds())[1:]] == ["did"]


async def test_earth_hour_answer_is_refused_before_its_end(run_bot: RunBot) -> None:
    week, ann = await friday(run_bot)
    notice = said(week, "week-se", "notice")
    week.clock.turn_to(moment(EARTH_HOUR, 21, 29))
    for action in ("earth_hour_did", "earth_hour_forgot", "earth_hour_other"):
        answer = await ann.forges(action, "hour", notice)
        assert answer.text == SV("earth_hour.not_yet", day=SV.day(EARTH_HOUR))
    assert len(await ann.deeds()) == 1
    week.clock.turn_to(moment(EARTH_HOUR, 21, 30))
    assert (await ann.forges("earth_hour_forgot", "hour", notice)).text == SV("earth_hour.forgot_noted")
    assert len(await ann.deeds()) == 2


async def test_command_and_home_ask_about_earth_hour_afterwards(run_bot: RunBot) -> None:
    _, ann = await after(run_bot)
    asked = ["earth_hour_did", "earth_hour_forgot", "earth_hour_other"]
    assert (await ann.types("earthhour")).buttons == asked
    assert SV("home.earth_hour_over") in await ann.looks_home()
    assert (await ann.presses_at_home("earth_hour_other")).text == SV("earth_hour.other_noted")
    await ann.hand.until(lambda: SV("my.earth_hour_other") in ann.home)


async def test_reminder_uses_time_zone_at_moment_of_asking(run_bot: RunBot) -> None:
    week = await run_bot(VISITED, start=moment(FRIDAY, 10))
    ann = await member(week)
    await week.run_until(moment(FRIDAY, 12))
    await participant(week, "U0ANN", zone="America/New_York")
    await ann.presses(said(week, "week-se", "notice"), "earth_hour_remind")
    await week.run_until(moment(MONDAY_AFTER, 9))
    came = [message.posted_at for message in week.messages(ann.user)]
    assert came == [moment(date(2027, 3, 20), 20, 15, "America/New_York")]

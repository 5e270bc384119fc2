"""Pledges: chosen by what they save, planned, reminded of, and taken back."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot.delivery.unscheduled_messages import ALREADY_DONE
from bot.listeners import interaction_handlers
from bot.store.outbox import State
from bot.store.pledges import Factor
from rehearsal.slack.faults import Phase as Point
from rehearsal.slack.rate_limits import RateLimits
from tests.campaigns import planned, promised
from tests.simulation import MIDNIGHT, Simulation, person

from .conftest import RunBot
from .participants import CLOSES, MONDAY, SV, VISITED, Participant, member, moment, participant, said, totals_of

TUESDAY, WEDNESDAY = date(2027, 3, 16), date(2027, 3, 17)
BIKE = promised("bike", "sv")


async def letters(simulation: Simulation, kind: str) -> list[tuple[str, datetime, State]]:
    """Whom letters of a kind are for, when they are due, and where they stand."""
    return [
        (row.slot.recipient, row.slot.due_at, row.state) for row in await simulation.rows() if row.slot.kind == kind
    ]


async def test_pledges_show_figures_of_persons_country(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week, country="DE")
    form = await ann.types("pledge")
    assert form.form == "pledges"
    assert all(promised(each.name, "sv") in form.text for each in VISITED.promises)
    assert SV("estimate.about", kilograms="4") in form.text
    assert SV("estimate.symbolic") in form.text
    await ann.types("country SE")
    assert SV("estimate.about", kilograms="2,5") in (await ann.types("pledge")).text


@pytest.mark.parametrize("press", ["pledge_choose:bike", "pledge_already:bike"])
async def test_pledge_left_out_in_a_country_is_not_made(run_bot: RunBot, press: str) -> None:
    week = await run_bot(VISITED)
    ann, bo = await member(week, "U0ANN", "SE"), await member(week, "U0BO", "DE")
    for who in (ann, bo):
        await who.types("pledge")
    # The list stays open while the campaign's files change.
    left_out = [replace(each, left_out=("SE",)) if each.name == "bike" else each for each in VISITED.promises]
    week.say(replace(week.week, promises=left_out))
    await week.bot.delivery.plan()
    assert SV("trouble.stale") in (await ann.forges_in_form(press, "bike")).text
    assert SV("trouble.stale") not in (await bo.forges_in_form(press, "bike")).text
    assert BIKE not in (await ann.types("pledge")).text


async def test_pledge_that_was_made_can_still_be_changed(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    await ann.types("pledge")
    await ann.presses_in_form("pledge_choose:bike")
    await ann.fills()
    await ann.types("pledge")
    left_out = [replace(each, left_out=("SE",)) if each.name == "bike" else each for each in VISITED.promises]
    week.say(replace(week.week, promises=left_out))
    await week.bot.delivery.plan()
    assert (await ann.presses_in_form("pledge_choose:bike")).form == "plan"
    assert BIKE in (await ann.types("my")).text


async def test_source_opens_above_and_the_list_comes_back(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    await ann.types("pledge")
    await ann.presses_in_form("pledge_choose:dryer")
    why = await ann.presses_in_form("pledge_why:dryer")
    assert why.form == "why"
    assert "A study, 2024" in why.text
    await ann.hand.close()
    assert ann.answer(modal=True).form == "plan"
    assert (await ann.presses_in_form("pledges_page")).form == "pledges"


async def test_slowly_confirmed_form_is_not_overwritten_by_notice(
    run_bot: RunBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    await ann.types("pledge")
    monkeypatch.setattr(interaction_handlers, "WAIT_NOTICE_SECONDS", 0.05)

    async def dawdle(at: Point) -> None:
        if at == "after":
            await asyncio.sleep(0.3)

    week.slack.faults.call(dawdle, method="views.update")
    with capture_logs() as logs:
        await ann.hand.press_view("pledge_choose:dryer")
        await week.settle()
    assert "interaction.slow" in {line.get("action") for line in logs}
    assert ann.answer(modal=True).form == "plan"


async def test_pledge_keeps_its_plan_figure_and_country(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    answer = await ann.pledges("dryer", how="0")
    assert answer.text == SV("pledge.made", pledge=promised("dryer", "sv"))
    await ann.types("country DE")
    [pledged] = await ann.pledged()
    assert (pledged.pledge, pledged.country, pledged.plan) == ("dryer", "SE", planned("dryer", "sv"))
    assert (pledged.factor, pledged.already, pledged.made_at) == (Factor(2.5, 2.5, 2.5, "1"), False, MIDNIGHT)
    assert planned("dryer", "sv") in (await ann.types("my")).text


async def test_plan_in_own_words_is_shown_as_written(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    await ann.pledges("bike", how="own", own="<!channel> & home")
    assert (await ann.pledged())[0].plan == "<!channel> & home"
    assert "&lt;!channel&gt; &amp; home" in (await ann.types("my")).text


async def test_missing_own_words_are_asked_for(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    await ann.types("pledge")
    await ann.presses_in_form("pledge_choose:bike")
    assert await ann.is_refused(how="own") == {"own": SV("form.plan.empty")}
    assert await ann.pledged() == []


async def test_habit_counts_as_taking_part_not_as_pledge(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    await ann.types("pledge")
    await ann.presses_in_form("pledge_choose:bike")
    assert (await ann.presses_in_form("pledge_already:bike")).text == SV("pledge.already", pledge=BIKE)
    assert SV("my.already") in (await ann.types("my")).text
    assert await totals_of(week) == {("participants", "SE"): 1}


async def test_pledge_cannot_be_turned_into_habit(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    await ann.pledges("bike")
    await ann.types("pledge")
    assert (await ann.forges_in_form("pledge_already:bike", "bike")).text == SV("pledge.already_made", pledge=BIKE)
    assert [each.already for each in await ann.pledged()] == [False]


async def test_reminder_comes_as_direct_message_at_local_time(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await participant(week, zone="America/New_York")
    await ann.joins()
    answer = await ann.pledges("bike", days=["2027-03-16", "2027-03-17"], at="09:30")
    assert answer.text == SV("pledge.made_reminded", pledge=BIKE)
    await week.run_until(moment(WEDNESDAY, 10, zone="America/New_York"))
    reminders = week.messages(ann.user)
    assert [each.posted_at for each in reminders] == [
        moment(day, 9, 30, zone="America/New_York") for day in (TUESDAY, WEDNESDAY)
    ]
    assert {each.text for each in reminders} == {SV("reminder.text", title=BIKE)}
    answer = await ann.presses(reminders[-1], "done_today")
    assert answer.text == SV("done.noted", pledge=BIKE, day=SV.short_day(WEDNESDAY))
    await week.run_until(moment(date(2027, 3, 19), 8))
    assert len(week.messages(ann.user)) == 2


@pytest.mark.parametrize(("pledge", "sent"), [("bike", ["2027-03-17"]), ("laptop", [])])
async def test_what_is_done_already_is_not_reminded_of(run_bot: RunBot, pledge: str, sent: list[str]) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    await ann.pledges(pledge, days=["2027-03-16", "2027-03-17"], at="09:30")
    await week.run_until(moment(TUESDAY, 8))
    await ann.presses((await ann.types("my")).shown, f"done_today:{pledge}")
    await week.run_until(moment(WEDNESDAY, 11))
    found = {row.slot.local_date.isoformat(): row for row in await week.rows() if row.slot.kind == "reminder"}
    assert [day for day, row in found.items() if row.state is State.SENT] == sent
    assert (found["2027-03-16"].state, found["2027-03-16"].reason) == (State.CANCELLED, ALREADY_DONE)


async def test_reminders_keep_working_hours_unless_wanted_otherwise(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    wanted = {"bike": ("06:00", False), "dryer": ("21:00", False), "laptop": ("06:00", True)}
    for pledge, (at, any_hour) in wanted.items():
        await ann.pledges(pledge, days=["2027-03-16"], at=at, any_hour=any_hour)
    await week.bot.delivery.plan()
    assert sorted(due_at for _, due_at, _ in await letters(week, "reminder")) == [
        moment(TUESDAY, hour) for hour in (6, 8, 17)
    ]


async def test_reminders_are_offered_for_working_days_to_come(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    await week.run_until(moment(date(2027, 3, 18), 9))
    ann = await member(week, country="NO")
    await ann.types("pledge")
    days = (await ann.presses_in_form("pledge_choose:bike")).options("days")
    # Maundy Thursday and Good Friday of 2027 are the 25th and 26th of March.
    assert days == ["2027-03-19", "2027-03-22", "2027-03-23", "2027-03-24"]


async def test_withdrawing_takes_the_reminder_and_the_count_back(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    await ann.pledges("bike", days=["2027-03-16"])
    await week.bot.delivery.plan()
    mine = await ann.types("my")
    assert (await ann.presses(mine.shown, "pledge_withdraw:bike")).text == SV("pledge.withdrawn", pledge=BIKE)
    await week.run_until(moment(WEDNESDAY, 9))
    assert week.messages(ann.user) == []
    assert await ann.pledged() == []
    assert ("pledges", "SE") not in await totals_of(week)
    again = await ann.presses(mine.shown, "pledge_withdraw:bike")
    assert again.text == SV("pledge.none", pledge=BIKE)


async def test_the_reminders_stop_and_the_pledge_stays(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    await ann.pledges("bike", days=["2027-03-16", "2027-03-17"], at="09:00")
    await week.run_until(moment(TUESDAY, 10))
    [reminder] = week.messages(ann.user)
    assert (await ann.presses(reminder, "reminders_stop")).text == SV("reminders.stopped", pledge=BIKE)
    await week.run_until(moment(date(2027, 3, 18), 10))
    assert len(week.messages(ann.user)) == 1
    assert [each.pledge for each in await ann.pledged()] == ["bike"]


async def test_pledge_can_be_replanned_and_shows_new_plan(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    await ann.pledges("bike", how="0", days=["2027-03-16"], at="09:00")
    mine = await ann.types("my")
    form = await ann.presses(mine.shown, "pledge_choose:bike")
    assert (form.form, form.chosen("how")) == ("plan", "0")
    assert [option["value"] for option in form.filled["days"]["days"]["selected_options"]] == ["2027-03-16"]
    await ann.fills(days=["2027-03-17"], at="10:00")
    await week.run_until(moment(date(2027, 3, 18), 10))
    assert [message.posted_at for message in week.messages(ann.user)] == [moment(WEDNESDAY, 10)]
    assert len(await ann.pledged()) == 1


async def test_plan_sent_twice_is_one_pledge(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    await ann.types("pledge")
    await ann.presses_in_form("pledge_choose:bike")
    first, second = await ann.fills_twice(days=["2027-03-16"])
    assert first.text == second.text == SV("pledge.made_reminded", pledge=BIKE)
    await week.bot.delivery.plan()
    assert len(await ann.pledged()) == 1
    assert len(await letters(week, "reminder")) == 1


async def test_pledge_can_be_withdrawn_but_not_made_late(run_bot: RunBot) -> None:
    week = await run_bot(VISITED, limits=RateLimits.none())
    ann = await member(week)
    await ann.pledges("bike")
    mine = await ann.types("my")
    await week.run_until(moment(CLOSES, 23))
    mine = await ann.types("my")
    assert (await ann.presses(mine.shown, "pledge_withdraw:bike")).text == SV("pledge.withdrawn", pledge=BIKE)
    week.clock.turn_to(moment(CLOSES + timedelta(days=1), 9))
    assert (await ann.types("pledge")).text == SV("trouble.over", day=SV.day(CLOSES))
    assert (await ann.presses(mine.shown, "done_today:bike")).text == SV("trouble.over", day=SV.day(CLOSES))
    assert await ann.pledged() == []


async def test_fifty_simultaneous_double_pledges_count_as_fifty(run_bot: RunBot) -> None:
    week = await run_bot(VISITED, limits=RateLimits.none())
    crowd = [await participant(week, f"U0CROWD{number:02d}") for number in range(50)]
    await week.keep(*(person(who.user) for who in crowd))

    async def pledges(who: Participant) -> None:
        await who.types("pledge")
        await who.presses_in_form("pledge_choose:bike")
        submitted = await who.submits()
        assert submitted.reply is not None
        await who.hand.send({**submitted.reply.sent, "trigger_id": week.slack.trigger(who.user)})

    await asyncio.gather(*(pledges(who) for who in crowd))
    await week.settle()
    found = await totals_of(week)
    assert [found[name, "SE"] for name in ("pledgers", "pledges", "pledged")] == [50, 50, 100_000]


async def test_button_under_call_opens_pledges(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    await week.run_until(moment(MONDAY, 14))
    ann = await member(week)
    assert (await ann.presses(said(week, "week-se", "call"), "pledge")).form == "pledges"


async def test_reminder_asked_for_after_opt_out_comes(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    await ann.types("messages off")
    await ann.pledges("bike", days=["2027-03-16"], at="09:00")
    await week.run_until(moment(TUESDAY, 10))
    assert week.texts(ann.user) == [SV("reminder.text", title=BIKE)]


async def test_withdrawn_pledge_cannot_be_done_from_old_reminder(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    await ann.pledges("bike", days=["2027-03-16"], at="09:00")
    await week.run_until(moment(TUESDAY, 10))
    [reminder] = week.messages(ann.user)
    mine = await ann.types("my")
    await ann.presses(mine.shown, "pledge_withdraw:bike")
    answer = await ann.presses(reminder, "done_today")
    assert answer.text == SV("done.no_pledge")
    assert await ann.outcomes() == []

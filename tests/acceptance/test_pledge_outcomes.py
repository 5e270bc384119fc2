"""How pledges went: day by day, and when the bot asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.store.pledges import Answer
from tests.campaigns import Promise, promised
from tests.simulation import Simulation

from .conftest import RunBot
from .participants import (
    DEPUTY,
    FRIDAY,
    MANAGER,
    MONDAY_AFTER,
    REPRESENTATIVE,
    SV,
    VISITED,
    Participant,
    letters,
    member,
    moment,
    said,
    totals_of,
)

THURSDAY = date(2027, 3, 18)
BIKE, DRYER = promised("bike", "sv"), promised("dryer", "sv")

ANSWERED = ("answerers", "confirmed_pledges", "confirmed")
"""What is counted of an answer; kilograms are in grams."""


async def pledger(simulation: Simulation, *pledges: str, at: datetime, country: str = "SE") -> Participant:
    """Somebody with pledges who gets direct messages, some days later."""
    ann = await member(simulation, country=country, messages=True)
    for pledge in pledges or ("bike",):
        await ann.pledges(pledge)
    await simulation.run_until(at)
    return ann


async def noted(who: Participant) -> list[tuple[str, str, Answer]]:
    """What is stored of how pledges went."""
    return [(each.pledge, each.occasion, each.answer) for each in await who.outcomes()]


async def test_done_today_takes_one_press_and_counts_once(run_bot: RunBot) -> None:
    week = await run_bot(VISITED, start=moment(THURSDAY, 8))
    ann = await pledger(week, at=moment(THURSDAY, 9))
    mine = await ann.types("my")
    today = SV.short_day(THURSDAY)
    assert (await ann.presses(mine.shown, "done_today:bike")).text == SV("done.noted", pledge=BIKE, day=today)
    assert (await ann.presses(mine.shown, "done_today:bike")).text == SV("done.known", pledge=BIKE, day=today)
    assert await noted(ann) == [("bike", "2027-03-18", Answer.DONE)]
    assert SV("my.done", days=today) in (await ann.types("my")).text
    found = await totals_of(week)
    assert (found["confirmed_pledges", "SE"], found["confirmed", "SE"]) == (1, 2000)


async def test_only_last_three_days_can_be_reported(run_bot: RunBot) -> None:
    week = await run_bot(VISITED, start=moment(THURSDAY, 8))
    ann = await pledger(week, at=moment(THURSDAY, 9))
    form = await ann.types("done")
    assert (form.form, form.fields) == ("done", ["pledge", "day"])
    assert form.options("day") == ["2027-03-18", "2027-03-17", "2027-03-16", "2027-03-15"]
    assert (form.chosen("pledge"), form.chosen("day")) == ("bike", "2027-03-18")
    back = SV.short_day(date(2027, 3, 15))
    assert (await ann.fills(day="2027-03-15")).text == SV("done.noted", pledge=BIKE, day=back)
    assert await noted(ann) == [("bike", "2027-03-15", Answer.DONE)]


async def test_form_open_over_night_reaches_no_further_back(run_bot: RunBot) -> None:
    week = await run_bot(VISITED, start=moment(THURSDAY, 8))
    ann = await pledger(week, at=moment(THURSDAY, 9))
    await ann.types("done")
    week.clock.turn_to(moment(FRIDAY, 9))
    assert (await ann.fills(day="2027-03-15")).text == SV("done.too_far", days="3")
    assert await noted(ann) == []


@pytest.mark.parametrize("day", [THURSDAY + timedelta(days=1), THURSDAY - timedelta(days=4)])
async def test_future_and_long_past_days_cannot_be_forged(run_bot: RunBot, day: date) -> None:
    week = await run_bot(VISITED, start=moment(THURSDAY, 8))
    ann = await pledger(week, at=moment(THURSDAY, 9))
    await ann.types("done")
    answer = await ann.sends_forged({"days": [day.isoformat()]}, {"pledge": "bike", "day": day.isoformat()})
    assert answer.text == SV("done.too_far", days="3")
    assert await noted(ann) == []


async def test_today_is_the_date_where_the_person_is(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week, zone="Pacific/Auckland")
    await ann.pledges("bike")
    week.clock.turn_to(moment(THURSDAY, 14))
    assert (await ann.types("done")).chosen("day") == "2027-03-19"


async def test_form_sent_twice_is_noted_once(run_bot: RunBot) -> None:
    week = await run_bot(VISITED, start=moment(THURSDAY, 8))
    ann = await pledger(week, at=moment(THURSDAY, 9))
    await ann.types("done")
    first, second = await ann.fills_twice()
    today = SV.short_day(THURSDAY)
    assert first.text == SV("done.noted", pledge=BIKE, day=today)
    assert second.text == SV("done.known", pledge=BIKE, day=today)
    assert len(await noted(ann)) == 1


async def test_done_without_pledge_points_to_pledges(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    assert (await ann.types("done")).text == SV("done.no_pledge")
    await ann.types("pledge")
    await ann.presses_in_form("pledge_choose:bike")
    await ann.presses_in_form("pledge_already:bike")
    assert (await ann.types("done")).text == SV("done.no_pledge")


async def test_check_in_about_one_pledge_takes_one_press(run_bot: RunBot) -> None:
    week = await run_bot(VISITED, start=moment(FRIDAY, 13))
    ann = await pledger(week, at=moment(FRIDAY, 15))
    form = await ann.presses(said(week, ann.user, "how"), "check_in_done")
    assert SV("form.check_in.saved") in form.text
    assert await noted(ann) == [("bike", "how", Answer.DONE)]
    assert (await ann.fills(continues=True)).text == SV("check_in.thanks")
    [outcome] = await ann.outcomes()
    assert (outcome.answer, outcome.continues, outcome.obstacle) == (Answer.DONE, True, None)
    found = await totals_of(week)
    assert [found[name, "SE"] for name in ("answerers", "confirmed_pledges", "continuing")] == [1, 1, 1]


async def test_check_in_about_several_pledges_asks_about_each(run_bot: RunBot) -> None:
    week = await run_bot(VISITED, start=moment(FRIDAY, 13))
    ann = await pledger(week, "bike", "dryer", at=moment(FRIDAY, 15))
    form = await ann.presses(said(week, ann.user, "how"), "check_in_partly")
    assert form.fields[:2] == ["answer:bike", "answer:dryer"]
    assert await noted(ann) == []
    assert form.chosen("answer:bike") == "partly"
    await ann.fills(**{"answer:dryer": "not", "obstacle": "time"})
    assert sorted(await noted(ann)) == [("bike", "how", Answer.PARTLY), ("dryer", "how", Answer.NOT)]
    assert {each.obstacle for each in await ann.outcomes()} == {"time"}


async def test_changed_answer_stays_one_answer(run_bot: RunBot) -> None:
    week = await run_bot(VISITED, start=moment(FRIDAY, 13))
    ann = await pledger(week, at=moment(FRIDAY, 15))
    question = said(week, ann.user, "how")
    for press in ("check_in_done", "check_in_done", "check_in_not"):
        await ann.presses(question, press)
    assert await noted(ann) == [("bike", "how", Answer.NOT)]
    assert ("confirmed_pledges", "SE") not in await totals_of(week)


async def test_not_yet_confirms_nothing_and_done_stays_possible(run_bot: RunBot) -> None:
    week = await run_bot(VISITED, start=moment(FRIDAY, 13))
    ann = await pledger(week, at=moment(FRIDAY, 15))
    await ann.presses(said(week, ann.user, "how"), "check_in_not_yet")
    assert (await ann.fills()).text == SV("check_in.not_yet")
    assert await noted(ann) == [("bike", "how", Answer.NOT_YET)]
    found = await totals_of(week)
    assert [found.get((name, "SE")) for name in ANSWERED] == [1, None, None]
    assert SV("my.answer_not_yet") in (await ann.types("my")).text
    await ann.types("done")
    await ann.fills(pledge="bike")
    found = await totals_of(week)
    assert [found.get((name, "SE")) for name in ANSWERED] == [1, 1, 2000]


async def test_lasting_pledge_is_decided_without_kilograms(run_bot: RunBot) -> None:
    week = await run_bot(
        replace(VISITED, promises=(Promise("laptop", kg=9, per="once", lasting=True),)), start=moment(FRIDAY, 13)
    )
    ann = await pledger(week, "laptop", at=moment(FRIDAY, 15))
    await ann.types("pledge")
    assert SV("form.pledges.lasting") in (await ann.presses_in_form("pledge_choose:laptop")).text
    decided = await ann.presses((await ann.types("my")).shown, "done_today:laptop")
    assert decided.text == SV("done.decided", pledge=promised("laptop", "sv"))
    await ann.presses(said(week, ann.user, "how"), "check_in_done")
    assert sorted(await noted(ann)) == [
        ("laptop", "2027-03-19", Answer.DECIDED),
        ("laptop", "how", Answer.DECIDED),
    ]
    found = await totals_of(week)
    assert [found.get((name, "SE")) for name in ANSWERED] == [1, None, None]
    shown = await ann.types("my")
    assert SV("my.decided", days=SV.short_day(FRIDAY)) in shown.text
    assert "done_today:laptop" not in shown.buttons
    assert SV("button.check_in_decided") in str((await ann.types("data")).text)


async def test_later_check_in_is_counted_beside_first(run_bot: RunBot) -> None:
    week = await run_bot(VISITED, start=moment(FRIDAY, 13))
    ann = await pledger(week, at=moment(FRIDAY, 15))
    await ann.presses(said(week, ann.user, "how"), "check_in_done")
    await week.run_until(moment(date(2027, 3, 30), 11))
    await ann.presses(said(week, ann.user, "later"), "check_in_partly")
    assert await noted(ann) == [("bike", "how", Answer.DONE), ("bike", "later", Answer.PARTLY)]


@pytest.mark.parametrize(("country", "readers"), [("SE", [REPRESENTATIVE, DEPUTY]), ("DE", [MANAGER])])
async def test_comment_reaches_representatives_anonymously_in_working_hours(
    run_bot: RunBot, country: str, readers: list[str]
) -> None:
    week = await run_bot(VISITED, start=moment(FRIDAY, 13))
    ann = await pledger(week, at=moment(FRIDAY, 18), country=country)
    await ann.presses(said(week, ann.user, "how"), "check_in_not")
    await ann.fills(obstacle="no_alternative", line="A <!here> shed for bikes")
    await week.run_until(moment(MONDAY_AFTER, 7, 59))
    assert [letters(week, reader) for reader in readers] == [[] for _ in readers]
    await week.run_until(moment(MONDAY_AFTER, 9))
    for reader in readers:
        [letter] = letters(week, reader)
        assert letter.posted_at == moment(MONDAY_AFTER, 8)
        shown = str(letter.blocks)
        assert "A &lt;!here&gt; shed for bikes" in shown
        assert ann.user not in shown
    everybody = [message for message in week.slack.workspace.messages() if "shed for bikes" in str(message.blocks)]
    assert len(everybody) == len(readers)


async def test_comment_sent_twice_is_one_comment(run_bot: RunBot) -> None:
    week = await run_bot(VISITED, start=moment(FRIDAY, 13))
    ann = await pledger(week, at=moment(FRIDAY, 15))
    await ann.presses(said(week, ann.user, "how"), "check_in_not")
    await ann.fills_twice(line="More time")
    await week.run_until(moment(MONDAY_AFTER, 9))
    assert len(letters(week, REPRESENTATIVE)) == 1
    assert [each.text for each in await week.bot.store.read(week.bot.store.ideas.remarks_of, week.campaign.id)] == [
        "More time"
    ]


async def test_stopping_check_ins_keeps_pledge_and_reminders(run_bot: RunBot) -> None:
    week = await run_bot(VISITED, start=moment(FRIDAY, 13))
    ann = await member(week, messages=True)
    await ann.pledges("bike", days=["2027-03-22"], at="09:00")
    await week.run_until(moment(FRIDAY, 15))
    question = said(week, ann.user, "how")
    assert (await ann.presses(question, "check_in_stop")).text == SV("check_in.stopped")
    await week.run_until(moment(date(2027, 3, 31), 9))
    assert [message.text for message in week.messages(ann.user)[1:]] == [SV("reminder.text", title=BIKE)]
    assert ("opted_out", "how", "SE") in await ann.did()
    assert [each.pledge for each in await ann.pledged()] == ["bike"]


async def test_home_shows_each_pledge_with_button_and_result(run_bot: RunBot) -> None:
    week = await run_bot(VISITED, start=moment(THURSDAY, 8))
    ann = await pledger(week, "bike", "dryer", at=moment(THURSDAY, 9))
    assert BIKE in await ann.looks_home()
    today = SV.short_day(THURSDAY)
    answer = await ann.presses_at_home("done_today:dryer")
    assert answer.text == SV("done.noted", pledge=DRYER, day=today)
    await ann.hand.until(lambda: SV("my.done", days=today) in ann.home)

"""What is stored of a person: all of it for them to see, and gone when they say so."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from bot.store.outbox import State
from tests.campaigns import promised
from tests.simulation import Simulation

from .conftest import RunBot
from .participants import (
    CLOSES,
    FRIDAY,
    REPRESENTATIVE,
    SV,
    VISITED,
    Participant,
    member,
    moment,
    participant,
    said,
    totals_of,
)

EVERYTHING = {"people", "actions", "pledges", "reminders", "outcomes", "remarks", "ideas", "messages"}


async def busy(run_bot: RunBot) -> tuple[Simulation, Participant]:
    """Somebody who did all that leaves a trace."""
    week = await run_bot(VISITED, start=moment(FRIDAY, 13))
    ann = await member(week, messages=True)
    await ann.pledges("bike", own="<b>Along</b> the `lake`", days=["2027-03-22"])
    await week.run_until(moment(FRIDAY, 15))
    await ann.presses(said(week, ann.user, "how"), "check_in_not")
    await ann.fills(obstacle="time", line="A shed & a shower")
    await ann.types("idea")
    await ann.fills(text="Less paper", named=True, later=["kept"])
    await week.bot.delivery.plan()
    return week, ann


async def test_person_sees_all_data_as_text_and_json(run_bot: RunBot) -> None:
    week, ann = await busy(run_bot)
    assert set(await ann.stored()) == EVERYTHING
    form = await ann.types("data")
    assert form.form == "data"
    for name in EVERYTHING:
        assert f"*{SV(f'my_data.{name}')}*" in form.text
    assert promised("bike", "sv") in form.text
    assert SV("form.idea.kept") in form.text
    assert SV("form.idea.told") not in form.text
    raw = "".join(
        block["text"]["text"][3:-3] for block in form.blocks if str(block.get("block_id", "")).startswith("raw_")
    )
    found = json.loads(raw.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
    assert set(found) == EVERYTHING
    assert {name: len(rows) for name, rows in found.items()} == {
        name: len(rows) for name, rows in (await ann.stored()).items()
    }
    assert found["pledges"][0]["plan"] == "<b>Along</b> the `lake`"
    assert week.bot.store


async def test_a_stranger_is_told_that_nothing_is_stored(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await participant(week)
    assert SV("my_data.nothing") in (await ann.types("data")).text
    await ann.types("forget")
    assert (await ann.fills()).text == SV("forget.nothing")


async def test_nobody_sees_what_is_stored_of_another(run_bot: RunBot) -> None:
    week, ann = await busy(run_bot)
    bo = await member(week, "U0BO")
    shown = (await bo.types("data")).text
    assert ann.user not in shown
    assert "Less paper" not in shown


async def test_one_question_and_then_everything_is_gone(run_bot: RunBot) -> None:
    week, ann = await busy(run_bot)
    form = await ann.types("forget")
    assert (form.form, form.fields) == ("forget", [])
    assert SV("form.forget.goes") in form.text
    assert set(await ann.stored()) == EVERYTHING
    first, second = await ann.fills_twice()
    assert (first.text, second.text) == (SV("forget.done"), SV("forget.nothing"))
    assert await ann.stored() == {}
    everywhere = [row.slot.recipient for row in await week.rows()]
    assert ann.user not in everywhere
    before = len(week.messages(ann.user))
    await week.run_until(moment(date(2027, 3, 31), 12))
    assert len(week.messages(ann.user)) == before
    assert all("Less paper" not in str(message.blocks) for message in week.messages(REPRESENTATIVE)[1:])
    assert await totals_of(week) == {}


async def test_who_closes_the_question_is_not_forgotten(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    await ann.types("forget")
    await ann.hand.close()
    assert set(await ann.stored()) == {"people", "actions"}


@pytest.mark.parametrize("at_home", [True, False])
async def test_forgotten_person_is_asked_anew_and_home_invites(run_bot: RunBot, *, at_home: bool) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    await ann.looks_home()
    await (ann.presses_at_home("forget") if at_home else ann.types("forget"))
    await ann.fills()
    await ann.hand.until(lambda: SV("home.invitation") in ann.home)
    assert (await ann.types("pledge")).form == "join"
    await ann.fills(country="NO")
    assert await ann.did() == [("joined", "", "NO")]


async def test_forgotten_idea_stops_letters_and_makes_buttons_stale(run_bot: RunBot) -> None:
    week, ann = await busy(run_bot)
    await week.run_until(moment(FRIDAY, 16))
    rep = await participant(week, REPRESENTATIVE)
    letter = next(message for message in week.messages(REPRESENTATIVE) if "Less paper" in str(message.blocks))
    await ann.types("forget")
    await ann.fills()
    assert (await rep.presses(letter, "idea_approve")).text == SV("trouble.stale")
    await week.run_until(moment(date(2027, 3, 23), 12))
    assert {row.state for row in await week.rows() if row.slot.kind == "idea_news"} <= {State.CANCELLED}


async def test_data_and_forget_go_on_after_the_end(run_bot: RunBot) -> None:
    week = await run_bot(VISITED)
    ann = await member(week)
    week.clock.turn_to(moment(CLOSES + timedelta(days=30), 9))
    assert SV("my_data.people") in (await ann.types("data")).text
    await ann.types("forget")
    assert (await ann.fills()).text == SV("forget.done")
    assert await ann.stored() == {}

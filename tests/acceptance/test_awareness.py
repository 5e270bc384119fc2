"""Awareness: two questions in two waves, one press each, and nobody can tell afterwards who said what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from itertools import product

import pytest
from sqlalchemy import text

from bot.campaign.awareness import ANSWERS, QUESTIONS
from bot.messages.awareness import awareness_value
from bot.messages.replies.phrases import percent
from bot.store.awareness import GivenAnswer
from tests.campaigns import Post
from tests.simulation import Simulation

from .conftest import RunBot
from .participants import (
    CLOSES,
    MONDAY,
    MONDAY_AFTER,
    SV,
    VISITED,
    Participant,
    member,
    moment,
    participant,
    said,
    texts,
)

THURSDAY = date(2027, 3, 11)
BEFORE = Post("before-week", THURSDAY, time(10), kind="awareness", wave="before")
AFTER = Post("after-week", MONDAY_AFTER, time(9), kind="awareness", wave="after")
ASKING = replace(VISITED, posts=(BEFORE, *VISITED.posts, AFTER), opens=THURSDAY)
START, ASKED = moment(THURSDAY, 8), moment(THURSDAY, 11)


async def asked(run_bot: RunBot) -> Simulation:
    """Thursday before the week, once the questions are there."""
    week = await run_bot(ASKING, start=START)
    await week.run_until(ASKED)
    return week


async def answers(ann: Participant, week: Simulation, question: str, answer: str, post: str = "before-week") -> str:
    """Press an answer; what is said to it."""
    return (await ann.presses(said(week, "week-se", post), f"awareness:{question}-{answer}")).text


async def rows(week: Simulation, table: str) -> list[tuple[object, ...]]:
    statement = text(f"SELECT * FROM {table}")  # noqa: S608 - our own name
    return await week.bot.store.read(lambda connection: [tuple(row) for row in connection.execute(statement)])


async def test_one_answer_a_question_and_the_first_counts(run_bot: RunBot) -> None:
    week = await asked(run_bot)
    ann = await member(week)
    assert await answers(ann, week, "work", "no") == SV("awareness.noted")
    assert await answers(ann, week, "work", "yes") == SV("awareness.known")
    assert await answers(ann, week, "company", "partly") == SV("awareness.noted")
    kept = await rows(week, "awareness_answers")
    assert sorted(row[1:] for row in kept) == [
        (week.campaign.id, "before", "company", "partly", "SE"),
        (week.campaign.id, "before", "work", "no", "SE"),
    ]
    assert ann.user not in str(kept)


async def test_whoever_has_not_joined_joins_and_answers(run_bot: RunBot) -> None:
    week = await asked(run_bot)
    ann = await participant(week)
    said_first = said(week, "week-se", "before-week")
    assert (await ann.presses(said_first, "awareness:work-yes")).form == "join"
    assert await rows(week, "awareness_answered") == []
    assert (await ann.fills(country="SE", messages=False)).text == SV("awareness.noted")
    assert len(await rows(week, "awareness_answers")) == 1


async def test_rare_country_is_not_stored(run_bot: RunBot) -> None:
    week = await asked(run_bot)
    ann = await member(week)
    await week.bot.store.write(week.bot.store.people.change, ann.user, country="IS")
    await answers(ann, week, "work", "yes")
    assert [row[-1] for row in await rows(week, "awareness_answers")] == ["ZZ"]


async def test_wave_closes_when_the_week_begins(run_bot: RunBot) -> None:
    week = await asked(run_bot)
    ann = await member(week)
    await answers(ann, week, "work", "yes")
    week.clock.turn_to(moment(MONDAY, 0))
    over = SV("awareness.over", day=SV.day(MONDAY - timedelta(days=1)))
    assert await answers(ann, week, "company", "yes") == over
    await week.run_until(moment(MONDAY, 1))
    assert await rows(week, "awareness_answered") == []
    assert len(await rows(week, "awareness_answers")) == 1


@pytest.mark.parametrize(
    "value",
    [
        "before-week:work:maybe",
        "before-week:x:yes",
        "before-week:work:yes:no",
        "before-week",
        "tip:work:yes",
        "after-week:work:yes",
        "",
    ],
)
async def test_answer_that_is_not_there_is_refused(run_bot: RunBot, value: str) -> None:
    week = await asked(run_bot)
    ann = await member(week)
    answered = await ann.forges("awareness:work-yes", value, said(week, "week-se", "before-week"))
    assert answered.text == SV("trouble.stale")
    assert await rows(week, "awareness_answers") == []


async def test_buttons_say_how_answers_are_kept(run_bot: RunBot) -> None:
    week = await asked(run_bot)
    blocks = said(week, "week-se", "before-week").blocks
    buttons = [element for block in blocks if block["type"] == "actions" for element in block["elements"]]
    assert [each["value"] for each in buttons] == [
        awareness_value("before-week", question, answer) for question, answer in product(QUESTIONS, ANSWERS)
    ]
    assert {each.get("style") for each in buttons} == {None}
    assert SV("awareness.nameless", day=SV.day(MONDAY - timedelta(days=1))) in "\n".join(texts(blocks))


async def test_my_data_has_the_mark_and_forget_removes_it(run_bot: RunBot) -> None:
    week = await asked(run_bot)
    ann = await member(week)
    await answers(ann, week, "work", "partly")
    shown = (await ann.types("data")).text
    assert f"{SV('awareness.work')} ({SV('my_data.awareness_before')})" in shown
    assert SV("awareness.partly") not in shown
    await ann.types("forget")
    await ann.fills()
    assert await rows(week, "awareness_answered") == []
    assert len(await rows(week, "awareness_answers")) == 1


async def _answered_by(week: Simulation, wave: str, said_yes: int, said_no: int) -> None:
    for number in range(said_yes + said_no):
        answer = "yes" if number < said_yes else "no"
        given = GivenAnswer(week.campaign.id, f"U0{wave}{number}", wave, "work", answer, "SE")
        await week.bot.store.write(week.bot.store.awareness.answer, given)


async def test_both_waves_are_shown_with_the_results(run_bot: RunBot) -> None:
    week = await run_bot(ASKING, start=moment(MONDAY_AFTER, 8))
    await _answered_by(week, "before", 30, 60)
    await _answered_by(week, "after", 60, 30)
    await week.run_until(moment(MONDAY_AFTER, 10))
    assert said(week, "week-se", "after-week").blocks
    week.clock.turn_to(moment(CLOSES, 8, 30))
    await week.run_until(moment(CLOSES, 10, 30))
    published = await week.bot.publisher.newest(week.campaign)
    assert published is not None
    shares = {wave: each.share or 0 for wave, each in published.aware("work", "SE").items()}
    assert 25 <= shares["before"] <= 45
    assert 55 <= shares["after"] <= 75
    counted = {wave: percent(SV, share) for wave, share in shares.items()}
    line = SV("awareness.shares_both", question=SV("awareness.work"), **counted)
    results = "\n".join(texts(said(week, "week-se", "results").blocks))
    assert SV("awareness.title") in results
    assert line in results
    ann = await member(week)
    assert line in (await ann.types("standings")).text

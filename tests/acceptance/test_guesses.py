"""Guesses: one a person, changed until the answer, which comes once, below the guess, with how colleagues guessed."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import time, timedelta

import pytest

from bot.delivery.content import NOT_THERE_YET
from bot.messages.guesses import guess_value
from bot.standings.indicators import guess_cell
from bot.standings.published_figures import Band
from bot.store.actions import Action, ActionKind
from bot.store.outbox import State
from rehearsal.simulation import finish
from rehearsal.slack.conversation import BROADCAST, PostedMessage
from rehearsal.slack.faults import Phase
from tests.campaigns import RIGHT, Post, guessed
from tests.campaigns import said as summary
from tests.patience import PATIENCE
from tests.simulation import Simulation

from .conftest import RunBot
from .participants import (
    EN,
    SV,
    VISITED,
    WEDNESDAY,
    Participant,
    member,
    moment,
    participant,
    said,
    texts,
    totals_of,
)
from .test_organise_posts import opened

GUESS = Post("beef", WEDNESDAY, time(9), kind="guess")
ANSWER = Post("told", WEDNESDAY, time(14), kind="guess_answer", guess="beef")
GUESSING = replace(VISITED, posts=(*VISITED.posts, GUESS, ANSWER))
TOLD = SV.time(ANSWER.time)
START, ASKED = moment(WEDNESDAY, 8), moment(WEDNESDAY, 10)


async def asked(run_bot: RunBot) -> Simulation:
    """Wednesday morning, once the guess is there."""
    week = await run_bot(GUESSING, start=START)
    await week.run_until(ASKED)
    return week


async def guesses(ann: Participant, week: Simulation, answer: int) -> str:
    """Press an answer; what is said to it."""
    return (await ann.presses(said(week, "week-se", "beef"), f"guess:{answer}")).text


async def guesses_of(ann: Participant) -> list[Action]:
    """What is stored of somebody's guesses."""
    return [deed for deed in await ann.deeds() if deed.kind is ActionKind.GUESS]


def answer_in(week: Simulation, channel: str = "week-se", language: str = "sv") -> list[PostedMessage]:
    """The messages with the answer in a channel."""
    return [message for message in week.messages(channel) if message.text == summary("told", language)]


async def test_one_guess_a_person_and_the_last_counts(run_bot: RunBot) -> None:
    week = await asked(run_bot)
    ann = await member(week)
    for number in (1, 3, 3):
        noted = SV("guess.noted", answer=guessed("beef", number, "sv"), time=TOLD)
        assert await guesses(ann, week, number) == noted
    [deed] = await guesses_of(ann)
    assert (deed.kind, deed.subject, deed.answer, deed.country) == (ActionKind.GUESS, "beef", "3", "SE")
    assert {name: count for (name, _), count in (await totals_of(week)).items() if name.startswith("guess")} == {
        "guess:beef:3": 1
    }


async def test_whoever_has_not_joined_joins_and_guesses(run_bot: RunBot) -> None:
    week = await asked(run_bot)
    ann = await participant(week)
    assert (await ann.presses(said(week, "week-se", "beef"), "guess:2")).form == "join"
    assert await ann.stored() == {}
    answered = await ann.fills(country="SE", messages=False)
    assert answered.text == SV("guess.noted", answer=guessed("beef", 2, "sv"), time=TOLD)
    assert ("guess", "beef", "SE") in await ann.did()


async def test_nobody_guesses_after_the_answer(run_bot: RunBot) -> None:
    week = await asked(run_bot)
    ann = await member(week)
    await guesses(ann, week, 1)
    week.clock.turn_to(moment(WEDNESDAY, 14))
    over = SV("guess.over", answer=guessed("beef", RIGHT, "sv"))
    assert await guesses(ann, week, RIGHT) == over
    assert [deed.answer for deed in await guesses_of(ann)] == ["1"]


@pytest.mark.parametrize("value", ["beef:0", "beef:4", "beef:x", "beef", "told:1", "tip:1", ""])
async def test_answer_that_is_not_there_is_refused(run_bot: RunBot, value: str) -> None:
    week = await asked(run_bot)
    ann = await member(week)
    answered = await ann.forges("guess:1", value, said(week, "week-se", "beef"))
    assert answered.text == SV("trouble.stale")
    assert len(await ann.deeds()) == 1


async def test_answer_is_told_once_below_each_guess(run_bot: RunBot) -> None:
    week = await asked(run_bot)
    await week.run_until(moment(WEDNESDAY, 13, 59))
    assert answer_in(week) == []
    await week.run_until(moment(WEDNESDAY, 18))
    for place in week.week.places:
        [told] = answer_in(week, place.channel, place.language)
        assert told.parent_ts == said(week, place.channel, "beef").ts
        # The channel sees it as well: whoever pressed a button does not follow the thread.
        assert told.subtype == BROADCAST
        assert f"✅ *{guessed('beef', RIGHT, place.language)}*" in "\n".join(texts(told.blocks))


async def _guessed_by(week: Simulation, answer: int, people: range) -> None:
    for number in people:
        user = f"U0{answer}{number}"
        deed = Action(week.campaign.id, user, ActionKind.GUESS, "beef", "SE", week.clock.now(), str(answer))
        await week.bot.store.write(week.bot.store.actions.answer, deed)


async def test_answer_shows_how_colleagues_guessed_by_noon(run_bot: RunBot) -> None:
    week = await asked(run_bot)
    await _guessed_by(week, 1, range(60))
    await _guessed_by(week, RIGHT, range(40))
    await week.run_until(moment(WEDNESDAY, 13))
    # After the figures were taken, so that they are in none of them.
    await _guessed_by(week, 3, range(50))
    await week.run_until(moment(WEDNESDAY, 15))
    published = await week.bot.publisher.newest(week.campaign)
    assert published is not None
    guess = next(post for post in week.campaign.posts if post.kind == "guess")
    figures = [published.guesses[guess_cell(week.campaign, guess, number)] for number in (1, RIGHT, 3)]
    assert figures[2] is Band.FEW
    [told] = answer_in(week)
    shown = "\n".join(texts(told.blocks))
    assert SV("guess.how") in shown
    for number, figure in zip((1, RIGHT), figures, strict=False):
        assert isinstance(figure, int)
        people = SV("people.about", count=SV.number(figure))
        assert f"{guessed('beef', number, 'sv')}{'*' if number == RIGHT else ''} · {people}" in shown
    assert f"{guessed('beef', 3, 'sv')} · {SV('people.few', count='5')}" in shown
    assert SV("standings.blurred") in shown


async def test_few_guesses_are_told_without_numbers(run_bot: RunBot) -> None:
    week = await asked(run_bot)
    ann = await member(week)
    await guesses(ann, week, 1)
    await week.run_until(moment(WEDNESDAY, 15))
    [told] = answer_in(week)
    shown = "\n".join(texts(told.blocks))
    assert SV("guess.answers") in shown
    assert SV("people.few", count="5") not in shown
    assert SV("standings.blurred") not in shown


@pytest.mark.parametrize("at", ["before", "after"])
async def test_killed_while_answering_answers_once(run_bot: RunBot, at: Phase) -> None:
    week = await asked(run_bot)
    await week.run_until(moment(WEDNESDAY, 13, 30))
    reached, never = asyncio.Event(), asyncio.Event()

    async def hold(phase: Phase) -> None:
        if phase == at:
            reached.set()
            await never.wait()

    week.clock.turn_to(moment(WEDNESDAY, 14))
    week.slack.faults.call(hold, method="chat.postMessage")
    working = asyncio.create_task(finish(week.bot))
    await asyncio.wait_for(reached.wait(), PATIENCE)
    await week.bot.kill(working)
    await week.restart()
    await week.run_until(moment(WEDNESDAY, 15))
    for place in week.week.places:
        [told] = answer_in(week, place.channel, place.language)
        assert told.parent_ts == said(week, place.channel, "beef").ts
    assert {row.state for row in await week.rows() if row.slot.post == "told"} == {State.SENT}


async def test_without_its_guess_nothing_is_answered(run_bot: RunBot) -> None:
    # The bot comes back when the guess is too late already.
    week = await run_bot(GUESSING, start=moment(WEDNESDAY, 14))
    await week.run_until(moment(WEDNESDAY, 14, 5))
    waiting = await week.row("told")
    assert (waiting.state, waiting.reason) == (State.DUE, NOT_THERE_YET)
    week.clock.turn_to(moment(WEDNESDAY + timedelta(days=1), 0))
    await week.run_until(moment(WEDNESDAY + timedelta(days=1), 0, 5))
    assert [(await week.row(name)).state for name in ("beef", "told")] == [State.SKIPPED] * 2
    assert answer_in(week) == []


async def test_below_a_deleted_guess_nothing_is_said(run_bot: RunBot) -> None:
    week = await asked(run_bot)
    week.slack.workspace.conversation(said(week, "week-se", "beef").channel).remove(said(week, "week-se", "beef"))
    await week.run_until(moment(WEDNESDAY, 15))
    assert answer_in(week) == []
    assert (await week.row("told")).state is State.FAILED


async def test_my_data_has_the_guess_and_forget_removes_it(run_bot: RunBot) -> None:
    week = await asked(run_bot)
    ann = await member(week)
    await guesses(ann, week, 3)
    shown = (await ann.types("data")).text
    assert f"{SV('my_data.action_guess')} · beef · {guessed('beef', 3, 'sv')}" in shown
    await ann.types("forget")
    await ann.fills()
    assert await ann.deeds() == []


async def test_buttons_carry_the_post_and_a_number(run_bot: RunBot) -> None:
    week = await asked(run_bot)
    blocks = said(week, "week-de", "beef").blocks
    [row] = [block["elements"] for block in blocks if block["block_id"] == "answers"]
    assert [button["value"] for button in row] == [guess_value("beef", number) for number in (1, 2, 3)]
    assert {button.get("style") for button in row} == {None}
    assert EN("guess.until", time=EN.time(ANSWER.time)) not in "\n".join(texts(blocks))


async def test_edited_guess_keeps_its_answers(run_bot: RunBot) -> None:
    week = await run_bot(GUESSING, start=START)
    rep, _ = await opened(week, "beef")
    await rep.presses_in_form("organise_edit:sv")
    await rep.fills(title="Gissa", summary="Gissa nu.", body="Vad tror du?")
    await week.run_until(ASKED)
    [sent] = [message for message in week.messages("week-se") if message.text == "Gissa nu."]
    assert guessed("beef", RIGHT, "sv") in str(sent.blocks)

"""Ideas and remarks on a real database: who may say what, and when it is too late."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.database.database import Database
from bot.store.ideas import NEXT, OPEN, Choice, Idea, IdeaLimit, Ideas, IdeaState, Remark, TooManyIdeasError
from bot.store.organiser_acts import Act, Actor, Organisers

from .databases import lasting

NOW = datetime(2027, 3, 15, 8, 30, tzinfo=UTC)
LATER, LATEST = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
ID = "1dea"
IDEA = Idea(ID, "a-week", "U0ANN", "SE", "sv", "Cykelställ under tak!", named=True, at=NOW, changed_at=NOW)
REMARK = Remark("5a1d", "a-week", "U0ANN", "bike", "friday-check-in", "SE", NOW, "rules", "No place for bicycles.")


@pytest.fixture
def ideas() -> Ideas:
    return Ideas()


async def test_an_idea_is_kept_as_it_was_written(database: Database, ideas: Ideas) -> None:
    assert await database.write(ideas.submit, IDEA)
    assert await database.read(ideas.get, ID) == IDEA
    assert await database.read(ideas.get, "another") is None


async def test_idea_sent_twice_is_kept_once_and_unchanged(database: Database, ideas: Ideas) -> None:
    await database.write(ideas.submit, IDEA)
    await database.write(ideas.decide, ID, IdeaState.APPROVED, LATER)
    before = await database.read(ideas.get, ID)
    assert not await database.write(ideas.submit, replace(IDEA, at=LATEST, changed_at=LATEST))
    assert await database.read(ideas.get, ID) == before


async def test_form_sent_twice_makes_one_idea_per_person(database: Database, ideas: Ideas) -> None:
    assert await database.write(ideas.submit, IDEA, "V0FORM")
    assert not await database.write(ideas.submit, replace(IDEA, id="another"), "V0FORM")
    assert await database.write(ideas.submit, replace(IDEA, id="of somebody else", user="U0BO"), "V0FORM")
    assert {each.id for each in await database.read(ideas.of_campaign, "a-week")} == {ID, "of somebody else"}


async def test_number_of_ideas_is_limited_per_period(database: Database, ideas: Ideas) -> None:
    allowance = IdeaLimit(NOW, 2)
    await database.write(ideas.submit, replace(IDEA, id="before", at=NOW - timedelta(seconds=1)))
    for number in range(2):
        assert await database.read(ideas.allows, "U0ANN", allowance)
        assert await database.write(ideas.submit, replace(IDEA, id=f"{number}"), None, allowance)
    assert not await database.read(ideas.allows, "U0ANN", allowance)
    with pytest.raises(TooManyIdeasError):
        await database.write(ideas.submit, replace(IDEA, id="3"), None, allowance)
    assert not await database.write(ideas.submit, replace(IDEA, id="1"), None, allowance), "it is there already"
    assert await database.write(ideas.submit, replace(IDEA, id="4", user="U0BO"), None, allowance)
    assert await database.write(ideas.submit, replace(IDEA, id="5", at=LATER), None, IdeaLimit(LATER, 1)), "a new day"
    assert len(await database.read(ideas.of_campaign, "a-week")) == 5


async def test_ideas_of_a_campaign_come_oldest_first(database: Database, ideas: Ideas) -> None:
    second = replace(IDEA, id="2", at=LATER, country=None, named=False)
    for idea in (second, IDEA, replace(IDEA, id="3", campaign="another")):
        await database.write(ideas.submit, idea)
    assert await database.read(ideas.of_campaign, "a-week") == [IDEA, second]


async def test_a_decision_says_when_and_why(database: Database, ideas: Ideas) -> None:
    await database.write(ideas.submit, IDEA)
    assert await database.write(ideas.decide, ID, IdeaState.DECLINED, LATER, reason="There is one.")
    assert await database.read(ideas.get, ID) == replace(
        IDEA, state=IdeaState.DECLINED, changed_at=LATER, reason="There is one."
    )


async def test_what_is_decided_stays_decided(database: Database, ideas: Ideas) -> None:
    await database.write(ideas.submit, IDEA)
    await database.write(ideas.decide, ID, IdeaState.APPROVED, LATER, published=True)
    assert not await database.write(ideas.decide, ID, IdeaState.DECLINED, LATEST, reason="no")
    assert not await database.write(ideas.ask, ID, "Where?", LATEST)
    assert not await database.write(ideas.answer, ID, "U0ANN", "There.", LATEST)
    assert await database.read(ideas.get, ID) == replace(
        IDEA, state=IdeaState.APPROVED, changed_at=LATER, approved_at=LATER, published=True
    )


async def test_approved_idea_is_planned_and_done(database: Database, ideas: Ideas) -> None:
    await database.write(ideas.submit, IDEA)
    assert not await database.write(ideas.decide, ID, IdeaState.PLANNED, LATER, seen=IdeaState.APPROVED)
    for before, after in pairwise((IdeaState.NEW, IdeaState.APPROVED, IdeaState.PLANNED, IdeaState.DONE)):
        assert await database.write(ideas.decide, ID, after, LATER, seen=before)
        assert not await database.write(ideas.decide, ID, after, LATEST, seen=before)
    counted = await database.read(ideas.count_by_state, "a-week")
    assert counted == {("SE", IdeaState.DONE): 1}


@pytest.mark.parametrize("seen", IdeaState)
async def test_stages_are_taken_in_their_order(database: Database, ideas: Ideas, seen: IdeaState) -> None:
    await database.write(ideas.submit, replace(IDEA, state=seen))
    for state in set(IdeaState) - set(NEXT[seen]):
        assert not await database.write(ideas.decide, ID, state, LATER, seen=seen)


async def test_choice_of_an_organiser_is_an_act(database: Database, ideas: Ideas) -> None:
    await database.write(ideas.submit, IDEA)
    actor = Actor("a-week", "U0REP", LATER)
    asks, approves = Choice(IdeaState.ASKED, text="Where?"), Choice(IdeaState.APPROVED, published=True)
    made = [await database.write(ideas.choose, actor, ID, choice) for choice in (asks, asks, approves, approves)]
    assert made == [True, False, True, False]
    found = await database.read(ideas.get, ID)
    assert found is not None
    assert (found.decided_by, found.published, found.question) == ("U0REP", True, "Where?")
    acts = await database.read(Organisers().acts, "a-week", 9)
    assert {each.act for each in acts} == {Act.ASKED_ABOUT_IDEA, Act.DECIDED_IDEA}
    assert {each.subject for each in acts} == {""}, "an act never leads to somebody"


async def test_of_two_decisions_at_once_one_wins(database: Database, ideas: Ideas) -> None:
    await database.write(ideas.submit, IDEA)
    won = await asyncio.gather(
        database.write(ideas.decide, ID, IdeaState.APPROVED, LATER, published=True),
        database.write(ideas.decide, ID, IdeaState.DECLINED, LATER, reason="no"),
    )
    assert sum(won) == 1
    found = await database.read(ideas.get, ID)
    assert found is not None
    approved = (IdeaState.APPROVED, True, None), (IdeaState.DECLINED, False, "no")
    assert (found.state, found.published, found.reason) == approved[won.index(True)]


async def test_decision_wins_over_a_simultaneous_question(database: Database, ideas: Ideas) -> None:
    await database.write(ideas.submit, IDEA)
    await asyncio.gather(
        database.write(ideas.decide, ID, IdeaState.APPROVED, LATER), database.write(ideas.ask, ID, "Where?", LATER)
    )
    found = await database.read(ideas.get, ID)
    assert found is not None
    assert found.state is IdeaState.APPROVED, "a question may be overtaken by a decision, never the other way round"


async def test_questions_and_answers_alternate_in_rounds(database: Database, ideas: Ideas) -> None:
    await database.write(ideas.submit, IDEA)
    for number in (1, 2):
        asked_at, answered_at = NOW + timedelta(hours=number), NOW + timedelta(hours=number, minutes=30)
        assert await database.write(ideas.ask, ID, f"Question {number}?", asked_at)
        asked = replace(
            IDEA, state=IdeaState.ASKED, round=number, question=f"Question {number}?", changed_at=asked_at, answer=None
        )
        assert await database.read(ideas.get, ID) == asked
        assert await database.write(ideas.answer, ID, "U0ANN", f"Answer {number}.", answered_at)
        assert await database.read(ideas.get, ID) == replace(
            asked, state=IdeaState.NEW, changed_at=answered_at, answer=f"Answer {number}."
        )


async def test_a_second_question_waits_for_the_first_answer(database: Database, ideas: Ideas) -> None:
    await database.write(ideas.submit, IDEA)
    assert sum(await asyncio.gather(*(database.write(ideas.ask, ID, question, LATER) for question in "ab"))) == 1
    found = await database.read(ideas.get, ID)
    assert found is not None
    assert found.round == 1


async def test_only_the_author_answers_an_open_question_once(database: Database, ideas: Ideas) -> None:
    await database.write(ideas.submit, IDEA)
    assert not await database.write(ideas.answer, ID, "U0ANN", "Nobody asked.", LATER)
    await database.write(ideas.ask, ID, "Where?", LATER)
    assert not await database.write(ideas.answer, ID, "U0BO", "Here.", LATEST)
    assert await database.write(ideas.answer, ID, "U0ANN", "There.", LATEST)
    assert not await database.write(ideas.answer, ID, "U0ANN", "There, I said.", LATEST)
    found = await database.read(ideas.get, ID)
    assert found is not None
    assert found.answer == "There."


async def test_idea_can_be_decided_during_an_open_question(database: Database, ideas: Ideas) -> None:
    await database.write(ideas.submit, IDEA)
    await database.write(ideas.ask, ID, "Where?", LATER)
    assert await database.write(ideas.decide, ID, IdeaState.APPROVED, LATEST)
    assert not await database.write(ideas.answer, ID, "U0ANN", "There.", LATEST)


async def test_missing_idea_cannot_be_changed(database: Database, ideas: Ideas) -> None:
    assert not await database.write(ideas.decide, "gone", IdeaState.APPROVED, LATER)
    assert not await database.write(ideas.ask, "gone", "Where?", LATER)
    assert not await database.write(ideas.answer, "gone", "U0ANN", "There.", LATER)


async def test_second_remark_on_same_occasion_replaces_the_first(database: Database, ideas: Ideas) -> None:
    await database.write(ideas.remark, REMARK)
    assert await database.read(ideas.remarks_of, "a-week") == [REMARK]
    await database.write(
        ideas.remark, replace(REMARK, id="another", obstacle=None, text="It is fine.", country="NO", at=LATER)
    )
    assert await database.read(ideas.remarks_of, "a-week") == [replace(REMARK, obstacle=None, text="It is fine.")]


@pytest.mark.parametrize("field", ["user", "pledge", "occasion"])
async def test_remarks_about_something_else_stand_beside_each_other(
    database: Database, ideas: Ideas, field: str
) -> None:
    await database.write(ideas.remark, REMARK)
    different: dict[str, Any] = {field: "another"}
    other = replace(REMARK, id="another", at=LATER, **different)
    await database.write(ideas.remark, other)
    assert await database.read(ideas.remarks_of, "a-week") == [REMARK, other]
    assert await database.read(ideas.remarks_of, "another") == []


STEPS = st.lists(
    st.sampled_from(["submit", "approve", "decline", "ask", "answer", "answer of somebody else"]), max_size=12
)


async def step(database: Database, ideas: Ideas, idea: str, name: str, at: datetime) -> bool:
    match name:
        case "submit":
            return await database.write(ideas.submit, replace(IDEA, id=idea, at=at, changed_at=at))
        case "approve":
            return await database.write(ideas.decide, idea, IdeaState.APPROVED, at)
        case "decline":
            return await database.write(ideas.decide, idea, IdeaState.DECLINED, at, reason=name)
        case "ask":
            return await database.write(ideas.ask, idea, name, at)
        case "answer":
            return await database.write(ideas.answer, idea, "U0ANN", name, at)
        case _:
            return await database.write(ideas.answer, idea, "U0BO", name, at)


async def went(database: Database, ideas: Ideas, idea: str, steps: list[str]) -> tuple[list[str], Idea | None]:
    """Which steps counted, each of them done twice, and the idea afterwards."""
    counted = []
    for minute, name in enumerate(steps):
        at = NOW + timedelta(minutes=minute)
        if await step(database, ideas, idea, name, at):
            counted.append(name)
        before = await database.read(ideas.get, idea)
        assert not await step(database, ideas, idea, name, at + timedelta(seconds=1))
        assert await database.read(ideas.get, idea) == before
    return counted, await database.read(ideas.get, idea)


def test_repeated_presses_count_once_and_decide_once(url: str) -> None:
    with lasting(url) as (runner, database):
        names = (f"idea-{number}" for number in count())

        @settings(max_examples=40)
        @given(STEPS)
        def it_does(steps: list[str]) -> None:
            counted, found = runner.run(went(database, Ideas(), next(names), steps))
            decisions = [name for name in counted if name in {"approve", "decline"}]
            assert len(decisions) == (found is not None and found.state not in OPEN)
            assert counted.count("ask") == (found.round if found else 0)
            assert "answer of somebody else" not in counted

        it_does()

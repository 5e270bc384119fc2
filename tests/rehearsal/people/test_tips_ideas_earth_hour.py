"""How colleagues try tips, guess, join Earth Hour and send ideas, and how representatives answer those."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.campaign import awareness
from bot.campaign.model import Audience
from bot.campaign.model import Post as CampaignPost
from bot.locales.catalogues import words
from bot.messages.awareness import awareness_value
from bot.messages.modals import earth_hour_minutes, idea, idea_reply
from rehearsal.people import tips_ideas_earth_hour as acts
from rehearsal.people.habits import Habit
from rehearsal.people.journal import (
    AnsweredAwareness,
    AskedReminder,
    DecidedIdea,
    FetchedCalendar,
    MadeGuess,
    Moved,
    ReportedEarthHour,
    SentIdea,
    TriedTip,
)
from rehearsal.people.person import Person
from tests.campaigns import MONDAY, campaign, guess, guess_texts
from tests.campaigns import awareness as wave

from .scripted_app import START, Scene, notes, row

EN = words("en")
BEEF = guess("beef")
TOLD = CampaignPost(
    post="told", kind="guess_answer", audience=Audience.COUNTRIES, day=MONDAY, time=time(14), guess="beef"
)
GUESSES = campaign(posts=(BEEF, TOLD), texts=guess_texts("beef"))
NUMBERS = st.integers(1, 10**6)


def reply(purpose: Any) -> Any:
    return idea_reply.draw(EN, purpose=purpose, idea="1dea", shown="A shelf")


def about(number: int, *decisions: str) -> list[dict[str, Any]]:
    said = {"type": "section", "text": {"type": "mrkdwn", "text": acts.idea_text(number)}}
    return [said, row(*((f"idea_{each}", "1dea") for each in decisions))]


@pytest.mark.parametrize(("habits", "times"), [([], 1), ([Habit.PRESSES_TWICE], 2)])
async def test_tip_is_tried_by_its_own_button(scene: Scene, habits: list[Habit], times: int) -> None:
    one = scene.person(*habits)
    for post in ("monday", "tuesday"):
        scene.post(("did_this", post))
    await acts.try_tip(one, "monday")
    assert (notes(one), scene.app.heard) == ([TriedTip("monday")] * times, ["did_this"] * times)
    assert one.activities["press twice"] == times - 1


@pytest.mark.parametrize(
    ("now", "country", "is_noted"), [(13, "SE", True), (14, "SE", False), (13, "ZZ", True), (14, "ZZ", False)]
)
async def test_guess_counts_until_it_is_answered(scene: Scene, now: int, country: str, *, is_noted: bool) -> None:
    one = scene.person(Habit.CORRECTS)
    one.write("move", Moved(country))
    scene.post(*(("guess", f"beef:{answer}") for answer in (1, 2, 3)))
    scene.clock.turn_to(datetime.combine(MONDAY, time(now - 1), START.tzinfo))
    await acts.make_guess(one, GUESSES, BEEF)
    guessed = [note for note in notes(one) if isinstance(note, MadeGuess)]
    assert (len(guessed), one.activities["guess"]) == (2 if is_noted else 0, 2)
    assert {each.post for each in guessed} <= {"beef"}


@pytest.mark.parametrize("seed", list("1234"))
async def test_questions_are_answered_in_their_order(scene: Scene, seed: str) -> None:
    one, asked = scene.person(seed=seed), wave("after")
    buttons = [
        awareness_value("awareness-after", question, answer)
        for question in awareness.QUESTIONS
        for answer in awareness.ANSWERS
    ]
    scene.post(*(("awareness", value) for value in buttons))
    await acts.say_what_they_know(one, campaign(posts=(asked,)), asked)
    answered = [AnsweredAwareness("after", question) for question in awareness.QUESTIONS]
    assert notes(one) in (answered, answered[:1])


async def test_earth_hour_is_joined_reminded_and_fetched(scene: Scene) -> None:
    one = scene.person()
    scene.app.shows["/earthhour"] = [
        row(("earth_hour_join", ""), ("earth_hour_remind", ""), ("earth_hour_calendar", ""))
    ]
    for act in (acts.light_out, acts.ask_reminder, acts.fetch_calendar):
        await act(one)
    assert notes(one) == [AskedReminder(), FetchedCalendar()]
    assert scene.app.heard[1::2] == ["earth_hour_join", "earth_hour_remind", "earth_hour_calendar"]


async def told(scene: Scene, *habits: Habit, seed: str = "1") -> Person:
    one = scene.person(*habits, seed=seed)
    scene.post(*((f"earth_hour_{answer}", "") for answer in ("did", "forgot", "other")))
    scene.app.shows["earth_hour_did"] = earth_hour_minutes.draw(EN, None)
    await acts.tell_hour(one)
    return one


@pytest.mark.parametrize("seed", list("1234567890"))
async def test_minutes_are_told_only_of_those_who_did(scene: Scene, seed: str) -> None:
    one = await told(scene, Habit.CORRECTS, seed=seed)
    minutes = [int(form["minutes"]) for form in scene.app.forms]
    said = [note for note in notes(one) if isinstance(note, ReportedEarthHour)]
    pressed = [name.removeprefix("earth_hour_") for name in scene.app.heard if name.startswith("earth_hour_")]
    assert [each.minutes for each in said if each.answer != "did"] == [None] * sum(each != "did" for each in pressed)
    assert [each.minutes for each in said if each.answer == "did"][1::2] == minutes
    assert len(minutes) == pressed.count("did")


async def test_who_answers_in_short_tells_no_minutes(scene: Scene) -> None:
    for seed in "1234":
        one = await told(scene, Habit.ANSWERS_IN_SHORT, seed=seed)
        assert all(isinstance(note, ReportedEarthHour) and note.minutes is None for note in notes(one))
    assert scene.app.forms == []


@pytest.mark.parametrize(("habits", "later"), [([], []), ([Habit.IS_NAMED], ["kept"])])
async def test_idea_carries_its_number(scene: Scene, habits: list[Habit], later: list[str]) -> None:
    one = scene.person(*habits)
    scene.app.shows["/idea"] = idea.draw(EN, "Sweden")
    await acts.send_idea(one, 12)
    [sent] = scene.app.forms
    assert (sent["text"], sent["named"], sent["later"]) == (acts.idea_text(12), ["yes"] if later else [], later)
    assert notes(one) == [SentIdea(12)]


@given(NUMBERS, NUMBERS)
def test_number_of_an_idea_is_found_anywhere(number: int, other: int) -> None:
    said = [{"type": "context", "elements": [{"text": f"> {acts.idea_text(number)}"}, {"text": acts.idea_text(other)}]}]
    assert acts.idea_number(said) == number
    assert acts.idea_number([{"text": f"idea {number}"}]) is None


async def test_question_about_an_idea_is_answered(scene: Scene) -> None:
    one = scene.person()
    scene.post(blocks=about(7, "answer"), direct=True)
    scene.app.shows["idea_answer"] = reply("answer")
    await acts.answer_question(one)
    assert (notes(one), one.form) == ([DecidedIdea(7, "answer")], None)


@pytest.mark.parametrize("seed", list("12345678"))
async def test_each_idea_is_decided_about_once(scene: Scene, seed: str) -> None:
    one, handled = scene.person(seed=seed), set[str]()
    for number in (1, 2):
        scene.post(blocks=about(number, "approve", "publish", "decline", "ask"), direct=True)
    scene.app.shows |= {f"idea_{each}": reply(each) for each in ("decline", "ask")}
    for _ in range(2):
        await acts.review(one, handled)
    decided = [note for note in notes(one) if isinstance(note, DecidedIdea)]
    assert [each.idea for each in decided] == [1, 2]
    assert [name for name in scene.app.heard if name != "reply!"] == [f"idea_{each.decision}" for each in decided]


@pytest.mark.parametrize("seed", list("12345678"))
async def test_a_question_is_put_only_once(scene: Scene, seed: str) -> None:
    one = scene.person(seed=seed)
    scene.post(blocks=about(1), direct=True)
    scene.post(blocks=about(1, "approve", "publish", "decline", "ask"), direct=True)
    scene.app.shows["idea_decline"] = reply("decline")
    await acts.review(one, set())
    assert "idea_ask" not in scene.app.heard
    assert len(notes(one)) == 1

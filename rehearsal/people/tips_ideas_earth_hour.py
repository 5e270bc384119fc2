"""Tips, guesses, awareness, Earth Hour and ideas."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from bot.campaign import awareness
from bot.campaign.guesses import answer_count, closes_at
from bot.campaign.model import Campaign, Post
from bot.messages.awareness import awareness_value
from bot.messages.guesses import guess_value
from bot.messages.modals import earth_hour_minutes as minutes_form
from bot.messages.modals import idea as idea_form
from bot.messages.modals import idea_reply as reply_form
from rehearsal.people.habits import Habit
from rehearsal.people.joining_and_leaving import begin, press
from rehearsal.people.journal import (
    AnsweredAwareness,
    AskedReminder,
    DecidedIdea,
    FetchedCalendar,
    MadeGuess,
    ReportedEarthHour,
    SentIdea,
    TriedTip,
)
from rehearsal.people.person import Person

_NUMBER = re.compile(r"idea no\. (\d+)")
_BOTH = 0.8
"""The odds of answering both questions on awareness."""

_MINUTES = (15, 30, 45, 60, 60)


async def try_tip(one: Person, post: str) -> None:
    """Do what a tip says, and press the button; some press it twice."""
    times = 2 if one.persona.has(Habit.PRESSES_TWICE) else 1
    for each in range(times):
        if await begin(one, "did_this", "tip", post):
            one.write("press twice" if each else "try a tip", TriedTip(post))
        await one.close_modal()


async def make_guess(one: Person, campaign: Campaign, guess: Post) -> None:
    """Guess; some think again and guess something else, perhaps the same."""
    for _ in range(2 if one.persona.has(Habit.CORRECTS) else 1):
        answer = one.random.randint(1, answer_count(campaign, guess))
        found = one.find("guess", guess_value(guess.post, answer))
        if found and await press(one, found):
            closes = closes_at(campaign, guess, one.country, one.persona.zone)
            # Whoever said to be in a country further east may be too late, and is told so.
            is_noted = closes is not None and one.now() < closes
            one.write("guess", *([MadeGuess(guess.post, answer)] if is_noted else []))
        await one.close_modal()


async def say_what_they_know(one: Person, campaign: Campaign, asked: Post) -> None:
    """Answer both questions, or the first; some try to change an answer, which nobody can."""
    questions = awareness.QUESTIONS if one.random.random() < _BOTH else awareness.QUESTIONS[:1]
    for question in questions:
        for _ in range(2 if one.persona.has(Habit.CORRECTS) else 1):
            answer = one.random.choice(awareness.ANSWERS)
            found = one.find("awareness", awareness_value(asked.post, question, answer))
            if found and await press(one, found):
                is_open = one.now() < awareness.closes_at(campaign, asked, one.country)
                one.write("say what they know", *([AnsweredAwareness(str(asked.wave), question)] if is_open else []))
            await one.close_modal()


async def light_out(one: Person) -> None:
    """Announce to join Earth Hour."""
    if await begin(one, "earth_hour_join", "earthhour"):
        one.write("join Earth Hour")
    await one.close_modal()


async def ask_reminder(one: Person) -> None:
    """Ask for a reminder of Earth Hour."""
    if await begin(one, "earth_hour_remind", "earthhour"):
        one.write("ask for Earth Hour's reminder", AskedReminder())
    await one.close_modal()


async def fetch_calendar(one: Person) -> None:
    """Ask for the calendar file."""
    found = one.find("earth_hour_calendar")
    if found is None:
        await one.type("earthhour")
        found = one.ephemeral_button("earth_hour_calendar")
    if found:
        await one.press(found)
        one.write("fetch the calendar file", FetchedCalendar())
    await one.close_modal()


async def tell_hour(one: Person) -> None:
    """Say how Earth Hour was, and sometimes something else afterwards."""
    answers = one.random.choices(("did", "forgot", "other"), (6, 2, 2), k=2 if one.persona.has(Habit.CORRECTS) else 1)
    for answer in answers:
        if await begin(one, f"earth_hour_{answer}", "earthhour"):
            await _tell(one, answer)
        await one.close_modal()


async def _tell(one: Person, answer: str) -> None:
    if answer != "did":
        one.write("tell of Earth Hour", ReportedEarthHour(answer))
    elif one.form == minutes_form.CALLBACK:
        one.write("tell of Earth Hour", ReportedEarthHour(answer, _known(one)))
        if not one.persona.has(Habit.ANSWERS_IN_SHORT):
            minutes = one.random.choice(_MINUTES)
            await one.submit(minutes=minutes)
            one.write("tell minutes", ReportedEarthHour(answer, minutes))


def _known(one: Person) -> int | None:
    """Return the minutes that the bot has already: a second press of the same answer keeps those of the first."""
    said = [entry.note for entry in one.journal.remembered if isinstance(entry.note, ReportedEarthHour)]
    return said[-1].minutes if said and said[-1].answer == "did" else None


def idea_text(number: int) -> str:
    """Return the text of an idea; no two are the same."""
    return f"A shelf for things to share in every kitchen (idea no. {number})."


def idea_number(blocks: Sequence[dict[str, Any]]) -> int | None:
    """Find the number of the idea that a message is about."""
    # Anywhere in the blocks, since the text stands in another one in each kind of message.
    found = _NUMBER.search(json.dumps(blocks))
    return int(found[1]) if found else None


async def send_idea(one: Person, number: int) -> None:
    """Send an idea. Some first try a text that only mentions the whole channel, which the form refuses."""
    if await begin(one, "idea", "idea") and one.form == idea_form.CALLBACK:
        if one.persona.has(Habit.CORRECTS):
            await one.submit(text="<!channel>")
            one.activities["send nothing"] += 1
        is_named = one.persona.has(Habit.IS_NAMED)
        # Who stands by an idea also lets it live on.
        await one.submit(text=idea_text(number), named=is_named, later=["kept"] if is_named else [])
        one.write("send an idea", SentIdea(number))
    await one.close_modal()


async def answer_question(one: Person) -> None:
    """Answer what a representative asks about an idea."""
    found = one.find("idea_answer", direct=True)
    if found is None or not one.is_in:
        return
    if await press(one, found) and one.form == reply_form.CALLBACK:
        number = idea_number(found[0].blocks)
        await one.submit(text="It costs next to nothing, and I would look after it.")
        if number:
            one.write("answer a question", DecidedIdea(number, "answer"))
    await one.close_modal()


async def review(one: Person, handled: set[str]) -> None:
    """Read what colleagues wrote, as a representative, and decide about each idea once."""
    for message in one.user.messages():
        number = idea_number(message.blocks)
        if number and message.ts not in handled and one.find_in(message, "idea_approve"):
            handled.add(message.ts)
            # A question is put once; after its answer comes a decision.
            asked = sum(1 for other in one.user.messages() if idea_number(other.blocks) == number) > 1
            await _decide(one, message.ts, number, asked=asked)
            await one.close_modal()


async def _decide(one: Person, ts: str, number: int, *, asked: bool) -> None:
    # Managers have no country channel in which to publish.
    ways = {"approve": 4, "publish": 3 if one.persona.home else 0, "decline": 2, "ask": 0 if asked else 3}
    decision = one.random.choices(list(ways), list(ways.values()))[0]
    # Looked up again: the message may have changed since it was read.
    message = next(each for each in one.user.messages() if each.ts == ts)
    found = one.find_in(message, f"idea_{decision}")
    if found is None:
        return
    await one.press((message, found))
    if decision in {"decline", "ask"}:
        if one.form != reply_form.CALLBACK:
            return
        await one.submit(text="We tried that two years ago." if decision == "decline" else "What would it cost?")
    one.write(f"{decision} an idea", DecidedIdea(number, decision))

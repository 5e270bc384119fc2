"""Tips, Earth Hour and ideas."""

from __future__ import annotations

from bot.messages.modals import idea as idea_form
from bot.messages.modals import minutes as minutes_form
from bot.messages.modals import reply as reply_form
from rehearsal.people.habits import Habit
from rehearsal.people.joining import begin, press
from rehearsal.people.journal import Decided, Fetched, Hour, Reminded, Sent, Tried
from rehearsal.people.person import Colleague
from rehearsal.people.speech import idea_of, spoken

_MINUTES = (15, 30, 45, 60, 60)


async def try_tip(one: Colleague, post: str) -> None:
    """Do what a tip says, and press the button; some press it twice."""
    times = 2 if one.character.has(Habit.PRESSES_TWICE) else 1
    for each in range(times):
        if await begin(one, "did_this", "tip", post):
            one.write("press twice" if each else "try a tip", Tried(post))
        await one.leave()


async def light_out(one: Colleague) -> None:
    """Say that one will join Earth Hour."""
    if await begin(one, "earth_hour_join", "earthhour"):
        one.write("join Earth Hour")
    await one.leave()


async def ask_reminder(one: Colleague) -> None:
    """Ask to be reminded of it."""
    if await begin(one, "earth_hour_remind", "earthhour"):
        one.write("ask for Earth Hour's reminder", Reminded())
    await one.leave()


async def fetch_calendar(one: Colleague) -> None:
    """Ask for the calendar file."""
    found = one.find("earth_hour_calendar")
    if found is None:
        await one.type("earthhour")
        found = one.told("earth_hour_calendar")
    if found:
        await one.press(found)
        one.write("fetch the calendar file", Fetched())
    await one.leave()


async def tell_hour(one: Colleague) -> None:
    """Say how Earth Hour was, and sometimes something else afterwards."""
    answers = one.random.choices(("did", "forgot", "other"), (6, 2, 2), k=2 if one.character.has(Habit.CORRECTS) else 1)
    for answer in answers:
        if await begin(one, f"earth_hour_{answer}", "earthhour"):
            await _tell(one, answer)
        await one.leave()


async def _tell(one: Colleague, answer: str) -> None:
    if answer != "did":
        one.write("tell of Earth Hour", Hour(answer))
    elif one.form == minutes_form.CALLBACK:
        one.write("tell of Earth Hour", Hour(answer, _known(one)))
        if not one.character.has(Habit.ANSWERS_IN_SHORT):
            minutes = one.random.choice(_MINUTES)
            await one.submit(minutes=minutes)
            one.write("tell minutes", Hour(answer, minutes))


def _known(one: Colleague) -> int | None:
    """A second press of the same answer keeps the minutes of the first."""
    said = [entry.note for entry in one.books.remembered if isinstance(entry.note, Hour)]
    return said[-1].minutes if said and said[-1].answer == "did" else None


async def send_idea(one: Colleague, number: int) -> None:
    """Send an idea; the first try says nothing to anybody but the whole channel, and is not taken."""
    if await begin(one, "idea", "idea") and one.form == idea_form.CALLBACK:
        if one.character.has(Habit.CORRECTS):
            await one.submit(text="<!channel>")
            one.acts["send nothing"] += 1
        await one.submit(text=idea_of(number), named=one.character.has(Habit.IS_NAMED))
        one.write("send an idea", Sent(number))
    await one.leave()


async def answer_question(one: Colleague) -> None:
    """Answer what a representative asks about an idea."""
    found = one.find("idea_answer", direct=True)
    if found is None or not one.is_in:
        return
    if await press(one, found) and one.form == reply_form.CALLBACK:
        number = spoken(found[0].blocks)
        await one.submit(text="It costs next to nothing, and I would look after it.")
        if number:
            one.write("answer a question", Decided(number, "answer"))
    await one.leave()


async def review(one: Colleague, handled: set[str]) -> None:
    """Read what colleagues wrote, as a representative, and decide about each idea once."""
    for message in one.hand.messages():
        number = spoken(message.blocks)
        if number and message.ts not in handled and one.find_in(message, "idea_approve"):
            handled.add(message.ts)
            # A question is put once; whoever has had an answer decides.
            asked = sum(1 for other in one.hand.messages() if spoken(other.blocks) == number) > 1
            await _decide(one, message.ts, number, asked=asked)
            await one.leave()


async def _decide(one: Colleague, ts: str, number: int, *, asked: bool) -> None:
    ways = {"approve": 4, "publish": 3 if one.character.home else 0, "decline": 2, "ask": 0 if asked else 3}
    decision = one.random.choices(list(ways), list(ways.values()))[0]
    message = next(each for each in one.hand.messages() if each.ts == ts)
    found = one.find_in(message, f"idea_{decision}")
    if found is None:
        return
    await one.press((message, found))
    if decision in {"decline", "ask"}:
        if one.form != reply_form.CALLBACK:
            return
        await one.submit(text="We tried that two years ago." if decision == "decline" else "What would it cost?")
    one.write(f"{decision} an idea", Decided(number, decision))

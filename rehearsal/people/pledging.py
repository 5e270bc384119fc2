"""Pledges: choosing, planning, saying how they go, and taking them back."""

from __future__ import annotations

from datetime import date, time, timedelta

from bot.campaign.pledges import OBSTACLES
from bot.messages.modals import check_in as check_in_form
from bot.messages.modals import choose_pledge as chooser
from bot.messages.modals import mark_done as done_form
from bot.messages.modals import pledge_plan as plan_form
from rehearsal.people.habits import Habit
from rehearsal.people.joining_and_leaving import begin
from rehearsal.people.journal import AnsweredCheckIn, DoesAlready, MadePledge, WithdrewPledge, WroteRemark
from rehearsal.people.person import Person
from rehearsal.slack.interactive_elements import controls

_HOURS = (time(6, 30), time(7, 45), time(9), time(11, 30), time(12), time(15), time(18, 30))
"""Times at which people would like to be reminded, within working hours or not."""

_LINES = (
    "A bicycle rack by the door would help.",
    "Nobody told us where to go.",
    "The old plan was simpler & quicker.",
)
_OLD = 3
"""Days back that can still be told."""


async def pledge(one: Person) -> None:
    """Choose a pledge with a plan, and sometimes with reminders."""
    if await begin(one, "pledge", "pledge") and one.form == chooser.CALLBACK:
        offered = _offered(one, "pledge_choose")
        if offered:
            chosen = one.random.choice(offered)
            await one.press_form("pledge_choose", chosen)
            await _plan(one, chosen)
    await one.close_modal()


def _offered(one: Person, action: str) -> list[str]:
    """Return the pledges on the screen that are not theirs yet."""
    there = [each for each in controls(one.blocks()) if each.action_id.partition(":")[0] == action]
    mine = {note.pledge for note in _of_pledges(one)}
    return [value for each in there if (value := str(each.element["value"])) not in mine]


def _of_pledges(one: Person) -> list[MadePledge | DoesAlready]:
    return [entry.note for entry in one.journal.remembered if isinstance(entry.note, MadePledge | DoesAlready)]


async def _plan(one: Person, pledge: str) -> None:
    if one.form != plan_form.CALLBACK:
        return
    values: dict[str, object] = {}
    days: list[str] = []
    at, any_hour = time(9), False
    presets = one.choices("how")
    if presets:
        values["how"] = one.random.choice(presets)
    if not presets or values["how"] == "own":
        values["own"] = "On the way home"
    if one.persona.has(Habit.PLANS_REMINDERS) and one.field("days"):
        offered = one.choices("days")
        days = sorted(one.random.sample(offered, min(2, len(offered))))
        at, any_hour = one.random.choice(_HOURS), one.persona.has(Habit.ANY_HOUR)
        values |= {"days": days, "at": at, "any_hour": any_hour}
    await one.submit(**values)
    note = MadePledge(pledge, tuple(map(date.fromisoformat, days)), at if days else None, any_hour)
    one.write("pledge with reminders" if days else "pledge", note)


async def do_already(one: Person) -> None:
    """Mark a pledge as something that the person does anyway."""
    if await begin(one, "pledge", "pledge") and one.form == chooser.CALLBACK:
        offered = _offered(one, "pledge_choose")
        if offered:
            chosen = one.random.choice(offered)
            await one.press_form("pledge_choose", chosen)
            await one.press_form("pledge_already", chosen)
            one.write("do it already", DoesAlready(chosen))
    await one.close_modal()


async def say_done(one: Person, back: int) -> None:
    """Say with the form that a pledge was kept, today or some days ago."""
    if one.pledges:
        await one.type("done")
        day = (one.today - timedelta(days=back)).isoformat()
        if one.form == done_form.CALLBACK and day in one.choices("day"):
            chosen = one.random.choice(one.pledges)
            await one.submit(pledge=chosen, day=day)
            one.write("back-date" if back else "say done", AnsweredCheckIn(chosen, day, "done"))
    await one.close_modal()


async def press_done(one: Person) -> None:
    """Say with one press that a pledge was kept today, and sometimes with two."""
    if not one.pledges:
        return
    await one.type("my")
    found = one.ephemeral_button("done_today")
    # Two presses must count once.
    for _ in range(2 if one.persona.has(Habit.PRESSES_TWICE) else 1):
        if found:
            await one.press(found)
            pledge = str(found[1].element["value"])
            one.write("press done", AnsweredCheckIn(pledge, one.today.isoformat(), "done"))


async def leave_form_open(one: Person) -> None:
    """Fill in the oldest day there is, and leave the form open overnight."""
    if one.pledges:
        await one.type("done")
        days = one.choices("day") if one.form == done_form.CALLBACK else []
        if (one.today - timedelta(days=_OLD)).isoformat() in days:
            # Left open on purpose, to be sent when the day has become too old.
            one.user.fill(pledge=one.random.choice(one.pledges), day=days[-1])
            return
    await one.close_modal()


async def send_old_form(one: Person) -> None:
    """Send what was left open; by now the day is too far back, and the bot says so."""
    if one.form == done_form.CALLBACK:
        await one.submit()
        one.write("too far back")
    await one.close_modal()


async def withdraw(one: Person) -> None:
    """Take a pledge back."""
    if one.pledges:
        await one.type("my")
        chosen = one.random.choice(one.pledges)
        found = one.ephemeral_button("pledge_withdraw", chosen)
        if found:
            await one.press(found)
            one.write("withdraw", WithdrewPledge(chosen))


async def answer(one: Person, post: str) -> None:
    """Answer a check-in: one press, and a form for the rest."""
    answer = one.random.choices(check_in_form.ANSWERS, (5, 2, 1, 1))[0]
    found = one.find(f"check_in_{answer}", post, direct=True)
    if found is None or not one.is_in:
        return
    await one.press(found)
    if one.form == check_in_form.CALLBACK:
        await _check_in(one, post, answer)
    await one.close_modal()


async def _check_in(one: Person, post: str, answer: str) -> None:
    # With a single pledge the press itself has been stored, and the form only adds to it.
    if any(block.get("block_id") == "saved" for block in one.blocks()):
        one.write("answer at once", AnsweredCheckIn(one.pledges[0], post, answer))
    if one.persona.has(Habit.ANSWERS_IN_SHORT):
        return
    answers = {pledge: one.random.choice((answer, answer, "partly")) for pledge in one.pledges}
    continues = one.random.random() < 0.5  # noqa: PLR2004 - a coin
    values: dict[str, object] = {f"answer:{pledge}": given for pledge, given in answers.items()}
    obstacle = None if answer == "done" else one.random.choice(OBSTACLES)
    values |= {"continues": continues, "obstacle": obstacle}
    line = one.random.choice(_LINES) if one.persona.has(Habit.WRITES_LINES) else None
    await one.submit(**values, line=line)
    notes = (AnsweredCheckIn(pledge, post, given, continues, obstacle) for pledge, given in answers.items())
    one.write("answer", *notes)
    if line:
        one.write("write a line", WroteRemark(_worst(answers), post))


def _worst(answers: dict[str, str]) -> str:
    """Return the pledge that went least well, which a remark is about."""
    return max(answers, key=lambda pledge: check_in_form.ANSWERS.index(answers[pledge]))

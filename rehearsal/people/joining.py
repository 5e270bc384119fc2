"""Joining, moving, stopping and being forgotten."""

from __future__ import annotations

from datetime import date

from bot.campaign.model import ANOTHER_COUNTRY
from bot.messages.modals import forget as forget_form
from bot.messages.modals import join as join_form
from rehearsal.people.habits import Habit
from rehearsal.people.journal import Forgot, Joined, Moved, Paused, Stopped, Wanted
from rehearsal.people.person import Colleague
from rehearsal.slack.controls import Control
from rehearsal.slack.user import Pressable

ENGLISH = "en"


async def join(one: Colleague) -> None:
    """Join with the button under a post, or with the command."""
    await begin(one, "join", "join")
    await one.leave()


async def begin(one: Colleague, action: str, command: str, value: str | None = None) -> bool:
    """Press a button in the channel, or type the command where there is none, and join on the way where that is asked.

    Whether the bot did what was asked.
    """
    found = None if one.character.has(Habit.TYPES) else one.find(action, value)
    if found is None:
        await one.type(command)
        if one.form is not None:
            return await at_the_door(one)
        found = one.told(action, value)
    return await press(one, found) if found else False


async def press(one: Colleague, found: tuple[Pressable, Control]) -> bool:
    """Press a button, and join on the way where that is asked; whether it was done."""
    await one.press(found)
    return await at_the_door(one)


async def at_the_door(one: Colleague) -> bool:
    """Say where one is, if that is what the bot asks; what had been pressed is done after it."""
    if one.form == join_form.CALLBACK and not one.is_in:
        await _say(one)
    return one.is_in


async def _say(one: Colleague) -> None:
    country, language = _country(one), _language(one)
    messages = one.character.has(Habit.WANTS_MESSAGES) and not one.character.has(Habit.ASKS_LATER)
    await one.submit(country=country, language=language, messages=messages)
    said = None if country == join_form.NOT_SAID else country
    one.write("join", Joined(said, language, messages))


def _country(one: Colleague) -> str:
    suggested, offered = one.shown("country"), one.choices("country")
    if one.character.has(Habit.WITHHOLDS):
        return join_form.NOT_SAID
    if one.character.has(Habit.IS_ELSEWHERE):
        return one.random.choice([each for each in offered if each not in {suggested, join_form.NOT_SAID}])
    return str(suggested or ANOTHER_COUNTRY)


def _language(one: Colleague) -> str:
    wants_english = one.character.has(Habit.READS_ENGLISH) and ENGLISH in one.choices("language")
    return ENGLISH if wants_english else str(one.shown("language"))


async def move(one: Colleague, countries: tuple[str, ...]) -> None:
    """Say that one is in another country by now."""
    if one.is_in:
        country = one.random.choice(countries)
        await one.type(f"country {country}")
        one.write("move", Moved(country))


async def ask_for_messages(one: Colleague) -> None:
    """Want direct messages after all."""
    if one.is_in:
        await one.type("messages on")
        one.write("ask for messages", Wanted())


async def pause(one: Colleague, until: date) -> None:
    """Want no messages until a date."""
    if one.is_in:
        await one.type(f"pause {until.isoformat()}")
        one.write("pause", Paused(until))


async def stop(one: Colleague) -> None:
    """Stop all messages: under one of them, or with the command."""
    if not one.is_in:
        return
    found = one.find("messages_stop", direct=True)
    if found and not one.character.has(Habit.TYPES):
        await one.press(found)
    else:
        await one.type("messages off")
    one.write("stop", Stopped())


async def stop_questions(one: Colleague) -> None:
    """Stop being asked how it went."""
    found = one.find("check_in_stop", direct=True)
    if found and one.is_in:
        await one.press(found)
        one.write("stop questions", Stopped(everything=False))


async def forget(one: Colleague) -> None:
    """Have everything removed."""
    if not one.is_in:
        return
    await one.type("forget")
    if one.form == forget_form.CALLBACK:
        await one.submit()
        one.write("forget", Forgot())
    await one.leave()


async def come_back(one: Colleague) -> None:
    """Join anew after having been forgotten."""
    if not one.is_in and any(isinstance(entry.note, Forgot) for entry in one.books.entries):
        await join(one)
        one.write("come back")


async def look_home(one: Colleague) -> None:
    """Look at the App Home."""
    await one.hand.open_home()
    await one.hand.until(lambda: one.hand.home() is not None)
    one.write("look at the home")


async def read(one: Colleague, command: str) -> None:
    """Only look at something."""
    await one.type(command)
    one.write("look")
    await one.leave()

"""Joining, moving, stopping and being forgotten."""

from __future__ import annotations

from datetime import date

from bot.campaign.model import ANOTHER_COUNTRY
from bot.messages.modals import join as join_form
from bot.messages.modals.my_data import FORGET_CALLBACK
from rehearsal.people.habits import Habit
from rehearsal.people.journal import Forgot, Joined, Moved, PausedMessages, StoppedMessages, WantedMessages
from rehearsal.people.person import Person
from rehearsal.slack.acting_user import Pressable
from rehearsal.slack.interactive_elements import Control

ENGLISH = "en"


async def join(one: Person) -> None:
    """Join with the button under a post, or with the command."""
    await begin(one, "join", "join")
    await one.close_modal()


async def begin(one: Person, action: str, command: str, value: str | None = None) -> bool:
    """Press a button in the channel, or type the command where there is none, and join if the bot asks for it.

    Returns whether the bot did what was asked.
    """
    found = None if one.persona.has(Habit.TYPES) else one.find(action, value)
    if found is None:
        await one.type(command)
        if one.form is not None:
            return await at_the_door(one)
        found = one.ephemeral_button(action, value)
    return await press(one, found) if found else False


async def press(one: Person, found: tuple[Pressable, Control]) -> bool:
    """Press a button, and join if the bot asks for it. Returns whether the bot did what was asked."""
    await one.press(found)
    return await at_the_door(one)


async def at_the_door(one: Person) -> bool:
    """Fill in the form to join if it is open; the bot then does what was pressed before it."""
    if one.form == join_form.CALLBACK and not one.is_in:
        await _say(one)
    return one.is_in


async def _say(one: Person) -> None:
    country, language = _country(one), _language(one)
    messages = one.persona.has(Habit.WANTS_MESSAGES) and not one.persona.has(Habit.ASKS_LATER)
    await one.submit(country=country, language=language, messages=messages)
    said = None if country == join_form.NOT_SAID else country
    one.write("join", Joined(said, language, messages))


def _country(one: Person) -> str:
    suggested, offered = one.initial_value("country"), one.choices("country")
    if one.persona.has(Habit.WITHHOLDS):
        return join_form.NOT_SAID
    if one.persona.has(Habit.IS_ELSEWHERE):
        return one.random.choice([each for each in offered if each not in {suggested, join_form.NOT_SAID}])
    return str(suggested or ANOTHER_COUNTRY)


def _language(one: Person) -> str:
    wants_english = one.persona.has(Habit.READS_ENGLISH) and ENGLISH in one.choices("language")
    return ENGLISH if wants_english else str(one.initial_value("language"))


async def move(one: Person, countries: tuple[str, ...]) -> None:
    """Move to another country."""
    if one.is_in:
        country = one.random.choice(countries)
        await one.type(f"country {country}")
        one.write("move", Moved(country))


async def ask_for_messages(one: Person) -> None:
    """Ask for direct messages after all."""
    if one.is_in:
        await one.type("messages on")
        one.write("ask for messages", WantedMessages())


async def pause(one: Person, until: date) -> None:
    """Pause messages until a date."""
    if one.is_in:
        await one.type(f"pause {until.isoformat()}")
        one.write("pause", PausedMessages(until))


async def stop(one: Person) -> None:
    """Stop all messages: under one of them, or with the command."""
    if not one.is_in:
        return
    found = one.find("messages_stop", direct=True)
    if found and not one.persona.has(Habit.TYPES):
        await one.press(found)
    else:
        await one.type("messages off")
    one.write("stop", StoppedMessages())


async def stop_questions(one: Person) -> None:
    """Stop being asked how it went."""
    found = one.find("check_in_stop", direct=True)
    if found and one.is_in:
        await one.press(found)
        one.write("stop questions", StoppedMessages(everything=False))


async def forget(one: Person) -> None:
    """Ask the bot to erase everything."""
    if not one.is_in:
        return
    await one.type("forget")
    if one.form == FORGET_CALLBACK:
        await one.submit()
        one.write("forget", Forgot())
    await one.close_modal()


async def come_back(one: Person) -> None:
    """Join anew after having been forgotten."""
    # Only after having been forgotten: the schedule was made before it was known what would work.
    if not one.is_in and any(isinstance(entry.note, Forgot) for entry in one.journal.entries):
        await join(one)
        one.write("come back")


async def look_home(one: Person) -> None:
    """Look at the App Home."""
    await one.user.open_home()
    # The bot draws the Home after it has acknowledged the event.
    await one.user.until(lambda: one.user.home() is not None)
    one.write("look at the home")


async def read(one: Person, command: str) -> None:
    """Type a command that only shows something."""
    await one.type(command)
    one.write("look")
    await one.close_modal()

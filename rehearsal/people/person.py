"""A simulated colleague in Slack: finds what is on the screen, presses it, and waits for the answer.

Each public method does one thing, and notes it once the bot has answered. What is not on the screen is left alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from typing import Any, TypeVar

from bot.campaign.localtime import local
from bot.messages.modals import message_modal
from rehearsal.people.journal import DoesAlready, Joined, Journal, MadePledge, Moved, Note, WithdrewPledge
from rehearsal.people.persona import Persona
from rehearsal.slack.acting_user import Pressable, SlackUser
from rehearsal.slack.interactive_elements import Control, controls
from rehearsal.slack.submissions import Submission

ANSWER_WITHIN = 30.0
"""Real seconds; a machine that plays at full speed is a busy one."""

Result = TypeVar("Result")


class UnansweredError(Exception):
    """The bot left a colleague without an answer, or with one that Slack cannot show."""


@dataclass
class Person:
    """One person in the rehearsal.

    `channel` is the one they read, `now` the rehearsal's clock; `activities` counts what everybody does.
    """

    persona: Persona
    user: SlackUser
    journal: Journal
    channel: str
    now: Callable[[], datetime]
    activities: Counter[str]

    def __post_init__(self) -> None:
        """Seed the person's own random numbers."""
        self.random = Random(f"{self.persona.seed}/acts")  # noqa: S311 - a rehearsal wants the same chance twice

    # What they know of themselves

    @property
    def today(self) -> date:
        """The date in their own time zone."""
        return local(self.now(), self.persona.zone).date()

    @property
    def is_in(self) -> bool:
        """True if they have joined."""
        return any(isinstance(entry.note, Joined) for entry in self.journal.remembered)

    @property
    def country(self) -> str | None:
        """The country that they said last, if they said one."""
        said = [entry.note for entry in self.journal.remembered if isinstance(entry.note, Joined | Moved)]
        return said[-1].country if said else None

    @property
    def pledges(self) -> list[str]:
        """The pledges that they made and did not take back, without those that they keep anyway."""
        mine: dict[str, None] = {}
        for entry in self.journal.remembered:
            match entry.note:
                case MadePledge(pledge=pledge):
                    mine[pledge] = None
                case WithdrewPledge(pledge=pledge) | DoesAlready(pledge=pledge):
                    mine.pop(pledge, None)
                case _:
                    pass
        return list(mine)

    def write(self, act: str, *notes: Note) -> None:
        """Note what the bot has answered."""
        self.activities[act] += 1
        for note in notes:
            self.journal.write(self.now(), note)

    # What they see

    @property
    def form(self) -> str | None:
        """The callback id of the open form."""
        view = self.user.top()
        return None if view is None else str(view.content.get("callback_id"))

    def blocks(self) -> Sequence[dict[str, Any]]:
        """Return the blocks of the open form."""
        view = self.user.top()
        return [] if view is None else view.content["blocks"]

    def initial_value(self, name: str) -> Any:
        """Return what is chosen in a field of the open form before anybody touches it."""
        found = self.field(name)
        held = found.first()[found.holds] if found else None
        return held.get("value") if isinstance(held, Mapping) else held

    def field(self, name: str) -> Control | None:
        """Find a field of the open form."""
        return next((each for each in controls(self.blocks()) if each.is_field and each.block_id == name), None)

    def choices(self, name: str) -> list[str]:
        """Return the values that a field of the open form offers."""
        found = self.field(name)
        return [str(option["value"]) for option in found.options()] if found else []

    def find(self, action: str, value: str | None = None, *, direct: bool = False) -> tuple[Pressable, Control] | None:
        """Find the newest message with a button, in their channel or in their conversation with the bot."""
        # The newest first, as somebody who scrolls up from the end of a channel.
        for message in reversed(self.user.messages(None if direct else self.channel)):
            found = find_button(message.blocks, action, value)
            if found:
                return message, found
        return None

    def find_in(self, message: Pressable, action: str) -> Control | None:
        """Find a button in one message."""
        return find_button(message.blocks, action)

    def ephemeral_button(self, action: str, value: str | None = None) -> tuple[Pressable, Control] | None:
        """Find a button in the newest ephemeral message."""
        said = self.user.ephemerals()
        found = find_button(said[-1].blocks, action, value) if said else None
        return (said[-1], found) if found else None

    # What they do, and how it is answered

    async def press(self, found: tuple[Pressable, Control]) -> None:
        """Press a button in a message, or an entry of a menu."""
        message, control = found
        act = self.user.choose if control.kind == "overflow" else self.user.press
        await self.answered(act(message, control.action_id, control.element.get("value")))

    async def press_form(self, action: str, value: str) -> None:
        """Press a button in the open form."""
        found = find_button(self.blocks(), action, value)
        if found is None:
            # A fault of the bot and not of the person: the form was drawn without the button that it must have.
            raise UnansweredError(f"{self.user.id} finds no {action} for {value}")
        await self.answered(self.user.press_view(found.action_id, value))

    async def type(self, text: str) -> None:
        """Type a command in the channel they read."""
        await self.answered(self.user.command(text, self.channel))

    async def submit(self, **values: object) -> Submission:
        """Send the open form; what the bot wants corrected is said in it at once."""
        before = self._sight()
        submitted = await self.user.submit(values)
        if submitted.outcome in {"failed", "incomplete"}:
            raise UnansweredError(f"{self.user.id}: {self.form} was not taken: {submitted}")
        if submitted.outcome != "errors":
            await self._look(before)
        return submitted

    async def answered(self, act: Awaitable[Result]) -> Result:
        """Do something and wait until the bot has shown its answer."""
        before = self._sight()
        done = await act
        await self._look(before)
        return done

    async def _look(self, before: object) -> None:
        try:
            # The loading view is no answer yet.
            await self.user.until(lambda: self._sight() != before and self.form != message_modal.LOADING, ANSWER_WITHIN)
        except TimeoutError as error:
            raise UnansweredError(f"{self.user.id} got no answer; open is {self.form}") from error

    def _sight(self) -> tuple[object, object]:
        """Return what changes when the bot answers: the modal on top, and the newest ephemeral message."""
        view, said = self.user.top(), self.user.ephemerals()
        return (view and (view.id, view.hash), said[-1].ts if said else None)

    async def close_modal(self) -> None:
        """Close whatever is open."""
        if self.form is not None:
            await self.user.close(everything=True)


def find_button(blocks: Sequence[dict[str, Any]], action: str, value: str | None = None) -> Control | None:
    """Find a button by its action, which stands before the colon of its action ID, and by its value.

    An entry of a menu has both in its own value, and is found like a button.
    """
    for each in controls(blocks):
        if each.kind == "overflow":
            for chosen in (str(option["value"]) for option in each.options()):
                name, _, its_value = chosen.partition(":")
                if name == action and value in {None, its_value}:
                    return Control(each.block, {**each.element, "value": chosen})
        # Buttons that occur several times carry their value behind a colon.
        is_it = each.kind == "button" and each.action_id.partition(":")[0] == action
        if is_it and value in {None, each.element.get("value")}:
            return each
    return None

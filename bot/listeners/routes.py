"""What people can ask for, by the name of a button or of a subcommand, and what each needs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from bot.listeners import check_ins, earth_hour, ideas, my_data, onboarding, pledges, preferences, standings, tips
from bot.listeners.commands import PAUSE_OFF, RESUME, START, STOP, UNKNOWN
from bot.listeners.help import help_, unknown
from bot.listeners.interaction import Visit


class Answer(Enum):
    """Where an errand is answered; a command that says everything needs no modal."""

    MESSAGE = auto()
    MODAL = auto()
    MODAL_UNLESS_SAID = auto()
    ON_TOP = auto()


@dataclass(frozen=True)
class Errand:
    """`run` gets the button's value or the rest of the command.

    `member` asks whoever has not joined to do so first. `until_close` is for what is counted: nothing is, once the
    campaign is over. `anybody` is for what is also for those who take no part: their own data, and what the campaign's
    files ask of somebody; the errand itself looks who it is.
    """

    run: Callable[[Visit, str], Awaitable[None]]
    answer: Answer = Answer.MESSAGE
    member: bool = False
    until_close: bool = False
    anybody: bool = False

    def opens(self, value: str) -> bool:
        """Whether a modal is opened at once, before anybody has been asked who it is."""
        return self.answer is Answer.MODAL or (self.answer is Answer.MODAL_UNLESS_SAID and not value)


def _form(run: Callable[[Visit, str], Awaitable[None]], *, until_close: bool = False, member: bool = True) -> Errand:
    return Errand(run, Answer.MODAL, member=member, until_close=until_close)


def _form_for_anybody(run: Callable[[Visit, str], Awaitable[None]]) -> Errand:
    return Errand(run, Answer.MODAL, anybody=True)


def _deed(run: Callable[[Visit, str], Awaitable[None]]) -> Errand:
    return Errand(run, member=True, until_close=True)


def _change(run: Callable[[Visit, str], Awaitable[None]]) -> Errand:
    return Errand(run, member=True)


def _said(run: Callable[[Visit, str], Awaitable[None]]) -> Errand:
    return Errand(run, Answer.MODAL_UNLESS_SAID, member=True)


COMMANDS: Mapping[str, Errand] = {
    "help": Errand(help_),
    "join": _form(onboarding.join, member=False),
    "pledge": _form(pledges.pledge, until_close=True),
    "done": _form(check_ins.done, until_close=True),
    "my": _change(my_data.my),
    "standings": Errand(standings.standings),
    "tip": Errand(tips.tip),
    "earthhour": Errand(earth_hour.earthhour),
    "idea": _form(ideas.idea, until_close=True),
    "country": _said(preferences.country),
    "language": _said(preferences.language),
    "messages": Errand(preferences.messages, anybody=True),
    "pause": _said(preferences.pause),
    "data": _form_for_anybody(my_data.data),
    "forget": _form_for_anybody(my_data.forget),
}
"""The subcommands of `/earthweek` that help names."""

ERRANDS: Mapping[str, Errand] = {
    **COMMANDS,
    "settings": _form(preferences.settings),
    "messages_on": _change(preferences.messages_on),
    "messages_pause": _form_for_anybody(preferences.messages_pause),
    "messages_stop": Errand(preferences.messages_stop, anybody=True),
    "pause_off": _change(preferences.pause_off),
    "resume": _change(preferences.resume),
    "pledge_choose": _form(pledges.pledge_choose, until_close=True),
    "pledge_already": _deed(pledges.pledge_already),
    "pledge_why": Errand(pledges.pledge_why, Answer.ON_TOP),
    "pledges_page": _form(pledges.pledges_page, until_close=True),
    "pledge_withdraw": _deed(pledges.pledge_withdraw),
    "reminders_stop": _change(pledges.reminders_stop),
    "done_today": _deed(check_ins.done_today),
    "check_in_done": _form(check_ins.check_in_done, until_close=True),
    "check_in_partly": _form(check_ins.check_in_partly, until_close=True),
    "check_in_not_yet": _form(check_ins.check_in_not_yet, until_close=True),
    "check_in_not": _form(check_ins.check_in_not, until_close=True),
    "check_in_stop": _change(preferences.check_in_stop),
    "did_this": _deed(tips.did_this),
    "earth_hour_join": _deed(earth_hour.earth_hour_join),
    "earth_hour_remind": _deed(earth_hour.earth_hour_remind),
    "earth_hour_calendar": Errand(earth_hour.earth_hour_calendar),
    "earth_hour_did": _form(earth_hour.earth_hour_did, until_close=True),
    "earth_hour_forgot": _deed(earth_hour.earth_hour_forgot),
    "earth_hour_other": _deed(earth_hour.earth_hour_other),
    "idea_approve": Errand(ideas.idea_approve, anybody=True),
    "idea_publish": Errand(ideas.idea_publish, anybody=True),
    "idea_decline": _form_for_anybody(ideas.idea_decline),
    "idea_ask": _form_for_anybody(ideas.idea_ask),
    "idea_answer": _form(ideas.idea_answer),
}
"""Every button, and every subcommand because buttons offer most of them."""

TYPED: Mapping[str, Errand] = {
    **COMMANDS,
    UNKNOWN: Errand(unknown),
    **{name: ERRANDS[name] for name in ("settings", STOP, START, RESUME, PAUSE_OFF)},
}
"""What may come of what somebody types."""

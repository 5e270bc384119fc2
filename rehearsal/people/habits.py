"""Habits of simulated colleagues. Their odds make each of them occur; they predict nobody."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from random import Random
from types import MappingProxyType


class Habit(StrEnum):
    """One thing that some colleagues do and others do not."""

    ONLY_READS = "only reads"
    JOINS_LATE = "joins late"
    TYPES = "types commands"
    PLEDGES_FIRST = "joins by pledging"
    TRIES_FIRST = "joins by doing what a tip says"
    IS_ELSEWHERE = "is in another country than Slack thinks"
    IS_FAR = "is in a country that is not in the campaign"
    WITHHOLDS = "would rather not say the country"
    READS_ENGLISH = "reads English"
    WANTS_MESSAGES = "wants direct messages"
    ASKS_LATER = "asks for direct messages later"
    TRIES = "does what tips say"
    GUESSES = "guesses"
    SAYS_WHAT_THEY_KNOW = "says what they know"
    PRESSES_TWICE = "presses twice"
    PLEDGES = "pledges"
    PLEDGES_MORE = "pledges again"
    DOES_ALREADY = "does it already"
    PLANS_REMINDERS = "wants to be reminded"
    ANY_HOUR = "may be reminded at any hour"
    KEEPS_COUNT = "says each day what was done"
    BACK_DATES = "says it days later"
    LEAVES_OPEN = "leaves a form open until it is too late"
    ANSWERS = "answers check-ins"
    ANSWERS_IN_SHORT = "leaves a check-in after one press"
    WRITES_LINES = "writes to the representatives"
    LIGHTS_OUT = "joins Earth Hour"
    WANTS_THE_HOUR = "wants to be reminded of Earth Hour"
    TAKES_CALENDAR = "takes the calendar file"
    TELLS_THE_HOUR = "says how Earth Hour was"
    CORRECTS = "corrects an answer"
    HAS_IDEAS = "has an idea"
    IS_NAMED = "is named with the idea"
    MOVES = "moves to another country"
    PAUSES = "pauses messages"
    STOPS = "stops messages"
    REGRETS = "wants messages again after stopping"
    STOPS_QUESTIONS = "stops the questions"
    WITHDRAWS = "takes a pledge back"
    FORGETS = "has everything removed"
    RETURNS = "comes back after that"
    LOOKS = "looks at the App Home"
    APPROVES = "approves posts"
    REWORDS = "adds a line to a post"
    INTERRUPTS = "pauses the week"
    HESITATES = "leaves a post out and brings it back"
    SHARES = "shares ideas with the other representatives"


ODDS: Mapping[Habit, float] = MappingProxyType(
    {
        Habit.ONLY_READS: 0.2,
        Habit.JOINS_LATE: 0.2,
        Habit.TYPES: 0.25,
        Habit.PLEDGES_FIRST: 0.3,
        Habit.TRIES_FIRST: 0.3,
        Habit.IS_ELSEWHERE: 0.1,
        Habit.IS_FAR: 0.06,
        Habit.WITHHOLDS: 0.08,
        Habit.READS_ENGLISH: 0.2,
        Habit.WANTS_MESSAGES: 0.65,
        Habit.ASKS_LATER: 0.3,
        Habit.TRIES: 0.6,
        Habit.GUESSES: 0.6,
        Habit.SAYS_WHAT_THEY_KNOW: 0.7,
        Habit.PRESSES_TWICE: 0.25,
        Habit.PLEDGES: 0.8,
        Habit.PLEDGES_MORE: 0.35,
        Habit.DOES_ALREADY: 0.2,
        Habit.PLANS_REMINDERS: 0.3,
        Habit.ANY_HOUR: 0.4,
        Habit.KEEPS_COUNT: 0.45,
        Habit.BACK_DATES: 0.3,
        Habit.LEAVES_OPEN: 0.2,
        Habit.ANSWERS: 0.8,
        Habit.ANSWERS_IN_SHORT: 0.15,
        Habit.WRITES_LINES: 0.2,
        Habit.LIGHTS_OUT: 0.5,
        Habit.WANTS_THE_HOUR: 0.3,
        Habit.TAKES_CALENDAR: 0.15,
        Habit.TELLS_THE_HOUR: 0.7,
        Habit.CORRECTS: 0.2,
        Habit.HAS_IDEAS: 0.15,
        Habit.IS_NAMED: 0.5,
        Habit.MOVES: 0.1,
        Habit.PAUSES: 0.1,
        Habit.STOPS: 0.1,
        Habit.REGRETS: 0.4,
        Habit.STOPS_QUESTIONS: 0.08,
        Habit.WITHDRAWS: 0.12,
        Habit.FORGETS: 0.08,
        Habit.RETURNS: 0.5,
        Habit.LOOKS: 0.3,
    }
)


ORGANISING: Mapping[Habit, float] = MappingProxyType(
    {Habit.APPROVES: 0.8, Habit.REWORDS: 0.5, Habit.INTERRUPTS: 0.3, Habit.HESITATES: 0.3, Habit.SHARES: 0.6}
)
"""What representatives do about the posts of their country."""


def draw(seed: str, odds: Mapping[Habit, float] = ODDS) -> frozenset[Habit]:
    """Draw the habits of one colleague, each from its own random numbers: a new habit leaves the others as they are."""
    return frozenset(habit for habit, chance in odds.items() if _dice(seed, habit) < chance)


def _dice(seed: str, habit: Habit) -> float:
    # A generator for each habit, seeded by its name, so that the order of the enumeration does not matter.
    return Random(f"{seed}/{habit}").random()  # noqa: S311 - a rehearsal wants the same chance twice

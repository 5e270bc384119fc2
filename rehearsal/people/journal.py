"""The journal of a colleague, written once the bot has answered: a kind of note for each thing that can be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time


@dataclass(frozen=True)
class Joined:
    """Said where they are (`None`: rather not say), which language they read, and whether they want messages."""

    country: str | None
    language: str
    messages: bool


@dataclass(frozen=True)
class Moved:
    """Said that they are in another country now."""

    country: str | None


@dataclass(frozen=True)
class MadePledge:
    """Chose a pledge, with the local days and the local time of its reminders."""

    pledge: str
    days: tuple[date, ...] = ()
    remind_at: time | None = None
    any_hour: bool = False


@dataclass(frozen=True)
class DoesAlready:
    """Said that they do it anyway."""

    pledge: str


@dataclass(frozen=True)
class WithdrewPledge:
    """Took a pledge back."""

    pledge: str


@dataclass(frozen=True)
class AnsweredCheckIn:
    """Said how a pledge went, on a local day in ISO form or when a post asked."""

    pledge: str
    occasion: str
    answer: str
    continues: bool = False
    obstacle: str | None = None


@dataclass(frozen=True)
class WroteRemark:
    """Wrote a line to the representatives."""

    pledge: str
    occasion: str


@dataclass(frozen=True)
class TriedTip:
    """Did what a tip proposes."""

    post: str


@dataclass(frozen=True)
class MadeGuess:
    """Guessed an answer, in place of an earlier one."""

    post: str
    answer: int


@dataclass(frozen=True)
class AnsweredAwareness:
    """Said what they know, in a wave that was open; only the first answer to a question counts."""

    wave: str
    question: str


@dataclass(frozen=True)
class ReportedEarthHour:
    """Said how Earth Hour was."""

    answer: str
    minutes: int | None = None


@dataclass(frozen=True)
class AskedReminder:
    """Asked to be reminded of Earth Hour."""


@dataclass(frozen=True)
class FetchedCalendar:
    """Asked for the calendar file."""


@dataclass(frozen=True)
class SentIdea:
    """Sent an idea, which carries a number of its own."""

    idea: int


@dataclass(frozen=True)
class DecidedIdea:
    """Said something about the idea of that number: `approve`, `publish`, `decline`, `ask`, or its author `answer`."""

    idea: int
    decision: str


@dataclass(frozen=True)
class WantedMessages:
    """Asked for direct messages."""


@dataclass(frozen=True)
class PausedMessages:
    """Wants no messages before a local date."""

    until: date


@dataclass(frozen=True)
class StoppedMessages:
    """Wants no more messages at all; or, unless `everything`, no more questions how it went."""

    everything: bool = True


@dataclass(frozen=True)
class Forgot:
    """Had everything removed."""


@dataclass(frozen=True)
class Organised:
    """Decided something as an organiser; `act` is its name in the bot's store, `idea` the number of a shared idea."""

    act: str
    idea: int | None = None


Note = (
    Joined
    | Moved
    | MadePledge
    | DoesAlready
    | WithdrewPledge
    | AnsweredCheckIn
    | WroteRemark
    | TriedTip
    | MadeGuess
    | AnsweredAwareness
    | ReportedEarthHour
    | AskedReminder
    | FetchedCalendar
    | SentIdea
    | DecidedIdea
    | WantedMessages
    | PausedMessages
    | StoppedMessages
    | Forgot
    | Organised
)


@dataclass(frozen=True)
class JournalEntry:
    """A note and the instant at which the bot had answered."""

    at: datetime
    note: Note


@dataclass
class Journal:
    """One colleague's own account of the campaign, oldest first. `zone` is that of their Slack profile."""

    user: str
    zone: str
    entries: list[JournalEntry]

    def write(self, at: datetime, note: Note) -> None:
        """Take something down."""
        self.entries.append(JournalEntry(at, note))

    @property
    def remembered(self) -> list[JournalEntry]:
        """The entries since everything was last removed."""
        ends = [place for place, entry in enumerate(self.entries) if isinstance(entry.note, Forgot)]
        return self.entries[ends[-1] + 1 :] if ends else list(self.entries)

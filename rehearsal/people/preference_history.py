"""The preferences of a colleague at any instant, derived from their journal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from bot.campaign.localtime import local
from rehearsal.people.journal import (
    AnsweredCheckIn,
    AskedReminder,
    DoesAlready,
    Forgot,
    Joined,
    Journal,
    JournalEntry,
    MadePledge,
    Moved,
    Note,
    PausedMessages,
    SentIdea,
    StoppedMessages,
    WantedMessages,
    WithdrewPledge,
)


@dataclass(frozen=True)
class Preferences:
    """The preferences from `since` on, until the next entry of the journal.

    `paused_until` is the first local date on which messages come again; `reminders` are by pledge. `pledges` are those
    that a check-in can ask about, `done` what was done, with the day in ISO form.
    """

    zone: str
    since: datetime
    joined_at: datetime | None = None
    country: str | None = None
    language: str = ""
    messages: bool = False
    hour: bool = False
    stopped_at: datetime | None = None
    paused_until: date | None = None
    reminders: tuple[MadePledge, ...] = ()
    pledges: frozenset[str] = frozenset()
    done: frozenset[tuple[str, str]] = frozenset()

    def is_paused(self, at: datetime) -> bool:
        """Return whether messages are paused at that instant."""
        return self.paused_until is not None and local(at, self.zone).date() < self.paused_until

    def _without(self, pledge: str) -> tuple[MadePledge, ...]:
        return tuple(each for each in self.reminders if each.pledge != pledge)

    def after(self, entry: JournalEntry, reminder_day: date | None) -> Preferences:
        """Return the preferences after another entry; `reminder_day` is that of Earth Hour's reminder."""
        # A note belongs to one of these at most.
        changed = self._of_pledges(entry.note) or self._of_messages(entry, reminder_day) or self._of_person(entry)
        return replace(changed or self, since=entry.at)

    def _of_person(self, entry: JournalEntry) -> Preferences | None:
        match entry.note:
            case Joined(country, language, messages):
                # A second time is a change of settings, and keeps the first date.
                joined_at = self.joined_at or entry.at
                return replace(self, joined_at=joined_at, country=country, language=language, messages=messages)
            case Moved(country):
                return replace(self, country=country)
            # Everything is gone, as in the bot: it does not know that somebody has been there before.
            case Forgot():
                return Preferences(self.zone, entry.at)
        return None

    def _of_pledges(self, note: Note) -> Preferences | None:
        match note:
            case MadePledge() as pledged:
                # Who wants to be reminded after all wants messages about it.
                stopped_at = None if pledged.days else self.stopped_at
                reminders = (*self._without(pledged.pledge), pledged)
                return replace(
                    self, reminders=reminders, stopped_at=stopped_at, pledges=self.pledges | {pledged.pledge}
                )
            case WithdrewPledge(pledge) | DoesAlready(pledge):
                return replace(self, reminders=self._without(pledge), pledges=self.pledges - {pledge})
            case AnsweredCheckIn(pledge, occasion, "done"):
                return replace(self, done=self.done | {(pledge, occasion)})
        return None

    def _of_messages(self, entry: JournalEntry, reminder_day: date | None) -> Preferences | None:
        match entry.note:
            case WantedMessages():
                return replace(self, messages=True, stopped_at=None, paused_until=None)
            case SentIdea():
                return replace(self, stopped_at=None)
            case AskedReminder():
                paused = self.paused_until
                # Asking for a message within one's own pause ends the pause.
                kept = None if paused and reminder_day and paused > reminder_day else paused
                return replace(self, hour=True, stopped_at=None, paused_until=kept)
            case PausedMessages(until):
                return replace(self, paused_until=until)
            case StoppedMessages(everything=True):
                return replace(self, messages=False, hour=False, reminders=(), stopped_at=entry.at)
            case StoppedMessages():
                return replace(self, messages=False)
        return None


def preference_history(journal: Journal, start: datetime, reminder_day: date | None) -> list[Preferences]:
    """Return the preferences from the start on, entry by entry."""
    found = [Preferences(journal.zone, start)]
    for entry in journal.entries:
        found.append(found[-1].after(entry, reminder_day))
    return found


@dataclass(frozen=True)
class Span:
    """The preferences between two instants; `ends` is not part of it."""

    preferences: Preferences
    ends: datetime

    @property
    def begins(self) -> datetime:
        """Since when."""
        return self.preferences.since


def spans(journal: Journal, start: datetime, end: datetime, reminder_day: date | None) -> Iterator[Span]:
    """Return the preferences as spans of time, the last of which ends with the rehearsal."""
    steps = preference_history(journal, start, reminder_day)
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        yield Span(step, following.since if following else end)


def reminder_time(day: date, at: time, *, any_hour: bool) -> datetime:
    """Return the local time of a reminder: between eight and five unless the person accepts any hour."""
    return datetime.combine(day, at if any_hour else min(max(at, time(8)), time(17)))

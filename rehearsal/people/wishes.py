"""What a colleague wanted at any instant, as their own books say it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from bot.campaign.localtime import local
from rehearsal.people.journal import (
    Already,
    Answered,
    Books,
    Entry,
    Forgot,
    Joined,
    Moved,
    Note,
    Paused,
    Pledged,
    Reminded,
    Sent,
    Stopped,
    Wanted,
    Withdrew,
)


@dataclass(frozen=True)
class Wishes:
    """How things stand from `since` on, until the next thing is written down.

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
    reminders: tuple[Pledged, ...] = ()
    pledges: frozenset[str] = frozenset()
    done: frozenset[tuple[str, str]] = frozenset()

    def is_paused(self, at: datetime) -> bool:
        """Whether no message shall come at that instant."""
        return self.paused_until is not None and local(at, self.zone).date() < self.paused_until

    def _without(self, pledge: str) -> tuple[Pledged, ...]:
        return tuple(each for each in self.reminders if each.pledge != pledge)

    def after(self, entry: Entry, reminder_day: date | None) -> Wishes:
        """How things stand once something more is written down; `reminder_day` is that of Earth Hour's reminder."""
        changed = self._of_pledges(entry.note) or self._of_messages(entry, reminder_day) or self._of_person(entry)
        return replace(changed or self, since=entry.at)

    def _of_person(self, entry: Entry) -> Wishes | None:
        match entry.note:
            case Joined(country, language, messages):
                joined_at = self.joined_at or entry.at
                return replace(self, joined_at=joined_at, country=country, language=language, messages=messages)
            case Moved(country):
                return replace(self, country=country)
            case Forgot():
                return Wishes(self.zone, entry.at)
        return None

    def _of_pledges(self, note: Note) -> Wishes | None:
        match note:
            case Pledged() as pledged:
                # Who wants to be reminded after all wants messages about it.
                stopped_at = None if pledged.days else self.stopped_at
                reminders = (*self._without(pledged.pledge), pledged)
                return replace(
                    self, reminders=reminders, stopped_at=stopped_at, pledges=self.pledges | {pledged.pledge}
                )
            case Withdrew(pledge) | Already(pledge):
                return replace(self, reminders=self._without(pledge), pledges=self.pledges - {pledge})
            case Answered(pledge, occasion, "done"):
                return replace(self, done=self.done | {(pledge, occasion)})
        return None

    def _of_messages(self, entry: Entry, reminder_day: date | None) -> Wishes | None:
        match entry.note:
            case Wanted():
                return replace(self, messages=True, stopped_at=None, paused_until=None)
            case Sent():
                return replace(self, stopped_at=None)
            case Reminded():
                paused = self.paused_until
                kept = None if paused and reminder_day and paused > reminder_day else paused
                return replace(self, hour=True, stopped_at=None, paused_until=kept)
            case Paused(until):
                return replace(self, paused_until=until)
            case Stopped(everything=True):
                return replace(self, messages=False, hour=False, reminders=(), stopped_at=entry.at)
            case Stopped():
                return replace(self, messages=False)
        return None


def wishes(books: Books, start: datetime, reminder_day: date | None) -> list[Wishes]:
    """How things stood from the start on, step by step."""
    found = [Wishes(books.zone, start)]
    for entry in books.entries:
        found.append(found[-1].after(entry, reminder_day))
    return found


@dataclass(frozen=True)
class Span:
    """How things stood between two instants; `ends` is not part of it."""

    wishes: Wishes
    ends: datetime

    @property
    def begins(self) -> datetime:
        """Since when."""
        return self.wishes.since


def spans(books: Books, start: datetime, end: datetime, reminder_day: date | None) -> Iterator[Span]:
    """The same as spans of time, the last of which ends with the rehearsal."""
    steps = wishes(books, start, reminder_day)
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        yield Span(step, following.since if following else end)


def wall(day: date, at: time, *, any_hour: bool) -> datetime:
    """The local time of a reminder: between eight and five unless any hour will do."""
    return datetime.combine(day, at if any_hour else min(max(at, time(8)), time(17)))

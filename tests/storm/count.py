"""What became of every slot: what Slack heard, held against what the bot's books say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.delivery.sender import EVENT
from bot.store.outbox import Entry, State
from rehearsal.slack.workspace import PostedMessage

from .week import Slot

TOO_LATE = "its late limit passed"


class Fate(StrEnum):
    """What became of a slot."""

    ONCE = "posted once"
    TWICE = "twice"
    LOST = "lost"
    LATE = "skipped late"


@dataclass(frozen=True)
class Count:
    """The fate of every slot, and in a sentence each whatever else was wrong."""

    fates: Mapping[Slot, Fate]
    amiss: Sequence[str] = ()

    def number(self, fate: Fate) -> int:
        """How many slots had this fate."""
        return list(self.fates.values()).count(fate)

    @property
    def good(self) -> bool:
        """Whether every slot was posted once, or was given up because it was too late."""
        return not (self.number(Fate.TWICE) or self.number(Fate.LOST) or self.amiss)


def count(slots: Iterable[Slot], rows: Iterable[Entry], messages: Iterable[PostedMessage], calm: datetime) -> Count:
    """Hold what was said against the slots and the outbox.

    By `calm` it had been calm for long enough: what could still be sent then, nobody may give up.
    """
    booked, heard = _booked(rows), _heard(messages)
    fates: dict[Slot, Fate] = {}
    for slot in slots:
        found = _fate(booked.get((slot.post, slot.country), []), heard.get((slot.channel, slot.text), []))
        fates[slot] = Fate.LOST if found is Fate.LATE and slot.until > calm else found
    return Count(fates, [*_early(fates, heard), *_strange(fates, heard), *_unasked(fates, booked), *_idle(fates)])


def _booked(rows: Iterable[Entry]) -> dict[tuple[str, str], list[Entry]]:
    found: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for row in rows:
        found[row.slot.post, row.slot.recipient].append(row)
    return found


def _heard(messages: Iterable[PostedMessage]) -> dict[tuple[str, str], list[PostedMessage]]:
    found: dict[tuple[str, str], list[PostedMessage]] = defaultdict(list)
    for message in messages:
        found[message.channel, message.text].append(message)
    return found


def _fate(rows: Sequence[Entry], messages: Sequence[PostedMessage]) -> Fate:
    """Lost is also what Slack and the books do not agree about."""
    if len(messages) > 1:
        return Fate.TWICE
    match rows, messages:
        case [row], [message] if row.state is State.SENT and row.ts == message.ts and row.id == row_of(message):
            return Fate.ONCE
        case [row], [] if row.state is State.SKIPPED and (row.reason or "").startswith(TOO_LATE):
            return Fate.LATE
        case _:
            return Fate.LOST


def row_of(message: PostedMessage) -> str | None:
    """The row of the outbox that a message names."""
    metadata = message.metadata or {}
    found = metadata.get("event_payload", {}).get("id") if metadata.get("event_type") == EVENT else None
    return str(found) if found else None


def _early(slots: Iterable[Slot], heard: Mapping[tuple[str, str], Sequence[PostedMessage]]) -> Iterator[str]:
    for slot in slots:
        for message in heard.get((slot.channel, slot.text), ()):
            if message.posted_at < slot.due:
                yield f"{slot.post} in {slot.country} was posted before its time"


def _strange(slots: Iterable[Slot], heard: Mapping[tuple[str, str], Sequence[PostedMessage]]) -> Iterator[str]:
    known = {(slot.channel, slot.text) for slot in slots}
    for channel, text in heard.keys() - known:
        yield f"{text!r} in {channel} belongs to no slot"


def _unasked(slots: Iterable[Slot], booked: Mapping[tuple[str, str], Sequence[Entry]]) -> Iterator[str]:
    known = {(slot.post, slot.country) for slot in slots}
    for post, country in booked.keys() - known:
        yield f"{post} for {country} is in the outbox and in no schedule"


def _idle(fates: Mapping[Slot, Fate]) -> Iterator[str]:
    late = list(fates.values()).count(Fate.LATE)
    if late * 2 > len(fates):
        yield f"{late} of {len(fates)} slots were given up, so that little was proved"

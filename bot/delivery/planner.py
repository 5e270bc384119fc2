"""Writes the campaign's slots into the outbox, once each, however often it is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from bot.campaign.calendar import Addressee, Slot, addressees, lay_out
from bot.campaign.model import Audience, Campaign
from bot.delivery.letters import LetterKind, Letters
from bot.store.outbox import WITHDRAWN, Changes, Line, Outbox, Row, State
from bot.store.people import People, Person

MOVED = "it was moved after it had been sent"
"""Why a new date of a post is not sent: its old date was, and nothing is sent twice."""

_GONE_OUT = frozenset({State.SENT, State.SENDING, State.UNCONFIRMED})
_GIVEN_UP = frozenset({State.SKIPPED, State.FAILED})


class Planner:
    """Holds the campaign against the outbox."""

    def __init__(self, outbox: Outbox, people: People, letters: Letters) -> None:
        self._outbox = outbox
        self._people = people
        self._letters = letters

    async def plan(self, campaign: Campaign, now: datetime) -> Changes:
        """Add, move and withdraw what has not been sent yet, so that the outbox says what the files say."""
        persons = await self._people.reachable(campaign.id)
        slots = [
            *lay_out(campaign, addressees(campaign)),
            *_since_joining(lay_out(campaign, audience(campaign, persons)), persons),
        ]
        wanted = [*(line(slot) for slot in slots), *await self._letters.lines(campaign)]
        changes = compare(wanted, await self._outbox.rows(campaign.id), now)
        if changes:
            await self._outbox.apply(changes, now)
        return changes


def audience(campaign: Campaign, persons: Iterable[Person]) -> Iterator[Addressee]:
    """The people as addressees of what they asked for, in their own zone and language."""
    for person in persons:
        language = campaign.language_for(person.language, person.country)
        if person.direct_messages:
            yield Addressee(Audience.JOINED, person.user, person.zone, language, person.country)
        if person.earth_hour_reminder:
            yield Addressee(Audience.EARTH_HOUR_REMINDER, person.user, person.zone, language, person.country)


def _since_joining(slots: Iterable[Slot], persons: Iterable[Person]) -> Iterator[Slot]:
    """Who joins in the middle of the week is not sent what was due before."""
    joined = {person.user: person.joined_at for person in persons}
    return (slot for slot in slots if slot.due_at >= joined[slot.to.recipient])


def line(slot: Slot) -> Line:
    """A slot as the outbox keeps it."""
    return Line(
        campaign=slot.campaign,
        post=slot.post,
        audience=slot.to.audience.value,
        recipient=slot.to.recipient,
        local_date=slot.local.date(),
        kind=slot.kind,
        country=slot.to.country,
        language=slot.to.language,
        zone=slot.to.zone,
        local=slot.local,
        due_at=slot.due_at,
        late_until=slot.late_until,
    )


def compare(wanted: Sequence[Line], rows: Sequence[Row], now: datetime) -> Changes:
    """What must change so that `rows` say what is `wanted`; nothing that has gone out is touched.

    1. A row that still waits is moved when it differs from its line, and withdrawn when it is no longer wanted.
    2. A line without a row is added, and one whose row had been withdrawn, refused or given up comes back.
    3. Neither happens as often as the same post went out to the same addressee on a date that the files no longer
       name: then it was moved after it had been sent, and is refused for as long as that is so.
    """
    by_key = {row.line.key: row for row in rows}
    keys = {line.key for line in wanted}
    gone = Counter(row.line.series for row in rows if _went_out(row) and row.line.key not in keys)
    add: list[Line] = []
    refuse: list[tuple[Line, str]] = []
    move: list[tuple[str, Line]] = []
    # What was refused before comes first, so that the same dates stay refused.
    for each in sorted(wanted, key=lambda line: (not _was_refused(by_key.get(line.key)), line.due_at)):
        row = by_key.get(each.key)
        if row and not _rests(row, each, now):
            if row.state is State.DUE and row.line != each:
                move.append((row.id, each))
        elif gone[each.series]:
            gone[each.series] -= 1
            if row is None:
                refuse.append((each, MOVED))
        elif row:
            move.append((row.id, each))
        else:
            add.append(each)
    withdraw = [row.id for row in rows if row.line.key not in keys and row.state is State.DUE]
    return Changes(add, refuse, move, withdraw)


def _went_out(row: Row) -> bool:
    # A reminder on another day is another reminder, and not the same one moved.
    return row.state in _GONE_OUT and row.line.audience != LetterKind.REMINDER


def _was_refused(row: Row | None) -> bool:
    return row is not None and row.state is State.CANCELLED and row.reason == MOVED


def _rests(row: Row, wanted: Line, now: datetime) -> bool:
    """Whether a row is at an end from which the files can call it back."""
    if _was_refused(row):
        return True
    if wanted.late_until <= now:
        return False
    if row.state is State.CANCELLED:
        return row.reason == WITHDRAWN
    return row.state in _GIVEN_UP and row.line != wanted

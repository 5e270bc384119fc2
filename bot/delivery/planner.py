"""Writes the campaign's slots into the outbox, once each, however often it is asked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from bot.campaign.calendar import Addressee, Slot, addressees, lay_out
from bot.campaign.model import Audience, Campaign
from bot.store.outbox import WITHDRAWN, Changes, Line, Outbox, Row, State
from bot.store.people import People, Person

MOVED = "it was moved after it had been sent"
"""Why a new date of a post is not sent: its old date was, and nothing is sent twice."""

_GONE_OUT = frozenset({State.SENT, State.SENDING, State.UNCONFIRMED})
_GIVEN_UP = frozenset({State.SKIPPED, State.FAILED})


class Planner:
    """Holds the campaign against the outbox."""

    def __init__(self, outbox: Outbox, people: People) -> None:
        self._outbox = outbox
        self._people = people

    async def plan(self, campaign: Campaign, now: datetime) -> Changes:
        """Add, move and withdraw what has not been sent yet, so that the outbox says what the files say."""
        persons = await self._people.reachable()
        slots = [
            *lay_out(campaign, addressees(campaign)),
            *_since_joining(lay_out(campaign, audience(campaign, persons)), persons),
        ]
        wanted = [line(slot) for slot in slots]
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

    1. A wanted line without a row is added, unless the same post went out to the same addressee on a date that the
       files no longer name: then it was moved after it had been sent, and is refused. The refusal ends with its
       cause: when the files name the old date again, or when it turns out that it had not gone out.
    2. A row that differs from its line is moved, and one that had been withdrawn or given up comes back, while there
       is still time for it.
    3. A row that still waits and is no longer wanted is withdrawn.
    """
    by_key = {row.line.key: row for row in rows}
    keys = {line.key for line in wanted}
    moved = _moved_after_sending(rows, keys)
    add: list[Line] = []
    refuse: list[tuple[Line, str]] = []
    for each in sorted((line for line in wanted if line.key not in by_key), key=lambda line: line.due_at):
        if moved[each.series] > 0:
            moved[each.series] -= 1
            refuse.append((each, MOVED))
        else:
            add.append(each)
    known = [(row, line) for line in wanted if (row := by_key.get(line.key))]
    released = _released(known, moved)
    return Changes(
        add=add,
        refuse=refuse,
        move=[(row.id, line) for row, line in known if _moves(row, line, now, released=row.id in released)],
        withdraw=[row.id for row in rows if row.line.key not in keys and row.state is State.DUE],
    )


def _moved_after_sending(rows: Sequence[Row], wanted: set[str]) -> Counter[str]:
    """How many dates of each series went out that the files no longer name, less those refused for it already."""
    counts: Counter[str] = Counter()
    for row in rows:
        if row.line.key not in wanted and row.state in _GONE_OUT:
            counts[row.line.series] += 1
        elif row.line.key in wanted and row.reason == MOVED:
            counts[row.line.series] -= 1
    return counts


def _released(known: Sequence[tuple[Row, Line]], moved: Mapping[str, int]) -> set[str]:
    """Rows that were refused for a date that is no longer in the way, the latest ones where it is some of them."""
    refused: defaultdict[str, list[Row]] = defaultdict(list)
    for row, line in known:
        if row.reason == MOVED:
            refused[line.series].append(row)
    latest = {series: sorted(rows, key=lambda row: row.line.due_at, reverse=True) for series, rows in refused.items()}
    return {row.id for series, rows in latest.items() for row in rows[: max(0, -moved[series])]}


def _moves(row: Row, wanted: Line, now: datetime, *, released: bool) -> bool:
    if row.state is State.DUE:
        return row.line != wanted
    if wanted.late_until <= now:
        return False
    if row.state is State.CANCELLED:
        return row.reason == WITHDRAWN or released
    return row.state in _GIVEN_UP and row.line != wanted

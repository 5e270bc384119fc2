"""Writes the campaign's slots into the outbox, once each, however often it is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.campaign.model import PEOPLE, Audience, Campaign
from bot.campaign.schedule import Addressee, Slot, addressees, lay_out
from bot.delivery.notifications import NOTIFICATIONS, NotificationKind, Notifications
from bot.store.outbox import WITHDRAWN, Changes, Entry, Outbox, State
from bot.store.people import People, Person
from bot.store.recipients import EVERYBODY, Recipients, These

MOVED = "it was moved after it had been sent"
"""Why a new date of a post is not sent: its old date was, and nothing is sent twice."""

EVERYBODY_EVERY = timedelta(hours=1)
"""How long something can go unplanned that another process was told of, and that process has died."""

_AT_ONCE = 200
"""People; planning for them takes a few hundredths of a second, in which nobody is answered."""

_PERSONAL = frozenset({*PEOPLE, NotificationKind.REMINDER})
_ON_DUTY = frozenset({Audience.REPRESENTATIVES, NotificationKind.IDEA_REVIEW, NotificationKind.REMARK})
"""What comes to people because of their duty, whether they take part or not."""

_PUBLIC = frozenset({*Audience, *NOTIFICATIONS}) - _PERSONAL

_GONE_OUT = frozenset({State.SENT, State.SENDING, State.UNCONFIRMED})
_GIVEN_UP = frozenset({State.SKIPPED, State.FAILED})


@dataclass(frozen=True)
class Planned:
    """How many rows were added, moved, withdrawn and refused."""

    added: int = 0
    moved: int = 0
    withdrawn: int = 0
    refused: int = 0

    def __bool__(self) -> bool:
        return self != Planned()

    def __add__(self, other: Planned) -> Planned:
        both = zip(astuple(self), astuple(other), strict=True)
        return Planned(*(one + another for one, another in both))


class Planner:
    """Compares the campaign with the outbox.

    People are planned for a few at a time, so that whoever presses meanwhile is answered, and so that the outbox of a
    hundred thousand is never in memory.
    """

    def __init__(self, outbox: Outbox, people: People, notifications: Notifications) -> None:
        self._outbox = outbox
        self._people = people
        self._notifications = notifications
        self._touched: set[str] = set()
        self._everybody_at = datetime.min.replace(tzinfo=UTC)

    async def plan_everybody(self, campaign: Campaign, now: datetime) -> Planned:
        """Add, move and withdraw what has not been sent yet, so that the outbox says what files and people want."""
        planned, templates = await self.plan_for(campaign, (), now), Templates(campaign)
        async for recipients in self._people.batches(_AT_ONCE):
            planned += await self._personal(templates, recipients, now)
        self._everybody_at = now + EVERYBODY_EVERY
        return planned

    def mark_changed(self, user: str) -> None:
        """Note that something about somebody may have changed."""
        self._touched.add(user)

    async def plan_due(self, campaign: Campaign, now: datetime) -> Planned:
        """Plan for everybody where that is due, which it is at first; else for those of whom something changed."""
        touched, self._touched = self._touched, set()
        try:
            if now >= self._everybody_at:
                return await self.plan_everybody(campaign, now)
            return await self.plan_for(campaign, touched, now)
        except BaseException:
            self._touched |= touched
            raise

    async def plan_for(self, campaign: Campaign, users: Iterable[str], now: datetime) -> Planned:
        """Plan what is not for people, and for those people of whom something may have changed."""
        wanted = lay_out(campaign, addressees(campaign))
        wanted += await self._notifications.for_texts(campaign)
        wanted = await self._in_their_languages(campaign, wanted)
        planned = await self._hold(campaign, wanted, _PUBLIC, EVERYBODY, now)
        templates = Templates(campaign)
        for some in _batches(users):
            planned += await self._personal(templates, These(some), now)
        return planned

    async def _in_their_languages(self, campaign: Campaign, wanted: Sequence[Slot]) -> list[Slot]:
        """The slots, in which those who have a duty are addressed in the language that they chose, if any."""
        on_duty = await self._people.among({each.recipient for each in wanted if each.audience in _ON_DUTY})
        chosen = {user: campaign.language_for(person.language) for user, person in on_duty.items() if person.language}
        return [
            replace(each, language=chosen[each.recipient])
            if each.audience in _ON_DUTY and each.recipient in chosen
            else each
            for each in wanted
        ]

    async def _personal(self, templates: Templates, recipients: Recipients, now: datetime) -> Planned:
        campaign = templates.campaign
        persons = await self._people.reachable(campaign.id, recipients)
        wanted = [*templates.slots(persons), *await self._notifications.reminders(campaign, recipients)]
        return await self._hold(campaign, wanted, _PERSONAL, recipients, now)

    async def _hold(
        self,
        campaign: Campaign,
        wanted: Sequence[Slot],
        audiences: Collection[str],
        recipients: Recipients,
        now: datetime,
    ) -> Planned:
        rows = await self._outbox.entries_for(campaign.id, audiences, recipients)
        changes = compare(wanted, rows, now)
        if changes:
            await self._outbox.apply(changes, now)
        return Planned(len(changes.add), len(changes.move), len(changes.withdraw), len(changes.refuse))


def _batches(users: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(users)
    return (ordered[start : start + _AT_ONCE] for start in range(0, len(ordered), _AT_ONCE))


class Templates:
    """Posts for people, laid out once for all who share zone, language and country."""

    def __init__(self, campaign: Campaign) -> None:
        self.campaign = campaign
        self._known: dict[Addressee, list[Slot]] = {}

    def slots(self, persons: Iterable[Person]) -> Iterator[Slot]:
        """What each of them is to get. Who joins in the middle of the week is not sent what was due before."""
        for person in persons:
            for to in audience(self.campaign, person):
                for template in self._of(replace(to, recipient="")):
                    if template.due_at >= person.joined_at:
                        yield replace(template, recipient=person.user)

    def _of(self, anybody: Addressee) -> list[Slot]:
        if anybody not in self._known:
            self._known[anybody] = lay_out(self.campaign, [anybody])
        return self._known[anybody]


def audience(campaign: Campaign, person: Person) -> Iterator[Addressee]:
    """A person as the addressee of what they asked for, in their own zone and language."""
    language = campaign.language_for(person.language, person.country)
    if person.direct_messages:
        yield Addressee(Audience.JOINED, person.user, person.zone, language, person.country)
    if person.earth_hour_reminder:
        yield Addressee(Audience.EARTH_HOUR_REMINDER, person.user, person.zone, language, person.country)


def compare(wanted: Sequence[Slot], rows: Sequence[Entry], now: datetime) -> Changes:
    """Return what must change so that `rows` say what is `wanted`; nothing that has gone out is touched.

    1. A row that still waits is moved when it differs from its slot, and withdrawn when it is no longer wanted.
    2. A slot without a row is added, and one whose row had been withdrawn, refused or given up comes back.
    3. Neither happens as often as the same post went out to the same addressee on a date that the files no longer
       name: then it was moved after it had been sent, and is refused for as long as that is so.
    """
    by_key = {row.slot.key: row for row in rows}
    keys = {slot.key for slot in wanted}
    gone = Counter(row.slot.series for row in rows if _went_out(row) and row.slot.key not in keys)
    add: list[Slot] = []
    refuse: list[tuple[Slot, str]] = []
    move: list[tuple[str, Slot]] = []
    # What was refused before comes first, so that the same dates stay refused.
    for each in sorted(wanted, key=lambda slot: (not _was_refused(by_key.get(slot.key)), slot.due_at)):
        row = by_key.get(each.key)
        if row and not _rests(row, each, now):
            if row.state is State.DUE and row.slot != each:
                move.append((row.id, each))
        elif gone[each.series]:
            gone[each.series] -= 1
            if row is None:
                refuse.append((each, MOVED))
        elif row:
            move.append((row.id, each))
        else:
            add.append(each)
    withdraw = [row.id for row in rows if row.slot.key not in keys and row.state is State.DUE]
    return Changes(add, refuse, move, withdraw)


def _went_out(row: Entry) -> bool:
    # A reminder on another day is another reminder, and not the same one moved.
    return row.state in _GONE_OUT and row.slot.audience != NotificationKind.REMINDER


def _was_refused(row: Entry | None) -> bool:
    return row is not None and row.state is State.CANCELLED and row.reason == MOVED


def _rests(row: Entry, wanted: Slot, now: datetime) -> bool:
    """Whether a row is at an end from which the files can call it back."""
    if _was_refused(row):
        return True
    if wanted.expires_at <= now:
        return False
    if row.state is State.CANCELLED:
        return row.reason == WITHDRAWN
    return row.state in _GIVEN_UP and row.slot != wanted

"""Brings the outbox in line with the campaign and the people. Planning twice changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from bot.campaign.model import PEOPLE, Audience, Campaign
from bot.campaign.schedule import Addressee, Slot, addressees, lay_out
from bot.delivery.organiser_message_times import ORGANISER_MESSAGES
from bot.delivery.organiser_messages import OrganiserMessages, Pairs
from bot.delivery.unscheduled_messages import NOTIFICATIONS, NotificationKind, Notifications
from bot.store.outbox import WITHDRAWN, Changes, Entry, State
from bot.store.people import Person
from bot.store.recipient_batches import EVERYBODY, Recipients, These
from bot.store.store import Store

MOVED = "it was moved after it had been sent"
"""The reason why a post is not sent on its new date: it was sent on its old one, and nothing is sent twice."""

EVERYBODY_EVERY = timedelta(hours=1)
"""The longest that a change can go unplanned if the process that was told of it has died."""

_AT_ONCE = 200
"""People in a batch. Planning for them blocks the event loop for a few hundredths of a second."""

_PERSONAL = frozenset({*PEOPLE, NotificationKind.REMINDER})
_ON_DUTY = frozenset(
    {Audience.REPRESENTATIVES, NotificationKind.IDEA_REVIEW, NotificationKind.REMARK, *ORGANISER_MESSAGES}
)
"""Audiences of messages to organisers, who need not have joined."""

_PUBLIC = frozenset({*Audience, *NOTIFICATIONS, *ORGANISER_MESSAGES}) - _PERSONAL

_GONE_OUT = frozenset({State.SENT, State.SENDING, State.UNCONFIRMED})
_GIVEN_UP = frozenset({State.SKIPPED, State.FAILED})


@dataclass(frozen=True)
class Planned:
    """The number of entries that were added, moved, withdrawn and refused."""

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
    """Compares the campaign with the outbox, and applies the difference.

    People are planned for in batches, so that interactions are answered in between, and so that the outbox of a hundred
    thousand people is never in memory.
    """

    def __init__(
        self, store: Store, notifications: Notifications, organiser_messages: OrganiserMessages | None = None
    ) -> None:
        self._store = store
        self._notifications = notifications
        self._organiser_messages = organiser_messages
        self._touched: set[str] = set()
        # In the past, so that the first plan is for everybody.
        self._everybody_at = datetime.min.replace(tzinfo=UTC)
        self._is_everybody_requested = False

    async def plan_everybody(self, campaign: Campaign, now: datetime) -> Planned:
        """Plan for everybody: add, move and withdraw messages that have not been sent yet."""
        # Reset first, so that what is requested meanwhile is planned next.
        self._is_everybody_requested = False
        try:
            planned, templates = await self._public(campaign, now), Templates(campaign)
            after: str | None = ""
            while after is not None:
                recipients = await self._store.read(self._store.present.batch, _AT_ONCE, after or None)
                planned += await self._personal(templates, recipients, now)
                after = recipients.upto
        # Also when cancelled: a plan that was not made to its end is made again.
        except BaseException:
            self.request_everybody()
            raise
        self._everybody_at = now + EVERYBODY_EVERY
        return planned

    def request_everybody(self) -> None:
        """Have the next plan be for everybody, because the campaign has changed."""
        self._is_everybody_requested = True

    def mark_changed(self, user: str) -> None:
        """Record that something about a person may have changed."""
        self._touched.add(user)

    async def plan_due(self, campaign: Campaign, now: datetime) -> Planned:
        """Plan for everybody if that is due, as it is at first; otherwise the posts, and for people with a change."""
        if self._is_everybody_requested or now >= self._everybody_at:
            touched, self._touched = self._touched, set()
            with self._giving_back(touched):
                return await self.plan_everybody(campaign, now)
        return await self._public(campaign, now) + await self.plan_touched(campaign, now)

    async def plan_touched(self, campaign: Campaign, now: datetime) -> Planned:
        """Plan for people with a change alone."""
        touched, self._touched = self._touched, set()
        with self._giving_back(touched):
            return await self.plan_for(campaign, touched, now)

    @contextmanager
    def _giving_back(self, touched: set[str]) -> Iterator[None]:
        try:
            yield
        # Also when cancelled: people whose plan was not made must be among those of the next one.
        except BaseException:
            self._touched |= touched
            raise

    async def plan_for(self, campaign: Campaign, users: Iterable[str], now: datetime) -> Planned:
        """Plan the messages to some people."""
        planned, templates = Planned(), Templates(campaign)
        for some in _batches(users):
            planned += await self._personal(templates, These(some), now)
        return planned

    async def _public(self, campaign: Campaign, now: datetime) -> Planned:
        """Plan posts, messages about what somebody wrote, and messages to organisers."""
        # Read here, on the event's loop, where nobody changes it meanwhile.
        waiting = self._organiser_messages.waiting if self._organiser_messages else ()
        return await self._apply(await self._store.read(self._public_changes, campaign, waiting, now), now)

    def _public_changes(self, connection: Connection, campaign: Campaign, waiting: Pairs, now: datetime) -> Changes:
        wanted = lay_out(campaign, addressees(campaign)) + self._notifications.for_texts(connection, campaign)
        if self._organiser_messages:
            wanted += self._organiser_messages.slots(connection, campaign, waiting, now)
        on_duty = {each.recipient for each in wanted if each.audience in _ON_DUTY}
        persons = self._store.present.among(connection, on_duty)
        entries = self._store.outbox.entries_for(connection, campaign.id, _PUBLIC, EVERYBODY)
        return compare(_in_their_languages(campaign, wanted, persons), entries, now)

    async def _personal(self, templates: Templates, recipients: Recipients, now: datetime) -> Planned:
        return await self._apply(await self._store.read(self._personal_changes, templates, recipients, now), now)

    def _personal_changes(
        self, connection: Connection, templates: Templates, recipients: Recipients, now: datetime
    ) -> Changes:
        campaign = templates.campaign
        persons = self._store.present.reachable(connection, campaign.id, recipients)
        wanted = [*templates.slots(persons), *self._notifications.reminders(connection, campaign, recipients)]
        entries = self._store.outbox.entries_for(connection, campaign.id, _PERSONAL, recipients)
        return compare(wanted, entries, now)

    async def _apply(self, changes: Changes, now: datetime) -> Planned:
        # Most plans change nothing, and need no write.
        if changes:
            await self._store.write(self._store.outbox.apply, changes, now)
        return Planned(len(changes.add), len(changes.move), len(changes.withdraw), len(changes.refuse))


def _in_their_languages(campaign: Campaign, wanted: Sequence[Slot], persons: Mapping[str, Person]) -> list[Slot]:
    """Replace the country's language with the one that a representative has chosen, if any."""
    chosen = {user: campaign.language_for(person.language) for user, person in persons.items() if person.language}
    return [
        replace(each, language=chosen[each.recipient])
        if each.audience in _ON_DUTY and each.recipient in chosen
        else each
        for each in wanted
    ]


def _batches(users: Iterable[str]) -> Iterator[list[str]]:
    ordered = sorted(users)
    return (ordered[start : start + _AT_ONCE] for start in range(0, len(ordered), _AT_ONCE))


class Templates:
    """Slots of posts for people, computed once for all who share zone, language and country."""

    def __init__(self, campaign: Campaign) -> None:
        self.campaign = campaign
        self._known: dict[Addressee, list[Slot]] = {}

    def slots(self, persons: Iterable[Person]) -> Iterator[Slot]:
        """Yield the slots of each person. Posts that were due before somebody joined are left out."""
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
    """Yield a person as the addressee of the messages they asked for, in their own zone and language."""
    language = campaign.language_for(person.language, person.country)
    if person.direct_messages:
        yield Addressee(Audience.JOINED, person.user, person.zone, language, person.country)
    if person.earth_hour_reminder:
        yield Addressee(Audience.EARTH_HOUR_REMINDER, person.user, person.zone, language, person.country)


def compare(wanted: Sequence[Slot], entries: Sequence[Entry], now: datetime) -> Changes:
    """Return the changes that make `entries` agree with `wanted`. Entries that have gone out are never changed.

    1. A due entry that differs from its slot is moved, and one that is no longer wanted is withdrawn.
    2. A slot without an entry is added. One whose entry was withdrawn, refused or given up is revived.
    3. For each time that a post went out to an addressee on a date that the files no longer name, one such slot is
       refused instead: the post was moved after it had been sent, and must not be sent again.
    """
    by_key = {entry.slot.key: entry for entry in entries}
    keys = {slot.key for slot in wanted}
    gone = Counter(entry.slot.series for entry in entries if _went_out(entry) and entry.slot.key not in keys)
    add: list[Slot] = []
    refuse: list[tuple[Slot, str]] = []
    move: list[tuple[str, Slot]] = []
    # Slots that were refused before come first, so that the same dates stay refused.
    for each in sorted(wanted, key=lambda slot: (not _was_refused(by_key.get(slot.key)), slot.due_at)):
        entry = by_key.get(each.key)
        if entry and not _rests(entry, each, now):
            if entry.state is State.DUE and entry.slot != each:
                move.append((entry.id, each))
        elif gone[each.series]:
            gone[each.series] -= 1
            if entry is None:
                refuse.append((each, MOVED))
        elif entry:
            move.append((entry.id, each))
        else:
            add.append(each)
    withdraw = [entry.id for entry in entries if entry.slot.key not in keys and entry.state is State.DUE]
    return Changes(add, refuse, move, withdraw)


def _went_out(entry: Entry) -> bool:
    # A reminder on another day is a reminder of its own, not the same one moved.
    return entry.state in _GONE_OUT and entry.slot.audience != NotificationKind.REMINDER


def _was_refused(entry: Entry | None) -> bool:
    return entry is not None and entry.state is State.CANCELLED and entry.reason == MOVED


def _rests(entry: Entry, wanted: Slot, now: datetime) -> bool:
    """Return whether an entry has ended in a state from which its slot can revive it."""
    if _was_refused(entry):
        return True
    if wanted.expires_at <= now:
        return False
    if entry.state is State.CANCELLED:
        return entry.reason == WITHDRAWN
    # Unchanged, it would be late or rejected again; a slot that was edited is a reason to try.
    return entry.state in _GIVEN_UP and entry.slot != wanted

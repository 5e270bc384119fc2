"""The parts of the store, and the database that they are questions to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from sqlalchemy import Connection

from bot.campaign.organiser_decisions import Decisions
from bot.database.database import Database
from bot.store.actions import Action, Actions
from bot.store.approvals import Approvals
from bot.store.awareness import Awareness
from bot.store.corrections import CORRECTION, Corrections
from bot.store.digest_opt_outs import Digests
from bot.store.failed_messages import FailedMessages
from bot.store.hold_conditions import Leaving
from bot.store.ideas import Ideas, IdeaState
from bot.store.organiser_acts import Acted, Organisers
from bot.store.outbox import IN_CHANNELS, Entry, Outbox
from bot.store.pauses import Pauses
from bot.store.people import People, Person
from bot.store.pictures import Pictures
from bot.store.pledges import Outcome, Pledged, Pledges
from bot.store.privacy import Privacy
from bot.store.recipient_batches import These
from bot.store.replicas import Replicas
from bot.store.seen_events import SeenEvents
from bot.store.shared_ideas_and_posts import Shares
from bot.store.snapshots import Snapshot, Snapshots
from bot.store.sync_cursor import SyncCursor
from bot.store.text_revisions import Revisions


@dataclass(frozen=True)
class Activity:
    """Everything that one person did in a campaign, each list oldest first."""

    actions: list[Action]
    pledges: list[Pledged]
    outcomes: list[Outcome]


@dataclass(frozen=True)
class Overview:
    """Everything an organiser looks at: messages in channels, ideas, the last acts of all, newest first, and figures.

    The ideas are numbers by country and state. `replied` has the IDs of messages with the hashes of words that stand in
    a reply to them. `has_digest` says whether the organiser wants the digest.
    """

    entries: list[Entry]
    ideas: dict[tuple[str | None, IdeaState], int]
    acts: list[Acted]
    figures: Snapshot | None
    replied: frozenset[tuple[str, str]]
    has_digest: bool


class Knowledge(Enum):
    """The knowledge that is looked up together with a person, so that a press asks one question."""

    PERSON = auto()
    PLEDGES = auto()
    ACTIVITY = auto()


@dataclass(frozen=True)
class Member:
    """A participant of a campaign, or `None` for anybody else, and as much of what they did as was asked for."""

    person: Person | None
    pledges: list[Pledged] | None = None
    activity: Activity | None = None


class Store:
    """The store of one process.

    Each part has functions of a connection, which `read` and `write` carry out: `await store.read(store.people.get,
    user)`. Those that belong together are called by one function, and so are one transaction.

    `replica` is the ID of this process, and `exclusive` says that it is the only one; `lease` is how long its claims
    hold. `present` leaves out people who have left the workspace, as delivery does: Slack accepts posts to deactivated
    users without an error.
    """

    def __init__(self, database: Database, replica: str, lease: timedelta, *, exclusive: bool = False) -> None:
        self.database = database
        self.read = database.read
        self.write = database.write
        self.count = database.count
        self.outbox = Outbox(replica, lease, exclusive=exclusive)
        self.corrections = Corrections(self.outbox)
        self.shares = Shares(self.outbox)
        self.failed_messages = FailedMessages()
        self.people = People()
        self.present = People(present=True)
        self.actions = Actions()
        self.awareness = Awareness()
        self.pictures = Pictures()
        self.pledges = Pledges()
        self.ideas = Ideas()
        self.organisers = Organisers()
        self.digests = Digests()
        self.revisions = Revisions()
        self.approvals = Approvals()
        self.pauses = Pauses()
        self.privacy = Privacy(database)
        self.seen_events = SeenEvents()
        self.snapshots = Snapshots()
        self.replicas = Replicas(replica)
        self.sync_cursor = SyncCursor(replica)

    def member(self, connection: Connection, user: str, campaign: str, knowledge: Knowledge) -> Member:
        """Look up a participant of a campaign."""
        person = self.people.member(connection, user, campaign)
        if person is None or knowledge is Knowledge.PERSON:
            return Member(person)
        if knowledge is Knowledge.PLEDGES:
            return Member(person, pledges=self.pledges.of(connection, campaign, user))
        return Member(person, activity=self.activity(connection, campaign, user))

    def activity(self, connection: Connection, campaign: str, user: str) -> Activity:
        """Look up what one person did in a campaign."""
        return Activity(
            self.actions.of(connection, campaign, user),
            self.pledges.of(connection, campaign, user),
            self.pledges.outcomes(connection, campaign, user),
        )

    def overview(
        self, connection: Connection, campaign: str, recipients: Collection[str], acts: int, user: str = ""
    ) -> Overview:
        """Look up what an organiser is shown: messages in channels, ideas, the last acts, figures, the own switch."""
        entries = self.outbox.entries_for(connection, campaign, IN_CHANNELS, These(recipients))
        ideas = self.ideas.count_by_state(connection, campaign)
        last = self.organisers.acts(connection, campaign, acts)
        figures = self.snapshots.newest(connection, campaign)
        replied = self.corrections.replied(connection, campaign)
        has_digest = user not in self.digests.off(connection, campaign)
        return Overview(entries, ideas, last, figures, replied, has_digest)

    def leave(
        self, connection: Connection, entry: Entry, channel: str, words: Leaving | None, next_attempt_at: datetime
    ) -> bool:
        """Mark a claimed message as leaving, or put it back. Returns whether it may be posted."""
        if not self.outbox.mark_posting(connection, entry.id, channel, words):
            self.outbox.hold(connection, entry.id, next_attempt_at)
            return False
        if words:
            self.revisions.keep_sent(connection, entry.slot.campaign, words.text)
        return True

    def arrived(self, connection: Connection, entry: Entry, channel: str, ts: str, at: datetime) -> None:
        """Record that Slack has a message. If it is a correction, the message that it corrects shows other words."""
        self.outbox.mark_sent(connection, entry.id, channel, ts, at)
        if entry.slot.kind == CORRECTION:
            self.corrections.record(connection, entry, ts)

    def decisions(self, connection: Connection, campaign: str) -> Decisions:
        """Look up everything that organisers have decided in a campaign and that holds now."""
        return decisions(connection, campaign)


def decisions(connection: Connection, campaign: str) -> Decisions:
    """Look up everything that organisers have decided in a campaign and that holds now, as a command does."""
    revisions, pauses = Revisions(), Pauses()
    return Decisions(
        revisions.in_force(connection, campaign),
        revisions.own_posts(connection, campaign),
        Organisers().stand_ins(connection, campaign),
        pauses.omissions(connection, campaign),
        pauses.in_force(connection, campaign),
        Approvals().of_campaign(connection, campaign),
    )

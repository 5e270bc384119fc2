"""The tables. Instants are stored in UTC; dates and wall times are local to the row's zone."""

from __future__ import annotations

from datetime import UTC, datetime
from secrets import token_hex

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    Time,
    TypeDecorator,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An instant: aware in Python, and UTC in the database, whether or not the database stores zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert an aware datetime for the database. A naive one is a mistake of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        utc = value.astimezone(UTC)
        # SQLite compares datetimes as text, so all of them must have one form.
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Convert to UTC, adding the zone that SQLite does not store."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


outbox = Table(
    "outbox",
    metadata,
    # Part of the message's metadata, which other apps can read: random, unless the message is in a channel.
    Column("id", String(32), primary_key=True),
    Column("campaign", String(60), nullable=False),
    Column("post", String(60), nullable=False),
    Column("audience", String(32), nullable=False),
    Column("recipient", String(32), nullable=False),
    Column("local_date", Date, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("country", String(2)),
    Column("language", String(16), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("local", DateTime(timezone=False), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("planned_at", Instant, nullable=False),
    Column("state", String(16), nullable=False),
    # The due instant, a later attempt, the end of a lease, or the next search in Slack, depending on `state`.
    Column("next_attempt_at", Instant, nullable=False),
    Column("claimed_by", String(32)),
    Column("reason", Text),
    Column("channel", String(32)),
    Column("ts", String(32)),
    Column("sent_at", Instant),
    # The number of colleagues that the message shows now, and when an edit was last claimed.
    Column("shown", Integer),
    Column("shown_at", Instant),
    # The hash of the words that the message shows, written as it leaves.
    Column("text_hash", String(64)),
    # The slot's key: whatever process plans it, and however often, it is one row and one message.
    UniqueConstraint("campaign", "post", "audience", "recipient", "local_date"),
    # Claims read due rows in this order; the next attempt is the first entry of the other index.
    Index(None, "state", "due_at", "recipient"),
    Index(None, "state", "next_attempt_at"),
    # Skipping expired rows must not scan a hundred thousand that are due at one moment.
    Index(None, "state", "expires_at"),
    Index(None, "audience", "recipient"),
)

replicas = Table(
    "replicas",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("seen_at", Instant, nullable=False),
    Column("held_until", Instant),
)

sync_cursors = Table(
    "sync_cursors",
    metadata,
    Column("campaign", String(60), primary_key=True),
    Column("night", Date, nullable=False),
    Column("cursor", Text),
    Column("claimed_by", String(32), nullable=False),
    Column("claimed_until", Instant, nullable=False),
)
"""The last night in which Slack's users were synced, and the cursor of the next page, NULL after the last."""

people = Table(
    "people",
    metadata,
    Column("workspace", String(32), primary_key=True),
    Column("user", String(32), primary_key=True),
    Column("country", String(2)),
    Column("country_source", String(16)),
    Column("language", String(16)),
    Column("zone", String(64), nullable=False),
    Column("joined_at", Instant, nullable=False),
    Column("direct_messages", Boolean, nullable=False),
    Column("earth_hour_reminder", Boolean, nullable=False),
    Column("paused_until", Date),
    Column("stopped_at", Instant),
    # When the sync first found the account gone. `stopped_at` is the person's own wish and outlives it.
    Column("left_at", Instant),
    # User IDs are unique across workspaces, so nobody is looked up by workspace.
    Index(None, "user"),
)


actions = Table(
    "actions",
    metadata,
    Column("campaign", String(60), primary_key=True),
    Column("user", String(32), primary_key=True),
    Column("kind", String(24), primary_key=True),
    Column("subject", String(60), primary_key=True),
    Column("country", String(2)),
    Column("at", Instant, nullable=False),
    Column("answer", String(16)),
    Column("minutes", Integer),
    # Counts by kind are read from the index alone.
    Index(None, "campaign", "kind", "subject", "country"),
    Index(None, "user"),
)
"""Actions, each once, with the country of the person at the time."""

awareness_answers = Table(
    "awareness_answers",
    metadata,
    # Random, and what picks the noise of figures: there is no person to pick it by.
    Column("id", String(32), primary_key=True),
    Column("campaign", String(60), nullable=False),
    Column("wave", String(16), nullable=False),
    Column("question", String(16), nullable=False),
    Column("answer", String(16), nullable=False),
    Column("country", String(2)),
    Index(None, "campaign"),
    # SQLite would number the rows of both tables in the order in which they came, and so join them.
    sqlite_with_rowid=False,
)
"""Answers to the questions on awareness, without a user and without a time."""

awareness_answered = Table(
    "awareness_answered",
    metadata,
    Column("campaign", String(60), primary_key=True),
    Column("wave", String(16), primary_key=True),
    Column("user", String(32), primary_key=True),
    Column("question", String(16), primary_key=True),
    Index(None, "user"),
    sqlite_with_rowid=False,
)
"""Who has answered which question in a wave that has not ended, so that nobody counts twice; not what they said."""

pledges = Table(
    "pledges",
    metadata,
    Column("campaign", String(60), primary_key=True),
    Column("user", String(32), primary_key=True),
    Column("pledge", String(60), primary_key=True),
    Column("country", String(2)),
    Column("made_at", Instant, nullable=False),
    Column("already", Boolean, nullable=False),
    Column("plan", Text),
    Column("remind_at", Time),
    Column("any_hour", Boolean, nullable=False),
    Column("kg", Float),
    Column("kg_low", Float, nullable=False),
    Column("kg_high", Float, nullable=False),
    Column("factors", String(32), nullable=False),
    Column("withdrawn_at", Instant),
    Index(None, "user"),
)
"""Pledges. The figures are for one occasion, as they were in that country when the pledge was made."""

reminders = Table(
    "reminders",
    metadata,
    Column("campaign", String(60), primary_key=True),
    Column("user", String(32), primary_key=True),
    Column("pledge", String(60), primary_key=True),
    Column("day", Date, primary_key=True),
    Index(None, "user"),
)
"""The local days on which a person wants a reminder of a pledge, at its `remind_at`."""

outcomes = Table(
    "outcomes",
    metadata,
    Column("campaign", String(60), primary_key=True),
    Column("user", String(32), primary_key=True),
    Column("pledge", String(60), primary_key=True),
    # A local date for "done on this day", or the post that asked.
    Column("occasion", String(60), primary_key=True),
    Column("country", String(2)),
    Column("at", Instant, nullable=False),
    Column("answer", String(16), nullable=False),
    Column("obstacle", String(24)),
    Column("continues", Boolean),
    Column("kg", Float),
    Column("kg_low", Float, nullable=False),
    Column("kg_high", Float, nullable=False),
    Column("factors", String(32), nullable=False),
    Index(None, "user"),
)
"""Outcomes of pledges, by day or by question. The figures are for one occasion, as they were at the answer."""

remarks = Table(
    "remarks",
    metadata,
    # Random: it is in the outbox as well, which is kept for longer than the author's data.
    Column("id", String(32), primary_key=True),
    Column("campaign", String(60), nullable=False),
    Column("user", String(32), nullable=False),
    Column("pledge", String(60), nullable=False),
    Column("occasion", String(60), nullable=False),
    Column("country", String(2)),
    Column("at", Instant, nullable=False),
    Column("obstacle", String(24)),
    Column("text", Text, nullable=False),
    UniqueConstraint("campaign", "user", "pledge", "occasion"),
    Index(None, "user"),
)
"""Remarks to the representatives on what would have made a pledge easier. They do not see the author."""

ideas = Table(
    "ideas",
    metadata,
    # Random: it is a value of the representatives' buttons, and the author may want to stay anonymous.
    Column("id", String(32), primary_key=True),
    Column("campaign", String(60), nullable=False),
    Column("user", String(32), nullable=False),
    # The ID of the modal, so that a submission that Slack delivers twice is one idea.
    Column("form", String(255), nullable=False),
    Column("country", String(2)),
    Column("language", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("named", Boolean, nullable=False),
    # What the author agreed to: kept for next year, and told to customers once it is done. Unset in ideas of before.
    Column("kept", Boolean),
    Column("told", Boolean),
    Column("at", Instant, nullable=False),
    Column("state", String(16), nullable=False),
    Column("round", Integer, nullable=False),
    Column("published", Boolean, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("reason", Text),
    Column("question", Text),
    Column("answer", Text),
    Column("decided_by", String(32)),
    # When a published idea is due in the channel, whatever becomes of it later.
    Column("approved_at", Instant),
    UniqueConstraint("campaign", "user", "form"),
    Index(None, "campaign"),
    Index(None, "user"),
)
"""Ideas and the decisions about them. `round` counts the questions that went back to the author.
`decided_by` is the user ID of the organiser who last asked or decided, and `reason` what they said about it."""

revisions = Table(
    "revisions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("campaign", String(60), nullable=False),
    Column("post", String(60), nullable=False),
    Column("language", String(16), nullable=False),
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("body", Text, nullable=False),
    # Empty in rows from before there were any; the lines by country are JSON.
    Column("ask", Text),
    Column("local", Text),
    Column("picture", String(60)),
    Column("alt", Text),
    Column("answers", Text),
    # The hash of the file's words that it was made from, and empty for a post that is in no file.
    Column("base", String(64), nullable=False),
    Column("by", String(32)),
    Column("at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("ended_how", String(16)),
    Index(None, "campaign"),
)
"""Words of a post that an organiser has written in Slack. At most one of a post and a language has not ended."""

approvals = Table(
    "approvals",
    metadata,
    Column("campaign", String(60), primary_key=True),
    Column("post", String(60), primary_key=True),
    Column("language", String(16), primary_key=True),
    Column("hash", String(64), primary_key=True),
    Column("by", String(32)),
    Column("at", Instant, nullable=False),
)
"""Words that an organiser has approved, by their hash."""

omissions = Table(
    "omissions",
    metadata,
    Column("campaign", String(60), primary_key=True),
    Column("post", String(60), primary_key=True),
    Column("country", String(2), primary_key=True),
    Column("by", String(32)),
    Column("at", Instant, nullable=False),
    Column("restored_by", String(32)),
    Column("restored_at", Instant),
)
"""Posts that a country leaves out, until they are restored."""

pauses = Table(
    "pauses",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("campaign", String(60), nullable=False),
    # Empty for all countries.
    Column("country", String(2), nullable=False),
    Column("by", String(32)),
    Column("at", Instant, nullable=False),
    Column("resumed_by", String(32)),
    Column("resumed_at", Instant),
    Column("choice", String(16)),
    Index(None, "campaign", "resumed_at"),
)
"""Times in which nothing is sent to a country or to all, and what became of the messages that were missed."""

own_posts = Table(
    "own_posts",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("campaign", String(60), nullable=False),
    Column("country", String(2), nullable=False),
    Column("day", Date, nullable=False),
    Column("time", Time, nullable=False),
    Column("by", String(32)),
    Column("at", Instant, nullable=False),
    Column("withdrawn_by", String(32)),
    Column("withdrawn_at", Instant),
    # The idea or post that was shared and taken over in it.
    Column("origin", String(60)),
    Index(None, "campaign"),
)
"""Posts that organisers have added for a country. Their words are revisions."""

shares = Table(
    "shares",
    metadata,
    Column("campaign", String(60), primary_key=True),
    # The ID of an idea, which is random, or of a post that an organiser has added.
    Column("subject", String(60), primary_key=True),
    Column("by", String(32)),
    Column("at", Instant, nullable=False),
)
"""Ideas and posts that organisers have shared with those of the other countries."""

stand_ins = Table(
    "stand_ins",
    metadata,
    Column("campaign", String(60), primary_key=True),
    Column("country", String(2), primary_key=True),
    Column("user", String(32), primary_key=True),
    Column("until", Date, nullable=False),
    Column("by", String(32)),
    Column("at", Instant, nullable=False),
    # When somebody ended it before its last day. The row stays, so that whom it is about can be told.
    Column("ended_at", Instant),
    # Random, and another one with each change: messages about a change are named after it.
    Column("change", String(32)),
    Index(None, "user"),
)
"""People who stand in for a country's representatives, with the last day."""

digest_opt_outs = Table(
    "digest_opt_outs",
    metadata,
    Column("campaign", String(60), primary_key=True),
    Column("user", String(32), primary_key=True),
    Column("at", Instant, nullable=False),
    Index(None, "user"),
)
"""Organisers who have switched off the digest of each working day."""

organiser_acts = Table(
    "organiser_acts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("campaign", String(60), nullable=False),
    # NULL once the person has asked to be forgotten.
    Column("user", String(32)),
    Column("act", String(24), nullable=False),
    # The post that it is about, and never a person.
    Column("subject", String(60), nullable=False),
    Column("language", String(16)),
    Column("country", String(2)),
    Column("at", Instant, nullable=False),
    Index(None, "campaign", "at"),
    Index(None, "user"),
)
"""Everything that organisers did in Slack, which the other organisers see."""

sent_texts = Table(
    "sent_texts",
    metadata,
    Column("campaign", String(60), primary_key=True),
    Column("hash", String(64), primary_key=True),
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("body", Text, nullable=False),
    # Empty in rows from before there were any; the lines by country are JSON.
    Column("ask", Text),
    Column("local", Text),
    Column("picture", String(60)),
    Column("alt", Text),
    Column("answers", Text),
)
"""The words of messages that were sent: files and revisions may say something else since."""

pictures = Table(
    "pictures",
    metadata,
    Column("team", String(32), primary_key=True),
    # Of the file's bytes, so that a picture with another content is another picture.
    Column("hash", String(64), primary_key=True),
    # NULL until it is uploaded; `claimed_until` keeps other processes from uploading it too.
    Column("file", String(32)),
    Column("uploaded_at", Instant),
    Column("claimed_until", Instant, nullable=False),
)
"""Pictures of campaigns that are in Slack, or about to be: the workspace, and the ID of the file there."""

snapshots = Table(
    "snapshots",
    metadata,
    Column("campaign", String(60), primary_key=True),
    Column("taken_at", Instant, primary_key=True),
    Column("definition", String(16), nullable=False),
    Column("standings", Text, nullable=False),
)
"""Figures as they were published."""

campaigns = Table(
    "campaigns",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("keep_until", Date, nullable=False),
    # A default of the column, because whichever part of the store inserts the row must create the secret with it.
    Column("secret", String(64), nullable=False, default=token_hex),
)
"""Past and present campaigns, the last day on which personal data is kept, and the secret of the figures' noise."""

seen_events = Table(
    "seen_events",
    metadata,
    Column("event", String(64), primary_key=True),
    Column("at", Instant, nullable=False),
    Index(None, "at"),
)
"""Events that Slack has delivered in the last minutes: it repeats those that were not acknowledged in time."""

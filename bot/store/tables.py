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
    """An instant: aware in Python, UTC in the database, whatever the database keeps of zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware datetime into what the database stores; a naive one is a mistake in the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the zone back that SQLite does not store."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


outbox = Table(
    "outbox",
    metadata,
    # It travels in the message's metadata where other apps can read it: random, unless the message is in a channel.
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
    # Its due instant, a later try, the end of a lease, or when Slack is next asked about it.
    Column("next_attempt_at", Instant, nullable=False),
    Column("claimed_by", String(32)),
    Column("reason", Text),
    Column("channel", String(32)),
    Column("ts", String(32)),
    Column("sent_at", Instant),
    # The number of colleagues that the message shows by now, and when it was last put there.
    Column("shown", Integer),
    Column("shown_at", Instant),
    UniqueConstraint("campaign", "post", "audience", "recipient", "local_date"),
    # What is due is taken in the order of its time; what wants attention next is the smallest of its column.
    Index(None, "state", "due_at", "recipient"),
    Index(None, "state", "next_attempt_at"),
    # With a hundred thousand due at one moment, whoever looks for those that are too late must not go through them all.
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
"""The last night in which Slack's directory was gone through, and the cursor of its next page: NULL after the last."""

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
    # When Slack's directory first said that they are gone; a stop is the person's own wish and outlives it.
    Column("left_at", Instant),
    # Nobody is looked up by workspace: user IDs are unique across them.
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
    # What is counted for a campaign is counted by kind, and read from the index alone.
    Index(None, "campaign", "kind", "subject", "country"),
    Index(None, "user"),
)
"""What somebody did, once each, with the country they were in at that time."""

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
"""What somebody pledged. The figures are for one occasion, as they were when it was pledged, in that country."""

reminders = Table(
    "reminders",
    metadata,
    Column("campaign", String(60), primary_key=True),
    Column("user", String(32), primary_key=True),
    Column("pledge", String(60), primary_key=True),
    Column("day", Date, primary_key=True),
    Index(None, "user"),
)
"""The local days on which somebody asked to be reminded of a pledge, at its `remind_at`."""

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
"""How a pledge went, by day or by question. The figures are for one occasion, as they were when it was answered."""

remarks = Table(
    "remarks",
    metadata,
    # Random: it stands in the outbox as well, which outlives what is known of the author.
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
"""A line to the representatives about what would have made a pledge easier; they do not see who wrote it."""

ideas = Table(
    "ideas",
    metadata,
    # Random: it is on the representatives' buttons, and the author may want no name.
    Column("id", String(32), primary_key=True),
    Column("campaign", String(60), nullable=False),
    Column("user", String(32), nullable=False),
    # The form in which it was written: sent twice, it is one idea.
    Column("form", String(255), nullable=False),
    Column("country", String(2)),
    Column("language", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("named", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
    Column("state", String(16), nullable=False),
    Column("round", Integer, nullable=False),
    Column("published", Boolean, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("reason", Text),
    Column("question", Text),
    Column("answer", Text),
    Column("decided_by", String(32)),
    UniqueConstraint("campaign", "user", "form"),
    Index(None, "campaign"),
    Index(None, "user"),
)
"""Ideas and what the representatives made of them; `round` counts the questions that went back to the author.
`decided_by` is the user ID of whoever last asked or decided."""

snapshots = Table(
    "snapshots",
    metadata,
    Column("campaign", String(60), primary_key=True),
    Column("taken_at", Instant, primary_key=True),
    Column("definition", String(16), nullable=False),
    Column("standings", Text, nullable=False),
)
"""The figures as they were published."""

campaigns = Table(
    "campaigns",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("keep_until", Date, nullable=False),
    # Made with the row and gone with it, whoever makes and removes it.
    Column("secret", String(64), nullable=False, default=token_hex),
)
"""The campaigns there have been, the last day on which what people did in them is kept, and what their figures are
blurred with."""

seen_events = Table(
    "seen_events",
    metadata,
    Column("event", String(64), primary_key=True),
    Column("at", Instant, nullable=False),
    Index(None, "at"),
)
"""Events that Slack has delivered in the last minutes, because it delivers them again when it is in doubt."""

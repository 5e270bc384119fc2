"""The tables. Instants are stored in UTC; dates and wall times are local to the row's zone."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Index,
    MetaData,
    String,
    Table,
    Text,
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
    # Opaque, because it travels in the message's metadata where other apps can read it.
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
    Column("late_until", Instant, nullable=False),
    Column("planned_at", Instant, nullable=False),
    Column("state", String(16), nullable=False),
    # When the row next wants attention: its due instant, a later try, the end of a lease, the next question.
    Column("attend_at", Instant, nullable=False),
    Column("owner", String(32)),
    Column("reason", Text),
    Column("channel", String(32)),
    Column("ts", String(32)),
    Column("sent_at", Instant),
    UniqueConstraint("campaign", "post", "audience", "recipient", "local_date"),
    # What is due is taken in the order of its time; what wants attention next is the smallest of its column.
    Index(None, "state", "due_at", "recipient"),
    Index(None, "state", "attend_at"),
)

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
)

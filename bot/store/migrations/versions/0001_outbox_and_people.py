"""The outbox and the people.

Revision ID: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("campaign", sa.String(60), nullable=False),
        sa.Column("post", sa.String(60), nullable=False),
        sa.Column("audience", sa.String(32), nullable=False),
        sa.Column("recipient", sa.String(32), nullable=False),
        sa.Column("local_date", sa.Date, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("country", sa.String(2)),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("local", sa.DateTime(timezone=False), nullable=False),
        sa.Column("due_at", instant, nullable=False),
        sa.Column("late_until", instant, nullable=False),
        sa.Column("planned_at", instant, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attend_at", instant, nullable=False),
        sa.Column("owner", sa.String(32)),
        sa.Column("reason", sa.Text),
        sa.Column("channel", sa.String(32)),
        sa.Column("ts", sa.String(32)),
        sa.Column("sent_at", instant),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint(
            "campaign",
            "post",
            "audience",
            "recipient",
            "local_date",
            name="uq_outbox_campaign_post_audience_recipient_local_date",
        ),
    )
    op.create_index("ix_outbox_state_due_at_recipient", "outbox", ["state", "due_at", "recipient"])
    op.create_index("ix_outbox_state_attend_at", "outbox", ["state", "attend_at"])
    op.create_table(
        "people",
        sa.Column("workspace", sa.String(32), nullable=False),
        sa.Column("user", sa.String(32), nullable=False),
        sa.Column("country", sa.String(2)),
        sa.Column("country_source", sa.String(16)),
        sa.Column("language", sa.String(16)),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("joined_at", instant, nullable=False),
        sa.Column("direct_messages", sa.Boolean, nullable=False),
        sa.Column("earth_hour_reminder", sa.Boolean, nullable=False),
        sa.Column("paused_until", sa.Date),
        sa.PrimaryKeyConstraint("workspace", "user", name="pk_people"),
    )

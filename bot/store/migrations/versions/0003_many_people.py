"""Indexes for many people, and a table of the processes that share the database.

The first versions made the outbox without the index by which claims read it, or with another one.

Revision ID: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_outbox_state_due_at_recipient", "outbox", ["state", "due_at", "recipient"], if_not_exists=True)
    op.drop_index("ix_outbox_state_due_at_id", "outbox", if_exists=True)
    op.create_index("ix_outbox_state_late_until", "outbox", ["state", "late_until"])
    op.create_index("ix_outbox_audience_recipient", "outbox", ["audience", "recipient"])
    op.create_table(
        "replicas",
        sa.Column("owner", sa.String(32), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("owner", name="pk_replicas"),
    )

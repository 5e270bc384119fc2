"""The nightly sync of Slack's users: people who have left the workspace, and the progress of a night.

Revision ID: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("people") as people:
        people.add_column(sa.Column("left_at", sa.DateTime(timezone=True)))
    op.create_table(
        "nights",
        sa.Column("campaign", sa.String(60), nullable=False),
        sa.Column("night", sa.Date, nullable=False),
        sa.Column("cursor", sa.Text),
        sa.Column("owner", sa.String(32), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("campaign", name="pk_nights"),
    )

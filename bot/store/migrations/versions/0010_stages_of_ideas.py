"""The instant at which an idea was approved: its post in the channel is due then, whatever becomes of the idea later.

Revision ID: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("ideas") as ideas:
        ideas.add_column(sa.Column("approved_at", sa.DateTime(timezone=True)))
    op.execute("UPDATE ideas SET approved_at = changed_at WHERE state = 'approved'")

"""Add pictures to the words of posts, and the table of those that were uploaded.

Revision ID: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("revisions", "sent_texts"):
        op.add_column(table, sa.Column("picture", sa.String(60)))
        op.add_column(table, sa.Column("alt", sa.Text()))
    op.create_table(
        "pictures",
        sa.Column("team", sa.String(32), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("file", sa.String(32)),
        sa.Column("uploaded_at", sa.DateTime(timezone=True)),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("team", "hash", name="pk_pictures"),
    )

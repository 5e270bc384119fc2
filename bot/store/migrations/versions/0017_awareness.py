"""Add the answers to the questions on awareness, and apart from them who has answered.

Revision ID: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "awareness_answers",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("campaign", sa.String(60), nullable=False),
        sa.Column("wave", sa.String(16), nullable=False),
        sa.Column("question", sa.String(16), nullable=False),
        sa.Column("answer", sa.String(16), nullable=False),
        sa.Column("country", sa.String(2)),
        sa.PrimaryKeyConstraint("id", name="pk_awareness_answers"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_awareness_answers_campaign", "awareness_answers", ["campaign"])
    op.create_table(
        "awareness_answered",
        sa.Column("campaign", sa.String(60), nullable=False),
        sa.Column("wave", sa.String(16), nullable=False),
        sa.Column("user", sa.String(32), nullable=False),
        sa.Column("question", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("campaign", "wave", "user", "question", name="pk_awareness_answered"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_awareness_answered_user", "awareness_answered", ["user"])

"""Add what messages to organisers are planned from: changes of stand-ins, and who wants no digest.

Revision ID: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("stand_ins", sa.Column("ended_at", INSTANT))
    # Empty for those who were named before: they have been told in person.
    op.add_column("stand_ins", sa.Column("change", sa.String(32)))
    op.create_table(
        "digest_opt_outs",
        sa.Column("campaign", sa.String(60), nullable=False),
        sa.Column("user", sa.String(32), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("campaign", "user", name="pk_digest_opt_outs"),
    )
    op.create_index("ix_digest_opt_outs_user", "digest_opt_outs", ["user"])

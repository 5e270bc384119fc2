"""Add the answers that a post lets people guess from to its words.

Revision ID: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("revisions", "sent_texts"):
        op.add_column(table, sa.Column("answers", sa.Text()))

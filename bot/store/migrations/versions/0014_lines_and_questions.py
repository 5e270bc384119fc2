"""Add lines by country and the question for the thread to the words of posts.

Revision ID: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("revisions", "sent_texts"):
        op.add_column(table, sa.Column("ask", sa.Text()))
        op.add_column(table, sa.Column("local", sa.Text()))

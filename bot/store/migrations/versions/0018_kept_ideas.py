"""Add what authors agree to about their ideas: kept for next year, and told to customers, both without their name.

Revision ID: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Nobody was asked before, so nothing is set; and a process of the former version can still store ideas.
    for name in ("kept", "told"):
        op.add_column("ideas", sa.Column(name, sa.Boolean()))

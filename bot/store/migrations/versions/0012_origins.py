"""The origin of a post of a country's own, so that it is said below that.

Revision ID: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("own_posts") as own_posts:
        own_posts.add_column(sa.Column("origin", sa.String(60)))

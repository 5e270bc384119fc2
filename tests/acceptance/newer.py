"""The bot's own command as a newer version of it: one migration more, which does not change what today's bot needs."""

from __future__ import annotations

import os
from pathlib import Path

import bot.store.schema
from bot.cli.main import main

SCRIPT = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{before}"
branch_labels = depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("of_the_next_version", sa.Text))
"""

if __name__ == "__main__":
    bot.store.schema.MIGRATIONS = Path(os.environ["NEWER_MIGRATIONS"])
    main()

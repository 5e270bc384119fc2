"""Rename tables and columns to standard terms.

Revision ID: 0008
"""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = {"deeds": "actions", "arrivals": "seen_events", "nights": "sync_cursors"}
COLUMNS = {
    "outbox": {"late_until": "expires_at", "attend_at": "next_attempt_at", "owner": "claimed_by"},
    "replicas": {"owner": "id"},
    "sync_cursors": {"owner": "claimed_by", "until": "claimed_until"},
}
INDEXES = {
    "ix_outbox_state_attend_at": ("outbox", ["state", "next_attempt_at"]),
    "ix_outbox_state_late_until": ("outbox", ["state", "expires_at"]),
    "ix_deeds_campaign_kind_subject_country": ("actions", ["campaign", "kind", "subject", "country"]),
    "ix_deeds_user": ("actions", ["user"]),
    "ix_arrivals_at": ("seen_events", ["at"]),
}


def upgrade() -> None:
    for old, new in TABLES.items():
        op.rename_table(old, new)
    for table, renamed in COLUMNS.items():
        for old, new in renamed.items():
            op.execute(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")
    for old, (table, columns) in INDEXES.items():
        op.drop_index(old, table)
        op.create_index("_".join(("ix", table, *columns)), table, columns)
    if op.get_bind().dialect.name == "postgresql":
        # SQLite cannot rename constraints, and nothing there refers to them by name.
        for old, new in TABLES.items():
            op.execute(f"ALTER TABLE {new} RENAME CONSTRAINT pk_{old} TO pk_{new}")

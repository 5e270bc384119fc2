"""Participation: actions, pledges and their outcomes, ideas, and published figures.

Revision ID: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("outbox") as outbox:
        outbox.add_column(sa.Column("shown", sa.Integer))
        outbox.add_column(sa.Column("shown_at", INSTANT))
    with op.batch_alter_table("people") as people:
        people.add_column(sa.Column("stopped_at", INSTANT))
    op.create_index("ix_people_user", "people", ["user"])
    _deeds()
    _pledges()
    _outcomes()
    _writing()
    _keeping()


def _deeds() -> None:
    op.create_table(
        "deeds",
        sa.Column("campaign", sa.String(60), nullable=False),
        sa.Column("user", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("subject", sa.String(60), nullable=False),
        sa.Column("country", sa.String(2)),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("answer", sa.String(16)),
        sa.Column("minutes", sa.Integer),
        sa.PrimaryKeyConstraint("campaign", "user", "kind", "subject", name="pk_deeds"),
    )
    op.create_index("ix_deeds_campaign_kind_subject_country", "deeds", ["campaign", "kind", "subject", "country"])
    op.create_index("ix_deeds_user", "deeds", ["user"])


def _pledges() -> None:
    op.create_table(
        "pledges",
        sa.Column("campaign", sa.String(60), nullable=False),
        sa.Column("user", sa.String(32), nullable=False),
        sa.Column("pledge", sa.String(60), nullable=False),
        sa.Column("country", sa.String(2)),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("already", sa.Boolean, nullable=False),
        sa.Column("plan", sa.Text),
        sa.Column("remind_at", sa.Time),
        sa.Column("any_hour", sa.Boolean, nullable=False),
        sa.Column("kg", sa.Float),
        sa.Column("kg_low", sa.Float, nullable=False),
        sa.Column("kg_high", sa.Float, nullable=False),
        sa.Column("factors", sa.String(32), nullable=False),
        sa.Column("withdrawn_at", INSTANT),
        sa.PrimaryKeyConstraint("campaign", "user", "pledge", name="pk_pledges"),
    )
    op.create_index("ix_pledges_user", "pledges", ["user"])
    op.create_table(
        "reminders",
        sa.Column("campaign", sa.String(60), nullable=False),
        sa.Column("user", sa.String(32), nullable=False),
        sa.Column("pledge", sa.String(60), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("campaign", "user", "pledge", "day", name="pk_reminders"),
    )
    op.create_index("ix_reminders_user", "reminders", ["user"])


def _outcomes() -> None:
    op.create_table(
        "outcomes",
        sa.Column("campaign", sa.String(60), nullable=False),
        sa.Column("user", sa.String(32), nullable=False),
        sa.Column("pledge", sa.String(60), nullable=False),
        sa.Column("occasion", sa.String(60), nullable=False),
        sa.Column("country", sa.String(2)),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("answer", sa.String(16), nullable=False),
        sa.Column("obstacle", sa.String(24)),
        sa.Column("continues", sa.Boolean),
        sa.Column("kg", sa.Float),
        sa.Column("kg_low", sa.Float, nullable=False),
        sa.Column("kg_high", sa.Float, nullable=False),
        sa.Column("factors", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("campaign", "user", "pledge", "occasion", name="pk_outcomes"),
    )
    op.create_index("ix_outcomes_user", "outcomes", ["user"])


def _writing() -> None:
    op.create_table(
        "remarks",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("campaign", sa.String(60), nullable=False),
        sa.Column("user", sa.String(32), nullable=False),
        sa.Column("pledge", sa.String(60), nullable=False),
        sa.Column("occasion", sa.String(60), nullable=False),
        sa.Column("country", sa.String(2)),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("obstacle", sa.String(24)),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_remarks"),
        sa.UniqueConstraint("campaign", "user", "pledge", "occasion", name="uq_remarks_campaign_user_pledge_occasion"),
    )
    op.create_index("ix_remarks_user", "remarks", ["user"])
    op.create_table(
        "ideas",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("campaign", sa.String(60), nullable=False),
        sa.Column("user", sa.String(32), nullable=False),
        sa.Column("country", sa.String(2)),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("named", sa.Boolean, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("published", sa.Boolean, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("question", sa.Text),
        sa.Column("answer", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_ideas"),
    )
    op.create_index("ix_ideas_campaign", "ideas", ["campaign"])
    op.create_index("ix_ideas_user", "ideas", ["user"])


def _keeping() -> None:
    op.create_table(
        "snapshots",
        sa.Column("campaign", sa.String(60), nullable=False),
        sa.Column("taken_at", INSTANT, nullable=False),
        sa.Column("definition", sa.String(16), nullable=False),
        sa.Column("standings", sa.Text, nullable=False),
        sa.Column("basis", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("campaign", "taken_at", name="pk_snapshots"),
    )
    op.create_table(
        "campaigns",
        sa.Column("id", sa.String(60), nullable=False),
        sa.Column("keep_until", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_campaigns"),
    )
    op.create_table(
        "arrivals",
        sa.Column("event", sa.String(64), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("event", name="pk_arrivals"),
    )
    op.create_index("ix_arrivals_at", "arrivals", ["at"])

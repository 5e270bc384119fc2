"""Add what organisers decide in Slack, and the words that a message shows.

Revision ID: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def _person(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(32))


def _key(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length), nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _made() -> list[sa.Column[object]]:
    return [sa.Column("by", sa.String(32)), sa.Column("at", INSTANT, nullable=False)]


def upgrade() -> None:
    op.add_column("outbox", sa.Column("text_hash", sa.String(64)))
    _words()
    _whether_it_is_sent()
    _people()


def _words() -> None:
    op.create_table(
        "revisions",
        _key("id", 32), _key("campaign", 60), _key("post", 60), _key("language", 16),
        _text("title"), _text("summary"), _text("body"), _key("base", 64),
        *_made(), sa.Column("ended_at", INSTANT), sa.Column("ended_how", sa.String(16)),
        sa.PrimaryKeyConstraint("id", name="pk_revisions"),
    )  # fmt: skip
    op.create_index("ix_revisions_campaign", "revisions", ["campaign"])
    op.create_table(
        "approvals",
        _key("campaign", 60), _key("post", 60), _key("language", 16), _key("hash", 64), *_made(),
        sa.PrimaryKeyConstraint("campaign", "post", "language", "hash", name="pk_approvals"),
    )  # fmt: skip
    op.create_table(
        "sent_texts",
        _key("campaign", 60), _key("hash", 64), _text("title"), _text("summary"), _text("body"),
        sa.PrimaryKeyConstraint("campaign", "hash", name="pk_sent_texts"),
    )  # fmt: skip


def _whether_it_is_sent() -> None:
    op.create_table(
        "omissions",
        _key("campaign", 60), _key("post", 60), _key("country", 2),
        *_made(), _person("restored_by"), sa.Column("restored_at", INSTANT),
        sa.PrimaryKeyConstraint("campaign", "post", "country", name="pk_omissions"),
    )  # fmt: skip
    op.create_table(
        "pauses",
        _key("id", 32), _key("campaign", 60), _key("country", 2),
        *_made(), _person("resumed_by"), sa.Column("resumed_at", INSTANT), sa.Column("choice", sa.String(16)),
        sa.PrimaryKeyConstraint("id", name="pk_pauses"),
    )  # fmt: skip
    op.create_index("ix_pauses_campaign_resumed_at", "pauses", ["campaign", "resumed_at"])
    op.create_table(
        "own_posts",
        _key("id", 60), _key("campaign", 60), _key("country", 2),
        sa.Column("day", sa.Date(), nullable=False), sa.Column("time", sa.Time(), nullable=False),
        *_made(), _person("withdrawn_by"), sa.Column("withdrawn_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_own_posts"),
    )  # fmt: skip
    op.create_index("ix_own_posts_campaign", "own_posts", ["campaign"])


def _people() -> None:
    op.create_table(
        "stand_ins",
        _key("campaign", 60), _key("country", 2), _key("user", 32),
        sa.Column("until", sa.Date(), nullable=False), *_made(),
        sa.PrimaryKeyConstraint("campaign", "country", "user", name="pk_stand_ins"),
    )  # fmt: skip
    op.create_index("ix_stand_ins_user", "stand_ins", ["user"])
    op.create_table(
        "organiser_acts",
        _key("id", 32), _key("campaign", 60), _person("user"), _key("act", 24), _key("subject", 60),
        sa.Column("language", sa.String(16)), sa.Column("country", sa.String(2)),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organiser_acts"),
    )  # fmt: skip
    op.create_index("ix_organiser_acts_campaign_at", "organiser_acts", ["campaign", "at"])
    op.create_index("ix_organiser_acts_user", "organiser_acts", ["user"])

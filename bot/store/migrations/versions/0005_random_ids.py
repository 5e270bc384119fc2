"""Random IDs for everything about a person, and the modal in which an idea was written.

1. Remarks and personal messages get new IDs, since the old ones could be found by trying everybody's user ID.
2. A message that may be on its way keeps its ID, because Slack is searched by it.
3. Ideas keep theirs, which are values of buttons that somebody may still press. They came from the IDs of modals,
   which nobody can guess.

Revision ID: 0005
"""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_IN_CHANNELS = ("countries", "company", "idea_post")
_UNDER_WAY = ("sending", "unconfirmed")

_BATCH = 1000


def upgrade() -> None:
    with op.batch_alter_table("ideas") as ideas:
        ideas.add_column(sa.Column("form", sa.String(255)))
    op.execute(sa.text("UPDATE ideas SET form = id"))
    with op.batch_alter_table("ideas") as ideas:
        ideas.alter_column("form", existing_type=sa.String(255), nullable=False)
        ideas.create_unique_constraint("uq_ideas_campaign_user_form", ["campaign", "user", "form"])
    _rename_remarks()
    _rename_messages()


def _rename_remarks() -> None:
    remarks, outbox = _tables()
    connection = op.get_bind()
    renamed = [{"old": old, "new": uuid.uuid4().hex} for old in connection.scalars(sa.select(remarks.c.id))]
    if renamed:
        those = sa.update(remarks).where(remarks.c.id == sa.bindparam("old"))
        letters = sa.update(outbox).where(outbox.c.audience == "remark", outbox.c.post == sa.bindparam("old"))
        connection.execute(those.values(id=sa.bindparam("new")), renamed)
        connection.execute(letters.values(post=sa.bindparam("new")), renamed)


def _rename_messages() -> None:
    _, outbox = _tables()
    connection = op.get_bind()
    personal = sa.select(outbox.c.id).where(outbox.c.audience.not_in(_IN_CHANNELS), outbox.c.state.not_in(_UNDER_WAY))
    renamed = [{"old": old, "new": uuid.uuid4().hex} for old in connection.scalars(personal)]
    those = sa.update(outbox).where(outbox.c.id == sa.bindparam("old")).values(id=sa.bindparam("new"))
    for start in range(0, len(renamed), _BATCH):
        connection.execute(those, renamed[start : start + _BATCH])


def _tables() -> tuple[sa.TableClause, sa.TableClause]:
    columns = [sa.column(name, sa.String) for name in ("id", "post", "audience", "state")]
    return sa.table("remarks", sa.column("id", sa.String)), sa.table("outbox", *columns)

"""Figures with noise from a secret of each campaign, in place of figures that were hidden below a size.

Revision ID: 0006
"""

from __future__ import annotations

import json
from secrets import token_hex

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_NO_COUNTRY = ("ZZ", "")
"""Places for another country and for none, which had rows of their own and were part of the whole."""


def upgrade() -> None:
    connection = op.get_bind()
    with op.batch_alter_table("campaigns") as campaigns:
        campaigns.add_column(sa.Column("secret", sa.String(64)))
    for (campaign,) in connection.execute(sa.text("SELECT id FROM campaigns")).all():
        values = {"secret": token_hex(), "id": campaign}
        connection.execute(sa.text("UPDATE campaigns SET secret = :secret WHERE id = :id"), values)
    with op.batch_alter_table("campaigns") as campaigns:
        campaigns.alter_column("secret", existing_type=sa.String(64), nullable=False)
    for row in connection.execute(sa.text("SELECT campaign, taken_at, standings FROM snapshots")).mappings().all():
        # Published figures stay, apart from the sums of hidden ones, from which these could be worked out.
        values = {**row, "standings": _without_sums(row["standings"])}
        change = sa.text(
            "UPDATE snapshots SET standings = :standings, basis = ''"
            " WHERE campaign = :campaign AND taken_at = :taken_at"
        )
        connection.execute(change, values)
    with op.batch_alter_table("snapshots") as snapshots:
        snapshots.drop_column("basis")


def _without_sums(standings: str) -> str:
    published = json.loads(standings)
    published.pop("rest", None)
    if "places" in published:
        published["places"] = [each for each in published["places"] if each["place"] not in _NO_COUNTRY]
    return json.dumps(published)

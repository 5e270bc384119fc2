"""Approvals: words of a post in one language, by their hash, so that an approval lapses when they change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from bot.campaign.organiser_decisions import Approval
from bot.database.dialect_statements import insert_for
from bot.store.organiser_acts import Act, Actor, record
from bot.store.tables import approvals


class Approvals:
    """Stores approvals, each once."""

    def approve(self, connection: Connection, actor: Actor, post: str, language: str, hash_: str) -> Approval:
        """Approve words. Returns the approval that holds: somebody may have been first."""
        key = {"campaign": actor.campaign, "post": post, "language": language, "hash": hash_}
        statement = insert_for(connection, approvals).values(**key, by=actor.user, at=actor.at)
        if connection.execute(statement.on_conflict_do_nothing()).rowcount:
            record(connection, actor, Act.APPROVED, post, language=language)
        return _approval(connection.execute(select(approvals).filter_by(**key)).mappings().one())

    def of_campaign(self, connection: Connection, campaign: str) -> dict[tuple[str, str, str], Approval]:
        """Return all approvals by post, language and hash."""
        found = map(_approval, connection.execute(select(approvals).filter_by(campaign=campaign)).mappings())
        return {(each.post, each.language, each.hash): each for each in found}


def _approval(row: Mapping[Any, Any]) -> Approval:
    return Approval(row["post"], row["language"], row["hash"], row["by"], row["at"])

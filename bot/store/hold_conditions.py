"""Reasons of organisers for which a message that is due does not leave, as conditions on a row of the outbox.

They stand in the statement that marks a row as leaving, so that nothing leaves that was paused or left out before.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from sqlalchemy import Boolean, Case, ColumnElement, Connection, bindparam, case, false, or_, select

from bot.campaign.model import Text
from bot.campaign.organiser_decisions import ALL_COUNTRIES
from bot.campaign.text_hash import text_hash
from bot.store.tables import approvals, omissions, outbox, own_posts, pauses

TO_ORGANISERS = frozenset(
    {
        *("representatives", "idea_review", "share", "share_news", "remark"),
        *("words_superseded", "stand_in", "approval_waiting", "countdown", "digest", "reach"),
    }
)
"""Audiences of messages to organisers, which wait for nobody's decision: organisers need them to decide."""

_NEVER_PAUSED = TO_ORGANISERS | {"correction"}
"""An organiser asks for a correction of what stands there: it is not left wrong because a pause was needed as well."""

PAUSED = "an organiser has paused it"
NOT_APPROVED = "nobody has approved its words yet"

HELD_FOR = timedelta(minutes=1)
"""The wait of a message that could not leave for such a reason. What is paused is not claimed before it is resumed."""


@dataclass(frozen=True)
class Leaving:
    """The words with which a message leaves, and whether somebody must have approved them."""

    post: str
    text: Text
    must_be_approved: bool = False

    @cached_property
    def hash(self) -> str:
        """The hash of the words."""
        return text_hash(self.text)


def is_paused() -> ColumnElement[bool]:
    """Match rows whose country, or all, is paused now."""
    mine = (pauses.c.country == ALL_COUNTRIES) | (pauses.c.country == outbox.c.country)
    held = select(pauses.c.id).where(pauses.c.campaign == outbox.c.campaign, pauses.c.resumed_at.is_(None), mine)
    return can_be_paused() & held.exists()


def can_be_paused() -> ColumnElement[bool]:
    """Match rows of messages that a pause is about."""
    return outbox.c.audience.not_in(_NEVER_PAUSED)


def is_anything_paused(connection: Connection) -> bool:
    """Return whether any pause is in force: hardly ever, and then questions need not look at each row."""
    return bool(connection.scalar(select(select(pauses.c.id).where(pauses.c.resumed_at.is_(None)).exists())))


def is_taken_back() -> ColumnElement[bool]:
    """Match rows of posts that their country leaves out, and of own posts that were withdrawn."""
    left_out = select(omissions.c.post).where(
        omissions.c.campaign == outbox.c.campaign,
        omissions.c.post == outbox.c.post,
        omissions.c.country == outbox.c.country,
        omissions.c.restored_at.is_(None),
    )
    withdrawn = select(own_posts.c.id).where(own_posts.c.id == outbox.c.post, own_posts.c.withdrawn_at.is_not(None))
    return left_out.exists() | withdrawn.exists()


def may_leave_unapproved() -> ColumnElement[bool]:
    """Match rows whose words are approved, or need not be. Their values are `free`, `words_of` and `words`."""
    approved = select(approvals.c.hash).where(
        approvals.c.campaign == outbox.c.campaign,
        approvals.c.post == bindparam("words_of"),
        approvals.c.language == outbox.c.language,
        approvals.c.hash == bindparam("words"),
    )
    return bindparam("free", type_=Boolean()) | outbox.c.audience.in_(TO_ORGANISERS) | approved.exists()


def is_unapproved(waiting: Collection[str]) -> ColumnElement[bool]:
    """Match rows of posts and languages, each as `post:language`, that wait for an approval."""
    if not waiting:
        return false()
    named = outbox.c.post + ":" + outbox.c.language
    return outbox.c.audience.not_in(TO_ORGANISERS) & named.in_(sorted(waiting))


def is_held(connection: Connection, waiting: Collection[str]) -> ColumnElement[bool] | None:
    """Match rows that are paused or wait for an approval, or return None where there can be none."""
    held = [is_paused()] if is_anything_paused(connection) else []
    held += [is_unapproved(waiting)] if waiting else []
    return or_(*held) if held else None


def why_it_waits(waiting: Collection[str]) -> Case[str]:
    """Return the reason why a row waits, or the one that it has."""
    return case((is_paused(), PAUSED), (is_unapproved(waiting), NOT_APPROVED), else_=outbox.c.reason)

"""Ideas and posts that organisers have shared with those of the other countries, each once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, and_, select

from bot.campaign.organiser_decisions import OwnPost
from bot.database.dialect_statements import insert_for
from bot.store.organiser_acts import Act, Actor, record
from bot.store.outbox import Entry, Outbox, State
from bot.store.tables import outbox, shares
from bot.store.text_revisions import OWN_PREFIX

SHARE, SHARE_NEWS = "share", "share_news"
"""Kinds and audiences: of a shared message, whose `post` is what was shared, and of what is said below it."""

_BELOW = "~"

_NAME = 20
"""Characters of a post's ID that tell it from others with the same origin."""


def news_name(subject: str, news: str) -> str:
    """Return the `post` of what is said below a shared message."""
    return f"{subject}{_BELOW}{news}"


def copy_name(own: OwnPost) -> str:
    """Return the `post` of what is said below the origin of a post that a country has made from it."""
    return news_name(own.origin or "", own.id.removeprefix(OWN_PREFIX)[:_NAME])


def subject_of(post: str) -> str:
    """Return what was shared, from the `post` of a message about it."""
    return post.partition(_BELOW)[0]


@dataclass(frozen=True)
class Share:
    """An idea or a post that was shared, by whom and when; `by` is None once that person is forgotten."""

    subject: str
    by: str | None
    at: datetime


class Shares:
    """Records what is shared, and finds its message."""

    def __init__(self, outbox_: Outbox) -> None:
        self._outbox = outbox_

    def share(self, connection: Connection, actor: Actor, subject: str) -> Share:
        """Share an idea. Returns the share that holds: somebody may have been first."""
        if self._is_first(connection, actor, subject):
            record(connection, actor, Act.SHARED_IDEA)
        return self._held(connection, actor, subject)

    def share_post(self, connection: Connection, actor: Actor, post: str, country: str) -> Share:
        """Share a post of a country's own. Returns the share that holds."""
        if self._is_first(connection, actor, post):
            record(connection, actor, Act.SHARED_POST, post, country=country)
        return self._held(connection, actor, post)

    def _is_first(self, connection: Connection, actor: Actor, subject: str) -> bool:
        values = {"campaign": actor.campaign, "subject": subject, "by": actor.user, "at": actor.at}
        made = insert_for(connection, shares).values(values).on_conflict_do_nothing()
        return connection.execute(made).rowcount > 0

    def _held(self, connection: Connection, actor: Actor, subject: str) -> Share:
        query = select(shares).filter_by(campaign=actor.campaign, subject=subject)
        return _share(connection.execute(query).mappings().one())

    def get(self, connection: Connection, campaign: str, subject: str) -> Share | None:
        """Look up whether something is shared."""
        row = connection.execute(select(shares).filter_by(campaign=campaign, subject=subject)).mappings().one_or_none()
        return _share(row) if row else None

    def of_campaign(self, connection: Connection, campaign: str) -> dict[str, Share]:
        """Return everything that is shared in a campaign, by what it is."""
        rows = connection.execute(select(shares).filter_by(campaign=campaign)).mappings()
        return {row["subject"]: _share(row) for row in rows}

    def message(self, connection: Connection, campaign: str, subject: str) -> Entry | None:
        """Look up the message in which something was shared: the one that was sent, or any other."""
        mine = and_(outbox.c.audience == SHARE, outbox.c.post == subject)
        found = self._outbox.entries_where(connection, campaign, mine)
        return next((each for each in found if each.state is State.SENT), found[0] if found else None)


def _share(row: RowMapping) -> Share:
    return Share(row["subject"], row["by"], row["at"])

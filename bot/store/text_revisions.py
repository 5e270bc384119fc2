"""Words that organisers have written: revisions of a file's words, and posts of their own."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Connection, Select, insert, select, true, update

from bot.campaign.model import Text
from bot.campaign.organiser_decisions import Ending, OwnPost, Revision
from bot.campaign.text_hash import text_hash
from bot.database.dialect_statements import insert_for, lock_campaign, lock_outbox
from bot.database.errors import StoreError
from bot.store.organiser_acts import Act, Actor, record
from bot.store.pauses import has_left, withdraw_unsent
from bot.store.tables import own_posts, revisions, sent_texts, shares

OWN_PREFIX = "own-"
"""The beginning of the names of posts that are in no file."""


@dataclass(frozen=True)
class Edit:
    """New words for a post in one language.

    `base` is the hash of the file's words. `seen` is the ID of the revision that the organiser saw, or None where it
    was the file's words.
    """

    post: str
    language: str
    text: Text
    base: str
    seen: str | None = None


@dataclass(frozen=True)
class Superseded:
    """A revision that its file has ended by saying something else, and when the bot read that."""

    revision: Revision
    at: datetime


class OvertakenError(StoreError):
    """Somebody else has changed the words since the organiser saw them; nothing was stored.

    `current` is the revision in force now, or None where the file's words hold.
    """

    def __init__(self, current: Revision | None) -> None:
        super().__init__("the words have changed since they were shown")
        self.current = current


class Revisions:
    """Stores the words of organisers. A post in a language has at most one revision in force."""

    def revise(self, connection: Connection, actor: Actor, edit: Edit) -> Revision:
        """Put new words in force.

        Raises:
            OvertakenError: Another revision is in force than the one that was seen.
        """
        lock_campaign(connection, actor.campaign)
        current = self.current(connection, actor.campaign, edit.post, edit.language)
        # A form that Slack delivers twice is one revision.
        if current and (current.hash, current.by) == (text_hash(edit.text), actor.user):
            return current
        if (current.id if current else None) != edit.seen:
            raise OvertakenError(current)
        if current:
            self.end(connection, current.id, Ending.REPLACED, actor.at)
        record(connection, actor, Act.EDITED, edit.post, language=edit.language)
        return _store(connection, actor, edit)

    def discard(self, connection: Connection, actor: Actor, revision: str) -> bool:
        """Go back to the file's words. Returns whether the revision was in force."""
        lock_campaign(connection, actor.campaign)
        found = self.get(connection, revision)
        gone = bool(found) and self.end(connection, revision, Ending.DISCARDED, actor.at)
        if found and gone:
            record(connection, actor, Act.DISCARDED, found.post, language=found.language)
        return gone

    def end(self, connection: Connection, revision: str, how: Ending, at: datetime) -> bool:
        """End a revision for good. Returns whether it was in force."""
        ended = update(revisions).where(revisions.c.id == revision, revisions.c.ended_at.is_(None))
        return connection.execute(ended.values(ended_at=at, ended_how=how)).rowcount > 0

    def get(self, connection: Connection, revision: str) -> Revision | None:
        """Look up a revision by its ID, whether or not it is in force."""
        row = connection.execute(select(revisions).filter_by(id=revision)).mappings().one_or_none()
        return _revision(row) if row else None

    def current(self, connection: Connection, campaign: str, post: str, language: str) -> Revision | None:
        """Look up the revision in force of a post in a language."""
        query = _in_force(campaign).filter_by(post=post, language=language)
        row = connection.execute(query).mappings().one_or_none()
        return _revision(row) if row else None

    def in_force(self, connection: Connection, campaign: str) -> dict[tuple[str, str], Revision]:
        """Return the revisions in force by post and language."""
        found = map(_revision, connection.execute(_in_force(campaign)).mappings())
        return {(each.post, each.language): each for each in found}

    def superseded(self, connection: Connection, campaign: str) -> list[Superseded]:
        """List the revisions whose files have said something else since, oldest first."""
        query = select(revisions).filter_by(campaign=campaign, ended_how=Ending.SUPERSEDED)
        rows = connection.execute(query.order_by(revisions.c.ended_at, revisions.c.id)).mappings()
        return [Superseded(_revision(row), row["ended_at"]) for row in rows]

    def add_post(  # noqa: PLR0913, PLR0917 - everything that such a post is made of
        self,
        connection: Connection,
        actor: Actor,
        country: str,
        day: date,
        at: time,
        words: Mapping[str, Text],
        origin: str | None = None,
    ) -> OwnPost:
        """Add a post for a country, with its words by language.

        `origin` is what it was made from, if that is shared. Returns the post that the country has at that time: a form
        may be delivered twice, and somebody may have been first.
        """
        lock_campaign(connection, actor.campaign)
        for each in self.own_posts(connection, actor.campaign):
            if (each.country, each.day, each.time) == (country, day, at):
                return each
        origin = connection.scalar(select(shares.c.subject).filter_by(campaign=actor.campaign, subject=origin))
        made = OwnPost(OWN_PREFIX + uuid.uuid4().hex, country, day, at, actor.user, actor.at, origin)
        values = {"country": country, "day": day, "time": at, "by": made.by, "at": made.at, "origin": made.origin}
        connection.execute(insert(own_posts).values(id=made.id, campaign=actor.campaign, **values))
        for language, text in words.items():
            _store(connection, actor, Edit(made.id, language, text, base=""))
        record(connection, actor, Act.ADDED_POST, made.id, country=country)
        return made

    def withdraw_post(self, connection: Connection, actor: Actor, post: str) -> bool:
        """Take back a post of one's own. Returns whether it was still there, and no message of it has left."""
        lock_outbox(connection)
        mine = select(own_posts.c.country).filter_by(campaign=actor.campaign, id=post)
        there = update(own_posts).where(
            own_posts.c.id == post, own_posts.c.withdrawn_at.is_(None), ~has_left(actor.campaign, post)
        )
        taken_back = there.values(withdrawn_by=actor.user, withdrawn_at=actor.at)
        gone = connection.execute(taken_back).rowcount > 0
        if gone:
            withdraw_unsent(connection, actor.campaign, post, true())
            record(connection, actor, Act.WITHDREW_POST, post, country=connection.scalar(mine) or "")
        return gone

    def own_posts(self, connection: Connection, campaign: str) -> tuple[OwnPost, ...]:
        """List the posts that organisers have added and not taken back, oldest first."""
        query = select(own_posts).where(own_posts.c.campaign == campaign, own_posts.c.withdrawn_at.is_(None))
        rows = connection.execute(query.order_by(own_posts.c.at, own_posts.c.id)).mappings()
        return tuple(_own_post(row) for row in rows)

    def own_post(self, connection: Connection, campaign: str, post: str) -> OwnPost | None:
        """Look up a post that an organiser has added and not taken back."""
        query = select(own_posts).filter_by(campaign=campaign, id=post, withdrawn_at=None)
        row = connection.execute(query).mappings().one_or_none()
        return _own_post(row) if row else None

    def keep_sent(self, connection: Connection, campaign: str, text: Text) -> None:
        """Store the words of a message that leaves, unless they are stored already."""
        kept = insert_for(connection, sent_texts).values(campaign=campaign, hash=text_hash(text), **_words(text))
        connection.execute(kept.on_conflict_do_nothing())

    def sent(self, connection: Connection, campaign: str) -> dict[str, Text]:
        """Return the words of all messages that were sent, by hash."""
        rows = connection.execute(select(sent_texts).filter_by(campaign=campaign)).mappings()
        return {row["hash"]: _text(row) for row in rows}


def _in_force(campaign: str) -> Select[Any]:
    return select(revisions).where(revisions.c.campaign == campaign, revisions.c.ended_at.is_(None))


def _store(connection: Connection, actor: Actor, edit: Edit) -> Revision:
    made = Revision(uuid.uuid4().hex, edit.post, edit.language, edit.text, edit.base, actor.user, actor.at)
    about = {"campaign": actor.campaign, "post": made.post, "language": made.language, "base": made.base}
    stored = insert(revisions).values(id=made.id, **about, **_words(made.text), by=made.by, at=made.at)
    connection.execute(stored)
    return made


def _own_post(row: Mapping[Any, Any]) -> OwnPost:
    return OwnPost(row["id"], row["country"], row["day"], row["time"], row["by"], row["at"], row["origin"])


def _words(text: Text) -> dict[str, str]:
    local = json.dumps(text.local, ensure_ascii=False, sort_keys=True)
    answers = json.dumps(text.answers, ensure_ascii=False)
    said = {"title": text.title, "summary": text.summary, "body": text.body, "ask": text.ask, "local": local}
    return {**said, "picture": text.picture, "alt": text.alt, "answers": answers}


def _revision(row: Mapping[Any, Any]) -> Revision:
    return Revision(row["id"], row["post"], row["language"], _text(row), row["base"], row["by"], row["at"])


def _text(row: Mapping[Any, Any]) -> Text:
    said = {name: row[name] or "" for name in ("title", "summary", "body", "ask", "picture", "alt")}
    answers = tuple(json.loads(row["answers"] or "[]"))
    return Text.model_validate({**said, "local": json.loads(row["local"] or "{}"), "answers": answers})

"""Corrections: messages in channels that are to show other words than now, one row of the outbox each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, select, update

from bot.campaign.localtime import local
from bot.campaign.model import Text
from bot.campaign.schedule import Slot
from bot.campaign.text_hash import text_hash
from bot.store.organiser_acts import Act, Actor, record
from bot.store.outbox import Changes, Entry, Outbox, State
from bot.store.tables import outbox

CORRECTION = "correction"
"""The kind and the audience of such a row. Its recipient is the ID of the message's row."""

_WITHIN = timedelta(days=7)
_POSTS = ("countries", "company")
_NAME, _HASH = 51, 8
_ENDED = (State.SENT, State.SKIPPED, State.CANCELLED, State.FAILED)


def correction_name(post: str, hash_: str) -> str:
    """Return the `post` of a correction, which is another one for other words."""
    return f"{post[:_NAME]}~{hash_[:_HASH]}"


class Corrections:
    """Asks for corrections, and records those that were made."""

    def __init__(self, outbox_: Outbox) -> None:
        self._outbox = outbox_

    def correct(
        self, connection: Connection, actor: Actor, post: str, words: Mapping[str, Text], country: str | None = None
    ) -> int:
        """Have the sent messages of a post say the words by language. Returns how many of them say something else.

        Asking again for the same words changes nothing. Without a country, those of all countries and of the company.
        """
        wrong = [each for each in self._sent(connection, actor.campaign, post, country) if _differs(each, words)]
        slots = {each.id: _slot(each, text_hash(words[each.slot.language]), actor.at) for each in wrong}
        new = [each for each in wrong if not self._is_under_way(connection, slots[each.id])]
        self._outbox.apply(connection, Changes(add=[slots[each.id] for each in new]), actor.at)
        for entry in new:
            self._ask_again(connection, entry, slots[entry.id])
        if new:
            record(connection, actor, Act.CORRECTED, post, country=country or "")
        return len(wrong)

    def _is_under_way(self, connection: Connection, slot: Slot) -> bool:
        under_way = select(outbox.c.id).where(_is(slot), outbox.c.state.not_in(_ENDED))
        return connection.execute(under_way).first() is not None

    def _sent(self, connection: Connection, campaign: str, post: str, country: str | None) -> list[Entry]:
        mine = and_(
            outbox.c.post == post,
            outbox.c.audience.in_(_POSTS),
            outbox.c.state == State.SENT,
            outbox.c.text_hash.is_not(None),
        )
        return self._outbox.entries_where(
            connection, campaign, mine if country is None else mine & (outbox.c.country == country)
        )

    def _ask_again(self, connection: Connection, entry: Entry, slot: Slot) -> None:
        """Have words corrected once more that were shown before and replaced since. A reply is not repeated."""
        in_place = outbox.c.ts.is_(None) | (outbox.c.ts == entry.ts)
        again = and_(_is(slot), outbox.c.state.in_(_ENDED), in_place)
        due = {"state": State.DUE, "reason": None, "channel": None, "ts": None, "sent_at": None}
        times = {"due_at": slot.due_at, "next_attempt_at": slot.due_at, "expires_at": slot.expires_at}
        connection.execute(update(outbox).where(again).values(**due, **times))

    def record(self, connection: Connection, correction: Entry, ts: str) -> None:
        """Record that a message shows the words of a correction, unless these stand in a reply to it."""
        words = select(outbox.c.text_hash).where(outbox.c.id == correction.id).scalar_subquery()
        corrected = update(outbox).where(outbox.c.id == correction.slot.recipient, outbox.c.ts == ts)
        # Without the number, so that the count under it is drawn again.
        connection.execute(corrected.values(text_hash=words, shown=None))

    def replied(self, connection: Connection, campaign: str) -> frozenset[tuple[str, str]]:
        """List the IDs of messages with the hashes of words that stand in a reply to them."""
        return frozenset((row_id, words) for row_id, words in connection.execute(_replies(), {"of_campaign": campaign}))

    def times(self, connection: Connection, campaign: str) -> dict[str, datetime]:
        """Return when messages were last corrected in place, by the ID of their row."""
        message, made = outbox.alias(), outbox.alias()
        in_place = and_(made.c.recipient == message.c.id, made.c.ts == message.c.ts)
        mine = and_(made.c.campaign == campaign, made.c.audience == CORRECTION, made.c.state == State.SENT, in_place)
        query = select(message.c.id, made.c.sent_at).where(mine).order_by(made.c.sent_at)
        return {row_id: at for row_id, at in connection.execute(query) if at}


@cache
def _replies() -> Select[Any]:
    # Built once, like all that the organisers' page asks for.
    message, made = outbox.alias(), outbox.alias()
    below = and_(made.c.recipient == message.c.id, made.c.ts != message.c.ts)
    mine = and_(made.c.campaign == bindparam("of_campaign"), made.c.audience == CORRECTION, made.c.state == State.SENT)
    return select(message.c.id, made.c.text_hash).where(mine, below)


def _differs(entry: Entry, words: Mapping[str, Text]) -> bool:
    text = words.get(entry.slot.language)
    return text is not None and entry.text_hash != text_hash(text)


def _is(slot: Slot) -> ColumnElement[bool]:
    key = (outbox.c.campaign == slot.campaign, outbox.c.post == slot.post, outbox.c.audience == slot.audience)
    return and_(*key, outbox.c.recipient == slot.recipient)


def _slot(entry: Entry, hash_: str, now: datetime) -> Slot:
    # The date stays that of the post, so that it is one row whenever it is asked for.
    return replace(
        entry.slot,
        post=correction_name(entry.slot.post, hash_),
        audience=CORRECTION,
        recipient=entry.id,
        kind=CORRECTION,
        local=local(now, entry.slot.zone),
        due_at=now,
        expires_at=now + _WITHIN,
    )

"""All personal data of one person, in one place: to show it, and to erase it.

A whole campaign is erased in shares, each a transaction of its own, so that nobody who presses a button waits for it.
The row of the campaign goes last: a process that is killed in between leaves it, and the rest is erased the next time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import structlog
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Row,
    Table,
    delete,
    exists,
    func,
    or_,
    select,
    true,
    tuple_,
    union,
    update,
)
from sqlalchemy.exc import SQLAlchemyError

from bot.database.database import Database
from bot.database.dialect_statements import insert_for, lock_person, locked
from bot.logs import summary
from bot.store.awareness import Awareness
from bot.store.hold_conditions import TO_ORGANISERS
from bot.store.tables import (
    actions,
    approvals,
    awareness_answered,
    awareness_answers,
    campaigns,
    digest_opt_outs,
    ideas,
    omissions,
    organiser_acts,
    outbox,
    outcomes,
    own_posts,
    pauses,
    people,
    pledges,
    remarks,
    reminders,
    revisions,
    sent_texts,
    shares,
    stand_ins,
)
from bot.store.text_revisions import OWN_PREFIX

log = structlog.get_logger()

_DONE = (actions, awareness_answered, pledges, reminders, outcomes, remarks, ideas)
"""Tables of what people did, each with a column `campaign`."""

_OWN = {table.name: table for table in (people, *_DONE, stand_ins, digest_opt_outs)}
"""Tables whose rows are about the person in the column `user`, and go with that person."""

_DECIDED = (revisions, approvals, omissions, pauses, own_posts, shares)
"""Tables of decisions of organisers. Forgetting takes the name away; what is sent goes on as it was decided."""

_ORGANISERS = (
    *(ideas.c.decided_by, stand_ins.c.by, organiser_acts.c.user),
    *(table.c.by for table in _DECIDED),
    *(omissions.c.restored_by, pauses.c.resumed_by, own_posts.c.withdrawn_by),
)
"""Columns that name an organiser. Nothing personal is anywhere else, apart from messages addressed to somebody."""

_ON_DUTY = (stand_ins, digest_opt_outs, organiser_acts)
"""Tables of people who organise a campaign, who need not have joined it."""

_MESSAGE = (outbox.c.campaign, outbox.c.post, outbox.c.kind, outbox.c.due_at, outbox.c.state, outbox.c.sent_at)

_DECISION = (ideas.c.campaign, ideas.c.id, ideas.c.state, ideas.c.changed_at)
"""Columns that are about the representative who decided; the idea itself belongs to its author."""

_APPOINTMENT = (stand_ins.c.campaign, stand_ins.c.country, stand_ins.c.until, stand_ins.c.at)
"""Columns that are about the manager who named somebody; the row itself belongs to that somebody."""

MESSAGES = ("joined", "earth_hour_reminder", "reminder", "idea_news")
"""Audiences of messages that people asked for, and can stop. Others go to representatives or into channels."""

_ABOUT_ORGANISERS = ("words_superseded", "stand_in")
"""Audiences of messages to organisers that are about something of their own."""

_ABOUT_WORDS = ("idea_review", "idea_news", "idea_post", "share", "share_news", "remark")
"""Audiences of messages about an idea or a remark; the recipient need not be its author."""

_LENGTH_OF_IDS = 32
"""The `post` of such a message begins with the ID of the idea or remark."""

_SHARE = 250
"""Rows that one transaction removes, in a few hundredths of a second: all that is written waits for SQLite's writer."""

_FOUND_AT_ONCE = 20 * _SHARE
"""Rows that are looked for at once, so that the keys of a million are never in memory."""

_NAMED = ("countries", "company", "representatives", "correction")
"""Audiences named in the campaign's files, or of posts in channels, whose messages are no personal data."""


class Kept(StrEnum):
    """The time for which a part of the personal data is kept, unless the person is forgotten before."""

    CAMPAIGN = "campaign"
    LAST_CAMPAIGN = "last_campaign"
    WAVE = "wave"


_KEPT = {people.name: Kept.LAST_CAMPAIGN, awareness_answered.name: Kept.WAVE}
"""Tables that go with a person's last campaign, or at the end of the wave in which they answered."""


@dataclass(frozen=True)
class Part:
    """A part of the personal data, as it is shown to the person: the columns of a table in which they are named.

    Forgetting removes its rows, or only the name in them (`is_removed`). `is_of_organisers` is true of what only those
    leave who organise the campaign.
    """

    name: str
    table: Table
    columns: tuple[Column[Any], ...]
    named_in: tuple[Column[Any], ...]
    kept: Kept = Kept.CAMPAIGN
    is_removed: bool = True
    is_of_organisers: bool = False


def parts() -> Iterator[Part]:
    """Yield everything that is stored of a person, for the person and for whoever has to know what is stored."""
    for name, table in _OWN.items():
        kept = _KEPT.get(name, Kept.CAMPAIGN)
        yield Part(name, table, _about(table), (table.c.user,), kept, is_of_organisers=table in _ON_DUTY)
    yield Part("decisions", ideas, _DECISION, (ideas.c.decided_by,), is_removed=False, is_of_organisers=True)
    yield Part("appointments", stand_ins, _APPOINTMENT, (stand_ins.c.by,), is_removed=False, is_of_organisers=True)
    for table in (*_DECIDED, organiser_acts):
        yield Part(table.name, table, _about(table), _naming(table), is_removed=False, is_of_organisers=True)
    yield Part("messages", outbox, _MESSAGE, (outbox.c.recipient,))


def _about(table: Table) -> tuple[Column[Any], ...]:
    """Return the columns about the person. The name of an organiser is data of that organiser."""
    return tuple(column for column in table.c if column not in _naming(table))


def _naming(table: Table) -> tuple[Column[Any], ...]:
    return tuple(column for column in _ORGANISERS if column.table is table)


class Privacy:
    """Exports and erases personal data, in the tables and then in the files."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # True at first: a former process may have been killed between removing rows and erasing their traces.
        self._has_left_traces = True

    async def everything(self, user: str) -> dict[str, list[dict[str, Any]]]:
        """Return all rows of a person by table, leaving out tables without any."""
        return await self._database.read(_everything, user)

    async def forget(self, user: str) -> bool:
        """Erase a person's rows and the messages to them. Returns whether there were any. Published figures stay."""
        known = await self._database.write(_forget, user)
        await self._remove_traces(removed=True)
        return known

    async def keep_until(self, campaign: str, last_day: date) -> None:
        """Store until when the personal data of a campaign is kept, for when its files are gone."""
        await self._database.write(_keep_until, campaign, last_day)

    async def end_wave(self, campaign: str, wave: str) -> bool:
        """Forget who has answered in a wave of awareness. Returns whether anybody was known to have."""
        if not await self._database.read(Awareness().is_known, campaign, wave):
            return False
        was_known = await self._database.write(Awareness().end, campaign, wave)
        if was_known:
            await self._remove_traces(removed=True)
        return was_known

    async def purge(self, today: date) -> list[str]:
        """Erase campaigns past their retention, and people who are in no other one. Returns their IDs."""
        over = [each for each in await self._database.read(_over, today) if await self._purge(each)]
        if over:
            await self._remove_traces(removed=True)
        return over

    async def sweep(self) -> int:
        """Remove rows of people who are no longer known. Returns their number.

        An interaction that is handled while its person is erased can leave rows behind.
        """
        left = outbox.c.audience.in_(MESSAGES) & _unknown(outbox.c.recipient)
        gone = [await self._remove(table, _unknown(table.c.user)) for table in _DONE]
        gone.append(await self._remove(outbox, left | _is_about_nothing()))
        if any(gone):
            await self._remove_traces(removed=True)
        return sum(gone)

    async def erase(self, campaign: str | None = None) -> list[str]:
        """Erase a campaign, or all of them, before its retention ends. Returns the IDs of those that had any data."""
        known = await self._database.read(_known)
        wanted = [each for each in known if campaign is None or each == campaign]
        for each in wanted:
            await self._end(each)
        if campaign is None:
            await self._remove(people, true())
        await self._remove_traces(removed=True)
        return wanted

    async def clean_up(self, *, at_night: bool = False) -> bool:
        """Erase the traces of removed rows from the database's files, if any are left. Returns whether none are."""
        if self._has_left_traces or at_night:
            await self._remove_traces(large=at_night)
        return not self._has_left_traces

    async def _purge(self, campaign: str) -> bool:
        """Erase all that is kept of a campaign. Returns False where another process has ended it meanwhile."""
        for table in (*_DECIDED, sent_texts):
            await self._remove(table, table.c.campaign == campaign)
        return await self._end(campaign)

    async def _end(self, campaign: str) -> bool:
        """Erase the personal data of a campaign. Returns False where another process has ended it meanwhile."""
        for table in (*_DONE, *_ON_DUTY):
            await self._remove(table, table.c.campaign == campaign)
        # They are nobody's, but the secret that blurs them goes as well.
        await self._remove(awareness_answers, awareness_answers.c.campaign == campaign)
        # The decisions stay as long as the campaign may be sent: what is paused or left out must not leave.
        await self._database.write(_clear_organisers, campaign)
        await self._remove(outbox, (outbox.c.campaign == campaign) & outbox.c.audience.not_in(_NAMED))
        # People are stored once for all campaigns, so one who did something in another campaign stays.
        await self._remove(people, ~or_(*(exists().where(table.c.user == people.c.user) for table in _DONE)))
        return bool(await self._remove(campaigns, campaigns.c.id == campaign))

    async def _remove(self, table: Table, which: ColumnElement[bool]) -> int:
        """Remove rows a share at a time. Returns their number."""
        removed = 0
        # Looked for apart from other questions: among a million rows that takes seconds.
        while keys := await self._database.count(_keys, table, which):
            for start in range(0, len(keys), _SHARE):
                removed += await self._database.write(_remove_share, table, which, keys[start : start + _SHARE])
        return removed

    async def _remove_traces(self, **how: bool) -> None:
        # Set first, so that maintenance tries again if this fails.
        self._has_left_traces = True
        try:
            self._has_left_traces = not await self._database.erase_traces(**how)
        except SQLAlchemyError as error:
            log.warning("what was removed is still on the disk", action="privacy.traces", error=summary(error))


def _everything(connection: Connection, user: str) -> dict[str, list[dict[str, Any]]]:
    found = {part.name: _rows(connection, select(*part.columns).where(_is_of(user, part))) for part in parts()}
    return {name: rows for name, rows in found.items() if rows}


def _is_of(user: str, part: Part) -> ColumnElement[bool]:
    # Not everything that is addressed to somebody is about them.
    return _is_for(user) if part.table is outbox else or_(*(each == user for each in part.named_in))


def _forget(connection: Connection, user: str) -> bool:
    # An interaction at this moment is handled before or after, as a whole.
    lock_person(connection, user)
    # The messages first: those who stand in are known by a row of their own.
    gone = [_remove(connection, outbox, locked(outbox, _is_for(user)))]
    gone += [_remove(connection, table, table.c.user == user) for table in _OWN.values()]
    # Ideas belong to other people, and what organisers did to the campaign: only the name goes.
    gone += [_clear(connection, column, column == user) for column in _ORGANISERS]
    _remove(connection, outbox, locked(outbox, _is_about_nothing()))
    return any(gone)


def _keep_until(connection: Connection, campaign: str, last_day: date) -> None:
    statement = insert_for(connection, campaigns).values(id=campaign, keep_until=last_day)
    connection.execute(statement.on_conflict_do_update(index_elements=("id",), set_={"keep_until": last_day}))


def _over(connection: Connection, today: date) -> list[str]:
    ended = select(campaigns.c.id).where(campaigns.c.keep_until < today).order_by(campaigns.c.id)
    return [str(campaign) for campaign in connection.scalars(ended)]


def _keys(connection: Connection, table: Table, which: ColumnElement[bool]) -> list[Row[Any]]:
    return list(connection.execute(select(*table.primary_key).where(which).limit(_FOUND_AT_ONCE)))


def _remove_share(connection: Connection, table: Table, which: ColumnElement[bool], keys: Sequence[Row[Any]]) -> int:
    share = tuple_(*table.primary_key).in_([tuple(key) for key in keys])
    # The condition again: somebody may have come back since the rows were found.
    return _remove(connection, table, locked(table, share & which))


def _clear_organisers(connection: Connection, campaign: str) -> None:
    for column in _ORGANISERS:
        _clear(connection, column, column.table.c.campaign == campaign)


def _known(connection: Connection) -> list[str]:
    """List the campaigns with personal data or a retention date."""
    personal = select(outbox.c.campaign).where(outbox.c.audience.not_in(_NAMED))
    found = union(select(campaigns.c.id), personal, *(select(table.c.campaign) for table in (*_DONE, *_ON_DUTY)))
    return [str(each) for each in connection.scalars(found.order_by(found.selected_columns[0]))]


def _is_for(user: str) -> ColumnElement[bool]:
    # Messages to representatives about other people's ideas are data of those people. The files name whom they go to,
    # but not who stands in.
    stands_in = select(stand_ins.c.user).where(stand_ins.c.user == user).exists()
    own = outbox.c.audience.in_((*MESSAGES, *_ABOUT_ORGANISERS))
    return (outbox.c.recipient == user) & (own | (outbox.c.audience.in_(TO_ORGANISERS) & stands_in))


def _is_about_nothing() -> ColumnElement[bool]:
    """Match messages about ideas, remarks and stand-ins that have been removed, or changed since."""
    name = func.substr(outbox.c.post, 1, _LENGTH_OF_IDS)
    written = [select(table.c.id).where(table.c.id == name).exists() for table in (ideas, remarks)]
    # Posts that organisers have added are shared as well, and are nobody's words but theirs.
    own = outbox.c.post.startswith(OWN_PREFIX)
    changed = select(stand_ins.c.change).where(stand_ins.c.change == outbox.c.post).exists()
    about_words = outbox.c.audience.in_(_ABOUT_WORDS) & ~or_(own, *written)
    return about_words | ((outbox.c.audience == "stand_in") & ~changed)


def _unknown(user: ColumnElement[str]) -> ColumnElement[bool]:
    # Correlated, so that it costs little when only a few rows are looked at.
    return ~exists().where(people.c.user == user)


def _rows(connection: Connection, query: Any) -> list[dict[str, Any]]:
    rows: list[Mapping[Any, Any]] = list(connection.execute(query).mappings())
    return [dict(row) for row in rows]


def _clear(connection: Connection, column: Column[Any], which: ColumnElement[bool]) -> int:
    named = update(column.table).where(which, column.is_not(None))
    return connection.execute(named.values({column.name: None})).rowcount


def _remove(connection: Connection, table: Table, which: ColumnElement[bool]) -> int:
    return connection.execute(delete(table).where(which)).rowcount

"""Exact contributions to the figures that are published once, with the last ones of a campaign.

Nothing here is shown before `bot.standings` has blurred it. Only how many channels a post has arrived in is about
nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Column, ColumnElement, CompoundSelect, Connection, Select, case, func, literal, select, union_all

from bot.store.ideas import IdeaState
from bot.store.outbox import State
from bot.store.participation import Contribution
from bot.store.pledges import Answer
from bot.store.tables import ideas, outbox, outcomes, pledges

CHOSEN = "chosen:"
"""Prefix of the measure of colleagues who have chosen a pledge; its ID follows."""

KEPT = "kept:"
"""Prefix of the measure of colleagues who say that they have kept a pledge; its ID follows."""

IDEA = "idea:"
"""Prefix of the measure of ideas; their stage follows."""

MESSAGED = "messaged"
"""The measure of colleagues to whom a direct message of the campaign has arrived."""

_AT_ONCE = 500
"""Rows to fetch at once."""


def closing_contributions(
    connection: Connection, campaign: str, audiences: Collection[str]
) -> Iterator[tuple[str, Contribution]]:
    """Yield everybody who adds something, once, with what they add. `audiences` are those of direct messages."""
    rows = connection.execution_options(yield_per=_AT_ONCE).execute(_acts(campaign, audiences))
    for user, found in groupby(rows, attrgetter("user")):
        adds: Counter[tuple[str, str | None]] = Counter()
        for row in found:
            adds[row.measure, row.country] += row.amount
        yield user, adds


def posts_in_channels(
    connection: Connection, campaign: str, audiences: Collection[str], now: datetime
) -> Mapping[str, tuple[int, int]]:
    """Count for each post in how many channels it has arrived, of how many in which it was due by `now`."""
    is_due = outbox.c.due_at <= now
    query = select(outbox.c.post, outbox.c.state, func.count().label("number"))
    query = query.where(outbox.c.campaign == campaign, outbox.c.audience.in_(sorted(audiences)), is_due)
    # What an organiser left out, or a file no longer has, was never to arrive.
    query = query.where(outbox.c.state != State.CANCELLED).group_by(outbox.c.post, outbox.c.state)
    arrived: Counter[str] = Counter()
    planned: Counter[str] = Counter()
    for post, state, number in connection.execute(query):
        planned[post] += number
        arrived[post] += number if state == State.SENT else 0
    return {post: (arrived[post], planned[post]) for post in sorted(planned)}


def _acts(campaign: str, audiences: Collection[str]) -> CompoundSelect[Any]:
    stands = pledges.c.already.is_(False) & pledges.c.withdrawn_at.is_(None)
    # An outcome counts only for a pledge that stands.
    both = outcomes.join(
        pledges,
        (pledges.c.campaign == outcomes.c.campaign)
        & (pledges.c.user == outcomes.c.user)
        & (pledges.c.pledge == outcomes.c.pledge),
    )
    stage = case((ideas.c.state == IdeaState.ASKED, IdeaState.NEW), else_=ideas.c.state)
    is_message = outbox.c.audience.in_(sorted(audiences)) & (outbox.c.state == State.SENT)
    # Grouped by person and measure: what somebody did on several days, or in two countries, counts once.
    sources = (
        _once(pledges.c.user, literal(CHOSEN) + pledges.c.pledge, pledges.c.country)
        .where(pledges.c.campaign == campaign, stands)
        .group_by(pledges.c.pledge),
        _once(outcomes.c.user, literal(KEPT) + outcomes.c.pledge, outcomes.c.country)
        .select_from(both)
        .where(outcomes.c.campaign == campaign, outcomes.c.answer == Answer.DONE, stands)
        .group_by(outcomes.c.pledge),
        select(
            ideas.c.user, (literal(IDEA) + stage).label("measure"), ideas.c.country, literal(1).label("amount")
        ).where(ideas.c.campaign == campaign),
        _once(outbox.c.recipient, literal(MESSAGED), outbox.c.country).where(outbox.c.campaign == campaign, is_message),
    )
    return union_all(*sources).order_by("user")


def _once(user: Column[Any], measure: ColumnElement[Any], country: Column[Any]) -> Select[Any]:
    columns = (user.label("user"), measure.label("measure"), func.min(country).label("country"))
    return select(*columns, literal(1).label("amount")).group_by(user)

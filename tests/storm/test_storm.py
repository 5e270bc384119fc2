"""Small storms, and what a count makes of the traces that a bad one would leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.campaign.schedule import Slot
from bot.delivery.sender import EVENT
from bot.store.outbox import Entry, State
from rehearsal.slack.workspace import PostedMessage
from tests.bot.store.databases import Server
from tests.campaigns import NAME

from .clock import SwiftClock
from .count import Count, Fate, count
from .storm import POSTGRESQL, SQLITE, Outcome, Storm, blow
from .week import MONDAY, PLACES, slots

NEVER_LATE = 60.0

SLOT, OTHER, *_ = slots()
CALM = SLOT.until
MESSAGE = PostedMessage(
    channel=SLOT.channel,
    ts="1.000001",
    text=SLOT.text,
    blocks=(),
    metadata={"event_type": EVENT, "event_payload": {"id": "a-row"}},
    user="U0EARTHWEEK",
    posted_at=SLOT.due,
)
LINE = Slot(
    campaign=NAME,
    post=SLOT.post,
    audience="countries",
    recipient=SLOT.country,
    local_date=MONDAY,
    kind="note",
    country=SLOT.country,
    language="en",
    zone="Pacific/Auckland",
    local=datetime(2027, 3, 22, 9),  # noqa: DTZ001 - wall time
    due_at=SLOT.due,
    expires_at=SLOT.due + timedelta(days=1),
)
ROW = Entry("a-row", LINE, State.SENT, SLOT.due, SLOT.due, None, MESSAGE.channel, MESSAGE.ts, SLOT.due)
OTHER_ROW = replace(ROW, id="other", slot=replace(LINE, post=OTHER.post, recipient=OTHER.country))
MESSAGE_OF_OTHER = replace(
    MESSAGE,
    channel=OTHER.channel,
    text=OTHER.text,
    metadata={"event_type": EVENT, "event_payload": {"id": "other"}},
    posted_at=OTHER.due,
)
LATE = replace(ROW, state=State.SKIPPED, reason="its late limit passed; before that: it had not arrived", ts=None)


def one(rows: Sequence[Entry], messages: Sequence[PostedMessage]) -> Fate:
    return count([SLOT], rows, messages, CALM).fates[SLOT]


def all_once(outcome: Outcome) -> None:
    assert outcome.count.amiss == []
    assert outcome.count.number(Fate.ONCE) == len(outcome.count.fates) == 140, str(outcome)


def test_killed_process_on_sqlite_posts_everything_once(tmp_path: Path) -> None:
    all_once(blow(Storm(SQLITE, 1, kills=3, seed=2, late=NEVER_LATE), f"sqlite:///{tmp_path / 'bot.db'}", tmp_path))


def test_replicas_on_postgresql_killed_repeatedly_post_everything_once(tmp_path: Path, server: Server) -> None:
    all_once(blow(Storm(POSTGRESQL, 2, kills=4, seed=2, late=NEVER_LATE), server.empty(), tmp_path))


def test_storm_spans_seven_days_ten_countries_clock_changes() -> None:
    found = list(slots())
    assert len(PLACES) == len({place.zone for place in PLACES}) == 10
    assert len({slot.text + slot.channel for slot in found}) == len(found) == 140
    hours = {(slot.country, slot.due.hour) for slot in found if slot.post.endswith("-09")}
    assert {hour for country, hour in hours if country == "SE"} == {8, 7}, "Europe's clocks change in that week"
    assert {hour for country, hour in hours if country == "US"} == {16}, "those in America have"


def test_message_posted_and_booked_once_counts_as_once() -> None:
    counted = count([SLOT], [ROW], [MESSAGE], CALM)
    assert counted == Count({SLOT: Fate.ONCE}, [])
    assert counted.good


def test_message_posted_twice_is_twice_despite_books() -> None:
    assert one([ROW], [MESSAGE, replace(MESSAGE, ts="2.000001")]) is Fate.TWICE
    assert one([], [MESSAGE, MESSAGE]) is Fate.TWICE
    assert not count([SLOT], [ROW], [MESSAGE, MESSAGE], CALM).good


def test_message_given_up_with_reason_is_only_late() -> None:
    counted = count([SLOT, OTHER], [LATE, OTHER_ROW], [MESSAGE_OF_OTHER], CALM)
    assert counted.fates == {SLOT: Fate.LATE, OTHER: Fate.ONCE}
    assert counted.good


def test_message_given_up_during_calm_is_lost() -> None:
    assert count([SLOT], [LATE], [], CALM - timedelta(seconds=1)).fates[SLOT] is Fate.LOST


def test_storm_giving_nearly_everything_up_proves_nothing() -> None:
    counted = count([SLOT], [LATE], [], CALM)
    assert counted.amiss == ["1 of 1 slots were given up, so that little was proved"]
    assert not counted.good


@pytest.mark.parametrize(
    ("rows", "messages"),
    [
        ([], []),
        ([ROW], []),
        ([], [MESSAGE]),
        ([LATE], [MESSAGE]),
        ([replace(LATE, reason="Slack asked to wait")], []),
        ([replace(LATE, reason=None)], []),
        ([replace(ROW, state=State.SENDING)], [MESSAGE]),
        ([replace(ROW, state=State.UNCONFIRMED)], []),
        ([replace(ROW, ts="2.000001")], [MESSAGE]),
        ([replace(ROW, id="another-row")], [MESSAGE]),
        ([ROW, replace(ROW, id="another-row")], [MESSAGE]),
    ],
)
def test_disagreement_of_slack_and_books_counts_as_lost(rows: list[Entry], messages: list[PostedMessage]) -> None:
    assert one(rows, messages) is Fate.LOST
    assert not count([SLOT], rows, messages, CALM).good


def test_early_posts_and_posts_without_slot_are_named() -> None:
    early = replace(MESSAGE, posted_at=SLOT.due - timedelta(seconds=1))
    assert count([SLOT], [ROW], [early], CALM).amiss == [f"{SLOT.post} in NZ was posted before its time"]
    assert count([], [], [MESSAGE], CALM).amiss == [f"{SLOT.text!r} in {SLOT.channel} belongs to no slot"]
    assert count([], [ROW], [], CALM).amiss == [f"{SLOT.post} for NZ is in the outbox and in no schedule"]


def test_every_process_has_the_same_clock() -> None:
    clock = SwiftClock(datetime(2027, 3, 22, tzinfo=UTC), 12345.678901, 8160.5)
    assert SwiftClock.of(clock.env) == clock
    assert clock.lasting(2) == timedelta(seconds=16321)

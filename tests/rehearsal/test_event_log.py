"""The timeline that is printed while a rehearsal is played."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.campaign.model import Campaign
from rehearsal.event_log import Timeline, title
from rehearsal.headless import Step
from rehearsal.slack.workspace import BOT, Channel, File, PostedMessage, User, Workspace

NINE = datetime(2027, 3, 15, 8, tzinfo=UTC)
"""Nine o'clock in Stockholm."""

DAY = timedelta(days=1)
NAMES = ("earth-week-se", "earth-week-no", "elsewhere")


@pytest.fixture
def town() -> Workspace:
    people = [User("U1", "ann", tz="Europe/London"), User("U2", "bo"), User("U3", "cai"), User("U4", "dag", tz=None)]
    return Workspace(people, [Channel(name, name) for name in NAMES])


@pytest.fixture
def timeline(campaign: Campaign) -> Timeline:
    return Timeline(campaign)


def told(timeline: Timeline, town: Workspace, at: datetime, *new: PostedMessage, **more: Any) -> list[str]:
    acts, share = Counter(more.get("acts", {})), more.get("share", 0.5)
    return list(timeline.lines(Step(at, new, acts, share, town)))


def post(town: Workspace, where: str, text: str = "Hello", at: datetime = NINE, **more: Any) -> PostedMessage:
    return town.post(town.im(where) if where in town.users else where, BOT.id, text, at, **more)


def test_channel_has_a_line_in_its_own_time(timeline: Timeline, town: Workspace) -> None:
    swedish, norwegian, unknown = (post(town, name) for name in NAMES)
    assert told(timeline, town, NINE, swedish, norwegian, unknown) == [
        "Mon 15 Mar 09:00  Stockholm   #earth-week-se        Hello",
        "Mon 15 Mar 09:00  Oslo        #earth-week-no        Hello",
        "Mon 15 Mar 09:00  Stockholm   #elsewhere            Hello",
    ]


def test_direct_messages_wait_until_round_is_over(timeline: Timeline, town: Workspace) -> None:
    assert told(timeline, town, NINE, post(town, "U2")) == []
    assert told(timeline, town, NINE + timedelta(minutes=9), post(town, "U3", at=NINE + timedelta(minutes=9))) == []
    assert told(timeline, town, NINE + timedelta(minutes=10)) == []
    assert told(timeline, town, NINE + timedelta(minutes=11)) == [
        "Mon 15 Mar 09:00  Stockholm   2 people directly     Hello"
    ]
    assert told(timeline, town, NINE + timedelta(minutes=30)) == []


def test_direct_messages_come_before_next_channel_post(timeline: Timeline, town: Workspace) -> None:
    told(timeline, town, NINE, post(town, "U2"))
    assert told(timeline, town, NINE, post(town, "earth-week-se", "Next")) == [
        "Mon 15 Mar 09:00  Stockholm   @bo                   Hello",
        "Mon 15 Mar 09:00  Stockholm   #earth-week-se        Next",
    ]


def test_who_gets_two_messages_is_one_person(timeline: Timeline, town: Workspace) -> None:
    assert told(timeline, town, NINE, post(town, "U2"), post(town, "U2"), share=1.0) == [
        "Mon 15 Mar 09:00  Stockholm   @bo                   Hello"
    ]


def test_rounds_are_told_apart_by_zone_and_kind(timeline: Timeline, town: Workspace) -> None:
    messages = [post(town, "U1"), post(town, "U2"), post(town, "U4"), post(town, "U3", "Other")]
    assert told(timeline, town, NINE, *messages, share=1.0) == [
        "Mon 15 Mar 08:00  London      @ann                  Hello",
        "Mon 15 Mar 09:00  Stockholm   2 people directly     Hello",
        "Mon 15 Mar 09:00  Stockholm   @cai                  Other",
    ]


def test_day_ends_with_its_commonest_acts(timeline: Timeline, town: Workspace) -> None:
    acts = {"join": 3, "guess": 3, "pledge": 9, "a": 1, "b": 1, "c": 1}
    assert told(timeline, town, NINE, acts=acts) == []
    more = {**acts, "join": 5}
    assert told(timeline, town, NINE + DAY, acts=more) == [
        "Mon 15 Mar        18 acts of colleagues: pledge 9, guess 3, join 3, a 1, b 1, …"
    ]
    assert told(timeline, town, NINE + 2 * DAY, acts=more) == ["Tue 16 Mar        2 acts of colleagues: join 2"]
    assert told(timeline, town, NINE + 3 * DAY, acts=more) == []


def test_the_end_tells_what_was_held_back(timeline: Timeline, town: Workspace) -> None:
    told(timeline, town, NINE, post(town, "U2"))
    assert told(timeline, town, NINE, acts={"join": 1}, share=1) == [
        "Mon 15 Mar 09:00  Stockholm   @bo                   Hello",
        "Mon 15 Mar        1 act of colleagues: join 1",
    ]


def test_days_end_at_midnight_where_the_company_is(timeline: Timeline, town: Workspace) -> None:
    told(timeline, town, datetime(2027, 3, 15, 22, 59, tzinfo=UTC), acts={"join": 1})
    assert told(timeline, town, datetime(2027, 3, 15, 23, tzinfo=UTC)) == [
        "Mon 15 Mar        1 act of colleagues: join 1"
    ]


@pytest.mark.parametrize(("length", "shown"), [(76, "a" * 76), (77, "a" * 75 + "…"), (3000, "a" * 75 + "…")])
def test_long_title_is_cut_to_the_line(timeline: Timeline, town: Workspace, length: int, shown: str) -> None:
    [line] = told(timeline, town, NINE, post(town, "earth-week-se", "a" * length))
    assert line.split("  ")[-1] == shown


def test_title_is_the_header_or_the_text(town: Workspace) -> None:
    header = {"type": "header", "text": {"type": "plain_text", "text": "Dagens\nutmaning"}}
    divider = {"type": "divider"}
    assert title(post(town, "U2", "Text", blocks=[header, divider])) == "Dagens utmaning"
    assert title(post(town, "U2", " Two\n\tlines ", blocks=[divider, header])) == "Two lines"
    calendar = File("F1", "earth-hour.ics", "Earth Hour", b"")
    assert title(post(town, "U2", "Text", files=[calendar])) == "earth-hour.ics Text"
    assert title(post(town, "U2", "")) == ""

"""What should arrive, held against what Slack has."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.slack.workspace import BOT, File, PostedMessage, User, Workspace
from rehearsal.verify.delivery_audit import AuditResult, ExpectedMessage, audit, message_kind, post_kind

MONDAY = datetime(2027, 3, 15, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
ANN, BO = "U0ANN", "U0BO"


@pytest.fixture
def town() -> Workspace:
    return Workspace([User(ANN, "ann"), User(BO, "bo")])


def post(town: Workspace, at: datetime = MONDAY, text: str = "Hello", to: str = ANN, **more: Any) -> PostedMessage:
    return town.post(town.im(to), BOT.id, text, at, **more)


def hello(town: Workspace, to: str = ANN, *, certain: bool = True) -> ExpectedMessage:
    return ExpectedMessage(town.im(to), post_kind("Hello"), MONDAY, MONDAY + HOUR, certain)


def button(action_id: str, value: str = "1") -> dict[str, Any]:
    pressed = {"type": "button", "action_id": action_id, "value": value, "text": {"type": "plain_text", "text": "A"}}
    return {"type": "actions", "block_id": "answers", "elements": [pressed]}


def block(name: str) -> dict[str, Any]:
    return {"type": "divider", "block_id": name}


def test_timely_single_message_is_neither_lost_nor_duplicate(town: Workspace) -> None:
    post(town)
    assert audit([hello(town)], town.messages()) == AuditResult(posts=1, duplicates=0, lost=0)


@pytest.mark.parametrize(
    ("at", "is_met"), [(MONDAY - SECOND, False), (MONDAY, True), (MONDAY + HOUR - SECOND, True), (MONDAY + HOUR, False)]
)
def test_message_is_met_from_due_until_expiry(town: Workspace, at: datetime, is_met: bool) -> None:  # noqa: FBT001
    assert hello(town).is_met_by(post(town, at)) is is_met


@pytest.mark.parametrize(("at", "text"), [(MONDAY - SECOND, "Hello"), (MONDAY + HOUR, "Hello"), (MONDAY, "Goodbye")])
def test_mistimed_or_altered_message_is_lost_and_duplicate(town: Workspace, at: datetime, text: str) -> None:
    post(town, at, text)
    assert audit([hello(town)], town.messages()) == AuditResult(posts=1, duplicates=1, lost=1)


def test_message_to_somebody_else_makes_up_for_nothing(town: Workspace) -> None:
    post(town, to=BO)
    assert audit([hello(town)], town.messages()) == AuditResult(posts=1, duplicates=1, lost=1)
    assert audit([hello(town), hello(town, BO, certain=False)], town.messages()).lost == 1


def test_uncertain_message_is_not_missed_may_come_once(town: Workspace) -> None:
    assert audit([hello(town, certain=False)], []) == AuditResult(posts=0, duplicates=0, lost=0)
    post(town)
    post(town)
    assert audit([hello(town, certain=False)], town.messages()).duplicates == 1


@pytest.mark.parametrize(
    ("blocks", "kind"),
    [
        ([button("idea_approve")], "idea_review"),
        ([button("reminders_stop")], "reminder"),
        ([button("organise_use")], "share"),
        ([button("idea", "idea_post")], "idea_post"),
        ([button("idea", "tip")], "post: Hello"),
        ([block("author")], "idea_review"),
        ([block("news")], "idea_news"),
        ([block("nameless")], "remark"),
        ([block("other"), block("digest")], "digest"),
        ([block("digest"), button("reminders_stop")], "reminder"),
        ([{"type": "divider"}], "post: Hello"),
        ([], "post: Hello"),
    ],
)
def test_letter_is_recognised_by_buttons_and_blocks(town: Workspace, blocks: list[dict[str, Any]], kind: str) -> None:
    assert message_kind(post(town, blocks=blocks)) == kind


def test_message_with_a_file_is_a_file(town: Workspace) -> None:
    calendar = File("F1", "earth-hour.ics", "Earth Hour", b"")
    assert message_kind(post(town, files=[calendar], blocks=[button("idea_approve")])) == "file"


def test_thousands_of_one_kind_are_matched(town: Workspace) -> None:
    """As remarks to a manager are, which all come in the morning."""
    for _ in range(2000):
        post(town)
    expected = [hello(town)] * 2001
    assert audit(expected, town.messages()) == AuditResult(posts=2000, duplicates=0, lost=1)


def test_message_goes_to_whoever_can_take_no_other(town: Workspace) -> None:
    minutes = [MONDAY + timedelta(minutes=each) for each in range(10)]
    urgent = ExpectedMessage(town.im(ANN), post_kind("Hello"), minutes[1], minutes[3])
    patient = ExpectedMessage(town.im(ANN), post_kind("Hello"), minutes[0], minutes[9])
    post(town, minutes[2])
    post(town, minutes[5])
    for expected in ([patient, urgent], [urgent, patient]):
        assert audit(expected, town.messages()) == AuditResult(posts=2, duplicates=0, lost=0)


def test_certain_message_does_not_lose_its_place(town: Workspace) -> None:
    """The uncertain one ends earlier, but may just as well not have come."""
    certain = ExpectedMessage(town.im(ANN), post_kind("Hello"), MONDAY, MONDAY + HOUR)
    uncertain = ExpectedMessage(town.im(ANN), post_kind("Hello"), MONDAY, MONDAY + HOUR / 2, certain=False)
    post(town, MONDAY + HOUR / 4)
    assert audit([certain, uncertain], town.messages()) == AuditResult(posts=1, duplicates=0, lost=0)
    post(town, MONDAY + 3 * HOUR / 4)
    assert audit([certain, uncertain], town.messages()) == AuditResult(posts=2, duplicates=0, lost=0)


MINUTES = st.integers(0, 9).map(lambda minutes: MONDAY + timedelta(minutes=minutes))
SPANS = st.tuples(MINUTES, st.integers(1, 5).map(lambda minutes: timedelta(minutes=minutes)), st.booleans())


@given(st.lists(SPANS, max_size=4), st.lists(MINUTES, max_size=4))
def test_as_many_as_possible_are_matched(
    spans: list[tuple[datetime, timedelta, bool]], arrivals: list[datetime]
) -> None:
    town = Workspace([User(ANN, "ann")])
    kind = post_kind("Hello")
    expected = [ExpectedMessage(town.im(ANN), kind, due, due + span, certain) for due, span, certain in spans]
    there = [post(town, at) for at in arrivals]
    # Each expected message is tried with each that arrived, and with none.
    ways = [each for each in product([None, *range(len(there))], repeat=len(expected)) if _fits(expected, there, each)]
    # Of those that leave the fewest over, one that leaves the fewest certain ones.
    met, certain_met = max(_met(expected, way) for way in ways)
    certain = sum(each.certain for each in expected)
    assert audit(expected, there) == AuditResult(len(there), len(there) - met, lost=certain - certain_met)


Way = tuple[int | None, ...]


def _fits(expected: list[ExpectedMessage], there: list[PostedMessage], way: Way) -> bool:
    pairs = [(each, place) for each, place in zip(expected, way, strict=True) if place is not None]
    are_different = len({place for _, place in pairs}) == len(pairs)
    return are_different and all(each.is_met_by(there[place]) for each, place in pairs)


def _met(expected: list[ExpectedMessage], way: Way) -> tuple[int, int]:
    found = [each for each, place in zip(expected, way, strict=True) if place is not None]
    return len(found), sum(each.certain for each in found)

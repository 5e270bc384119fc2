from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.slack import timestamp
from rehearsal.slack.conversation import BROADCAST, TOMBSTONE, Conversation, PostedMessage

from .helpers import START


def said(count: int, apart: timedelta = timedelta(seconds=1)) -> Conversation:
    conversation = Conversation("C1")
    for place in range(count):
        conversation.post("U1", str(place), (), None, START + apart * place)
    return conversation


@pytest.mark.parametrize(
    ("written", "micros"),
    [
        ("1710000000.000100", 1_710_000_000_000_100),
        ("1710000000", 1_710_000_000_000_000),
        ("0", 0),
        ("1710000000.5", 1_710_000_000_500_000),
        ("1710000000.1234567", 1_710_000_000_123_456),
        ("yesterday", None),
        ("-1", None),
        ("1.2.3", None),
        ("", None),
        ("\u0661", None),
    ],
)
def test_a_timestamp_is_read_as_slack_reads_it(written: str, micros: int | None) -> None:
    assert timestamp.parse(written) == micros


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=90_000)))
def test_a_timestamp_survives_the_way_there_and_back(later: timedelta) -> None:
    micros = timestamp.of(datetime(2001, 9, 10, tzinfo=UTC) + later)
    assert timestamp.parse(timestamp.text(micros)) == micros
    assert len(timestamp.text(micros)) == len("1710000000.000100")


def test_messages_of_one_instant_have_different_timestamps() -> None:
    stamps = [message.ts for message in said(1000, timedelta(0)).messages]
    assert len(set(stamps)) == 1000
    assert stamps == sorted(stamps)
    assert stamps[0] == f"{int(START.timestamp())}.000000"


def test_clock_going_back_does_not_reorder_messages() -> None:
    stamps = [message.ts for message in said(5, timedelta(seconds=-1)).messages]
    assert stamps == sorted(set(stamps))


def test_a_message_is_found_by_exactly_its_timestamp() -> None:
    conversation = said(3)
    middle = conversation.messages[1]
    assert conversation.find(middle.ts) == middle
    assert conversation.find("1.000000") is None
    assert conversation.find("nonsense") is None


def test_changed_message_keeps_place_and_says_when_changed() -> None:
    conversation = said(3)
    old, later = conversation.messages[1], START + timedelta(hours=1)
    new = conversation.change(old, text="new", blocks=(), metadata=None, at=later)
    assert conversation.messages[1] is new
    assert (new.ts, new.text, new.edited_at) == (old.ts, "new", later)


def test_only_existing_messages_can_be_changed() -> None:
    stranger = PostedMessage("C1", "1.000000", "", (), None, "U1", START)
    with pytest.raises(KeyError):
        said(1).change(stranger, text="new", blocks=(), metadata=None, at=START)


@pytest.mark.parametrize(
    ("oldest", "latest", "inclusive", "expected"),
    [
        (None, None, False, "43210"),
        (1, None, False, "432"),
        (1, None, True, "4321"),
        (None, 3, False, "210"),
        (None, 3, True, "3210"),
        (1, 3, False, "2"),
        (1, 3, True, "321"),
        (3, 1, True, ""),
    ],
)
def test_a_page_is_bounded_by_oldest_and_latest(
    oldest: int | None,
    latest: int | None,
    *,
    inclusive: bool,
    expected: str,
) -> None:
    conversation = said(5)

    def at(place: int | None) -> int | None:
        return None if place is None else timestamp.parse(conversation.messages[place].ts)

    page = conversation.page(oldest=at(oldest), latest=at(latest), inclusive=inclusive)
    assert "".join(message.text for message in page.messages) == expected


@given(st.integers(0, 40), st.integers(1, 12))
def test_pages_show_everything_once_and_newest_first(count: int, limit: int) -> None:
    conversation = said(count)
    shown: list[str] = []
    latest: int | None = None
    while True:
        page = conversation.page(latest=latest, inclusive=True, limit=limit)
        assert len(page.messages) <= limit
        shown += [message.text for message in page.messages]
        latest = page.next_micros
        if latest is None:
            break
    assert shown == [str(place) for place in reversed(range(count))]


def test_removed_message_is_gone_and_timestamp_never_reused() -> None:
    conversation = said(3)
    last = conversation.messages[-1]
    conversation.remove(last)
    assert conversation.find(last.ts) is None
    assert [message.text for message in conversation.page().messages] == ["1", "0"]
    assert conversation.post("U1", "new", (), None, last.posted_at).ts != last.ts
    with pytest.raises(KeyError):
        conversation.remove(last)


def threaded(*replies: str) -> tuple[Conversation, PostedMessage]:
    """A conversation of two messages, the first of which has replies."""
    conversation = said(2)
    parent = conversation.messages[0]
    for place, text in enumerate(replies):
        conversation.post("U2", text, (), None, START + timedelta(minutes=1, seconds=place), parent_ts=parent.ts)
    return conversation, parent


def words(messages: Sequence[PostedMessage]) -> list[str]:
    return [message.text for message in messages]


def test_replies_stand_in_their_thread_alone() -> None:
    conversation, parent = threaded("a", "b")
    assert words(conversation.messages) == ["0", "1"]
    assert words(conversation.everything) == ["0", "1", "a", "b"]
    assert words(conversation.replies(parent)) == ["a", "b"]
    assert conversation.replies(conversation.messages[1]) == ()
    assert words(conversation.page().messages) == ["1", "0"]


def test_a_broadcast_reply_is_in_both_places() -> None:
    conversation, parent = threaded("a")
    shared = conversation.post("U1", "b", (), None, START, parent_ts=parent.ts, subtype=BROADCAST)
    conversation.change(shared, text="c", blocks=(), metadata=None, at=START)
    assert words(conversation.messages) == ["0", "1", "c"]
    assert words(conversation.replies(parent)) == ["a", "c"]
    assert words(conversation.everything) == ["0", "1", "a", "c"]
    conversation.remove(shared)
    assert (words(conversation.messages), words(conversation.replies(parent))) == (["0", "1"], ["a"])


def test_a_thread_shows_its_parent_as_it_stands() -> None:
    conversation, parent = threaded("a")
    conversation.change(parent, text="new", blocks=(), metadata=None, at=START)
    assert words(conversation.thread_page(parent).messages) == ["new", "a"]


@pytest.mark.parametrize("wanted", ["reply", "1.000000"])
def test_only_messages_of_the_channel_have_replies(wanted: str) -> None:
    conversation, _ = threaded("a")
    before = len(conversation.everything)
    parent = conversation.everything[-1].ts if wanted == "reply" else wanted
    with pytest.raises(KeyError):
        conversation.post("U1", "b", (), None, START, parent_ts=parent)
    assert len(conversation.everything) == before


@given(st.integers(0, 40), st.integers(1, 12))
def test_pages_of_a_thread_show_everything_once_oldest_first(count: int, limit: int) -> None:
    conversation, parent = threaded(*map(str, range(count)))
    shown: list[str] = []
    oldest: int | None = None
    while True:
        page = conversation.thread_page(parent, oldest=oldest, inclusive=True, limit=limit)
        shown += words(page.messages)
        oldest = page.next_micros
        if oldest is None:
            break
    assert shown == ["0", *map(str, range(count))]


def test_deleted_parent_leaves_tombstone_while_replies_remain() -> None:
    conversation, parent = threaded("a")
    conversation.pin(parent, "U1", START)
    conversation.remove(parent)
    (grave, _) = conversation.messages
    assert (grave.ts, grave.text, grave.subtype) == (parent.ts, "This message was deleted.", TOMBSTONE)
    assert words(conversation.thread_page(grave).messages) == [grave.text, "a"]
    assert conversation.pins == {}
    conversation.remove(conversation.replies(grave)[0])
    conversation.remove(grave)
    assert words(conversation.everything) == ["1"]
    assert conversation.find(parent.ts) is None

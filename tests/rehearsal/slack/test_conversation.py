from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehearsal.slack import timestamp
from rehearsal.slack.conversation import Conversation, PostedMessage

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

"""Slack's log, as a developer reads it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rehearsal.slack.call_log import Call
from rehearsal.web.api_call_log import CallGroup, summarize

START = datetime(2027, 3, 15, 8, tzinfo=UTC)
POST, HISTORY = "chat.postMessage", "conversations.history"


def at(second: int) -> datetime:
    return START + timedelta(seconds=second)


def wall(second: int) -> datetime:
    return at(second).replace(tzinfo=None)


def call(second: int, method: str = POST, error: str | None = None, fault: str | None = None) -> Call:
    return Call(method, at(second), error is None, error, fault)


def test_newest_call_comes_first_and_repetitions_are_grouped() -> None:
    calls = [call(1), call(2), call(3, error="ratelimited"), call(4), call(5, HISTORY)]
    assert summarize(calls, 10).entries == (
        CallGroup(HISTORY, wall(5), True, None, None, 1),
        CallGroup(POST, wall(4), True, None, None, 1),
        CallGroup(POST, wall(3), False, "ratelimited", None, 1),
        CallGroup(POST, wall(2), True, None, None, 2),
    )


def test_accepted_then_dropped_call_is_grouped_separately() -> None:
    first, second = summarize([call(1), call(2, fault="reset")], 10).entries
    assert (first.ok, first.fault) == (True, "reset")
    assert (second.ok, second.fault) == (True, None)


def test_times_are_in_requested_zone() -> None:
    [entry] = summarize([call(1)], 10, "Europe/Oslo").entries
    assert f"{entry.at:%H:%M:%S}" == "09:00:01"


def test_omitted_calls_still_count_in_totals() -> None:
    calls = [call(1, error="is_archived"), call(2, HISTORY), call(3, HISTORY), call(4)]
    short = summarize(calls, 1)
    assert [entry.method for entry in short.entries] == [POST]
    assert short.calls == 4
    assert short.methods == ((POST, 2), (HISTORY, 2))
    assert short.errors == (("is_archived", 1),)


def test_answers_of_429_are_counted_whoever_gave_them() -> None:
    refused = [
        call(1, error="ratelimited"),
        call(2, error="ratelimited", fault="ratelimited"),
        call(3, error="http_429"),
    ]
    assert summarize([*refused, call(4, error="down", fault="down")], 10).throttled == 3


def test_before_anything_was_asked_the_log_is_empty() -> None:
    empty = summarize([], 10)
    assert (empty.entries, empty.calls, empty.methods, empty.errors, empty.throttled) == ((), 0, (), (), 0)


some_calls = st.lists(st.tuples(st.sampled_from([POST, HISTORY]), st.sampled_from([None, "down", "ratelimited"])))


@given(some_calls)
def test_nothing_is_lost_by_folding(made: list[tuple[str, str | None]]) -> None:
    calls = [call(second, method, error) for second, (method, error) in enumerate(made)]
    found = summarize(calls, len(calls))
    unfolded = [(entry.method, entry.error) for entry in found.entries for _ in range(entry.times)]
    assert unfolded == made[::-1]
    assert Counter(dict(found.methods)) == Counter(method for method, _ in made)
    assert [entry.at for entry in found.entries] == sorted((entry.at for entry in found.entries), reverse=True)

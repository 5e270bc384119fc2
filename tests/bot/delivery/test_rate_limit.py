from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.rate_limit import RateLimiter

START = datetime(2027, 3, 15, 8, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
NOBODY = "nobody has been written to"


@dataclass
class Walk:
    """Posts as fast as the pace allows, along a history of waits, wishes and holds."""

    pace: RateLimiter
    now: datetime = START
    held_until: datetime = START
    posted: list[tuple[datetime, str]] = field(default_factory=list)

    def wait(self, milliseconds: int) -> None:
        self.now += timedelta(milliseconds=milliseconds)

    def hold(self, seconds: int) -> None:
        until = self.now + timedelta(seconds=seconds)
        self.pace.pause_until(until)
        self.held_until = max(self.held_until, until)

    def post(self, recipient: str) -> None:
        if self.pace.available(self.now) and recipient not in self.pace.busy_until(self.now):
            assert self.now >= self.held_until, "nothing is posted while Slack wants silence"
            self.pace.consume(recipient, self.now)
            self.posted.append((self.now, recipient))


WAITS = st.tuples(st.just("wait"), st.integers(0, 5000))
HOLDS = st.tuples(st.just("hold"), st.integers(0, 90))
POSTS = st.tuples(st.just("post"), st.sampled_from("abcdefgh"))
BURSTS = st.tuples(st.just("burst"), st.integers(1, 30))
HISTORIES = st.lists(st.one_of(WAITS, POSTS, BURSTS, HOLDS), max_size=120)
RATES = st.one_of(st.integers(1, 600), st.sampled_from([1, 59, 60, 61, 200, 600]))


def walked(rate: int, history: list[tuple[str, int | str]]) -> Walk:
    walk = Walk(RateLimiter(rate))
    for deed, value in history:
        if deed == "burst":
            for number in range(int(value)):
                walk.post(f"{len(walk.posted)}-{number}")
        elif deed == "post":
            walk.post(str(value))
        else:
            getattr(walk, deed)(value)
    return walk


@given(RATES, HISTORIES)
def test_any_minute_stays_within_rate_plus_one_burst(rate: int, history: list[tuple[str, int | str]]) -> None:
    posted = [at for at, _ in walked(rate, history).posted]
    for at in posted:
        assert sum(at <= other < at + MINUTE for other in posted) <= rate + math.ceil(rate / 60)


@given(RATES, HISTORIES)
def test_no_instant_sees_more_than_one_seconds_burst(rate: int, history: list[tuple[str, int | str]]) -> None:
    posted = [at for at, _ in walked(rate, history).posted]
    assert all(posted.count(at) <= math.ceil(rate / 60) for at in posted)


@given(RATES, HISTORIES)
def test_nobody_is_posted_to_twice_within_a_second(rate: int, history: list[tuple[str, int | str]]) -> None:
    last: dict[str, datetime] = {}
    for at, recipient in walked(rate, history).posted:
        assert at - last.get(recipient, START - MINUTE) >= SECOND
        last[recipient] = at


@given(RATES, HISTORIES)
def test_next_instant_always_exists_and_allows_a_post(rate: int, history: list[tuple[str, int | str]]) -> None:
    walk = walked(rate, history)
    recipient = walk.posted[-1][1] if walk.posted else NOBODY
    for _ in range(len(walk.pace.busy_until(walk.now)) + 3):
        if walk.pace.available(walk.now) and recipient not in walk.pace.busy_until(walk.now):
            break
        ready = walk.pace.ready_at(walk.now)
        assert ready > walk.now
        walk.now = ready
    before = len(walk.posted)
    walk.post(recipient)
    assert len(walk.posted) == before + 1


@given(RATES, HISTORIES)
def test_the_next_instant_is_never_in_the_past(rate: int, history: list[tuple[str, int | str]]) -> None:
    walk = walked(rate, history)
    assert walk.pace.ready_at(walk.now) > walk.now


@given(st.integers(1, 600))
def test_posting_without_a_pause_uses_the_whole_rate(rate: int) -> None:
    walk = Walk(RateLimiter(rate))
    while walk.now < START + MINUTE:
        walk.post(f"person {len(walk.posted)}")
        if not walk.pace.available(walk.now):
            walk.now = walk.pace.ready_at(walk.now)
    assert len(walk.posted) >= rate


def test_shorter_pause_does_not_shorten_a_longer_one() -> None:
    pace = RateLimiter(60)
    pace.pause_until(START + MINUTE)
    pace.pause_until(START + SECOND)
    assert pace.available(START + timedelta(seconds=59)) == 0
    assert pace.ready_at(START) == START + MINUTE
    assert pace.available(START + MINUTE) == 1


def test_what_slack_did_not_take_is_given_back() -> None:
    pace = RateLimiter(60)
    pace.consume("C1", START)
    assert pace.available(START) == 0
    pace.refund()
    assert pace.available(START) == 1
    assert pace.busy_until(START), "the channel itself still rests"


def test_sharing_the_rate_halves_what_is_available() -> None:
    pace = RateLimiter(240)
    assert pace.available(START) == 4
    pace.share(Fraction(1, 2))
    assert pace.available(START + SECOND) == 2
    pace.share(Fraction(1))
    assert pace.available(START + SECOND) == 4

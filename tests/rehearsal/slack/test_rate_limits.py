from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.errors import SlackApiError

from rehearsal.slack.rate_limits import MINUTE, POST, TIERS, RateLimits, RateMeter

from .helpers import START, Desk

SECOND = timedelta(seconds=1)


@pytest.fixture
def limits() -> RateLimits:
    return RateLimits(burst=2, posts_per_minute=10)


async def retry_after(desk: Desk, channel: str = "C1") -> int | None:
    """Post; the header of the refusal, if it is one."""
    headers = {"Authorization": f"Bearer {desk.slack.bot_token}"}
    content = {"channel": channel, "text": "Hello"}
    async with desk.session.post(desk.slack.api_url + POST, json=content, headers=headers) as response:
        answer = await response.json()
        if answer["ok"]:
            return None
        assert (response.status, answer) == (429, {"ok": False, "error": "ratelimited"})
        return int(response.headers["Retry-After"])


async def test_channel_takes_burst_then_one_post_per_second(desk: Desk) -> None:
    assert [await retry_after(desk) for _ in range(3)] == [None, None, 1]
    desk.clock.forward(0.5)
    assert await retry_after(desk) == 1
    desk.clock.forward(0.5)
    assert [await retry_after(desk) for _ in range(2)] == [None, 1]
    assert len(desk.says()) == 3
    assert desk.slack.errors == {"ratelimited": 3}


async def test_each_channel_has_own_pace_under_any_name(desk: Desk) -> None:
    direct = desk.slack.workspace.im("U1")
    assert [await retry_after(desk, name) for name in ("C1", "#earth-week", "earth-week")] == [None, None, 1]
    assert [await retry_after(desk, name) for name in ("U1", direct, "U1")] == [None, None, 1]
    assert await retry_after(desk, "U2") is None


async def test_the_workspace_has_a_cap_over_all_channels(desk: Desk) -> None:
    for place in range(10):
        desk.slack.workspace.join("C2", desk.slack.workspace.bot.id)
        assert await retry_after(desk, ("C1", "C2", "U1", "U2", "U3")[place // 2]) is None
    desk.clock.forward(20)
    assert await retry_after(desk) == 40
    desk.clock.forward(40)
    assert await retry_after(desk) is None


async def test_a_tier_is_counted_by_method(desk: Desk) -> None:
    for _ in range(20):
        await desk.client.users_list()
    with pytest.raises(SlackApiError) as caught:
        await desk.client.users_list()
    assert caught.value.response.headers["Retry-After"] == "60"
    assert (await desk.client.conversations_list())["ok"]
    desk.clock.forward(60)
    assert (await desk.client.users_list())["ok"]


async def test_a_refused_token_uses_nothing_up(desk: Desk) -> None:
    for _ in range(5):
        await desk.raw(POST, headers={"Authorization": "Bearer wrong"}, json={"channel": "C1", "text": "a"})
    assert await retry_after(desk) is None


@pytest.mark.parametrize(("method", "most"), TIERS.items())
def test_every_tier_lets_exactly_its_number_through(method: str, most: int) -> None:
    meter = RateMeter(RateLimits())
    waits = [meter.wait(method, "", START) for _ in range(most + 1)]
    assert waits == [0] * most + [60]


def test_without_limits_nothing_waits() -> None:
    meter = RateMeter(RateLimits.none())
    assert {meter.wait(method, "C1", START) for method in (POST, *TIERS, "auth.test") for _ in range(500)} == {0}


def test_what_slack_does_not_limit_is_not_limited() -> None:
    meter = RateMeter(RateLimits())
    assert {meter.wait("auth.test", "", START) for _ in range(500)} == {0}


@given(st.lists(st.integers(0, 3000), max_size=150), st.integers(1, 4), st.integers(5, 20))
def test_waiting_as_told_succeeds_within_minute_cap(gaps: list[int], burst: int, cap: int) -> None:
    meter, at, accepted = RateMeter(RateLimits(burst=burst, posts_per_minute=cap)), START, []
    for gap in gaps:
        at += timedelta(milliseconds=gap)
        wait = meter.wait(POST, "C1", at)
        if wait:
            at += timedelta(seconds=wait)
            assert meter.wait(POST, "C1", at) == 0
        accepted.append(at)
    for place, start in enumerate(accepted):
        assert sum(start <= later < start + MINUTE for later in accepted[place:]) <= cap
        assert sum(start <= later < start + SECOND for later in accepted[place:]) <= burst + 1

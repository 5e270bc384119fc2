"""The token is checked while nothing is due: often enough, and no oftener."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient
from structlog.testing import capture_logs

from bot.delivery.outage_log import SLACK, TOKEN, Outages
from bot.delivery.token_check import CHECK_EVERY, RETRY_AFTER, TokenCheck
from bot.slack.errors import NETWORK_ERRORS, PROXY_UNREACHABLE
from bot.slack.installation import Installation
from bot.slack.manifest import SCOPES
from rehearsal.clock import VirtualClock
from rehearsal.slack.rate_limits import RateLimits
from rehearsal.slack.server import App, RehearsalSlack
from rehearsal.slack.workspace import Workspace
from tests.simulation import MachineClock

NOW = datetime(2027, 3, 15, 8, tzinfo=UTC)
ASK = "auth.test"


@pytest.fixture
def clock() -> MachineClock:
    return MachineClock(NOW)


@pytest.fixture
async def slack(clock: VirtualClock) -> AsyncIterator[RehearsalSlack]:
    made = RehearsalSlack(Workspace([], []), clock.now, app=App(SCOPES), limits=RateLimits.none())
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def check(slack: RehearsalSlack, clock: VirtualClock) -> AsyncIterator[TokenCheck]:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(slack.bot_token, base_url=slack.api_url, session=session, retry_handlers=[])
        yield TokenCheck(Installation(client), clock, Outages())


def asked(slack: RehearsalSlack) -> int:
    return sum(call.method == ASK for call in slack.calls)


async def test_accepted_token_is_no_problem(check: TokenCheck) -> None:
    assert await check.check() == ""
    assert (check.is_refused, check.problem) == (False, "")


@pytest.mark.parametrize("code", ["invalid_auth", "token_revoked", "account_inactive"])
async def test_refusal_says_what_to_do(check: TokenCheck, slack: RehearsalSlack, code: str) -> None:
    slack.faults.answer(code, method=ASK)
    assert await check.check() == code
    assert check.is_refused
    assert check.problem.startswith(f"{code}: Slack does not accept SLACK_BOT_TOKEN")
    assert await check.check() == ""
    assert (check.is_refused, check.problem) == (False, "")


@pytest.mark.parametrize("code", ["ratelimited", "http_429"])
async def test_who_asks_too_often_is_not_refused(check: TokenCheck, slack: RehearsalSlack, code: str) -> None:
    if code == "ratelimited":
        slack.faults.throttle(30, method=ASK)
    else:
        slack.faults.status(429, method=ASK)
    assert await check.check() == code
    assert (check.is_refused, check.problem) == (False, "")


@pytest.mark.parametrize(("status", "code"), [(502, "http_502"), (200, "http_200")])
async def test_answer_of_another_is_not_of_slack(
    check: TokenCheck, slack: RehearsalSlack, status: int, code: str
) -> None:
    slack.faults.status(status, "<h1>Sign in</h1>", method=ASK)
    assert await check.check() == code
    assert not check.is_refused
    assert check.problem.startswith(f"Slack cannot be asked ({code}); look at the network")


async def test_proxy_that_is_away_is_named(clock: VirtualClock) -> None:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(
            "xoxb-1",
            base_url="http://slack.example/api/",
            session=session,
            proxy="http://127.0.0.1:9",
            retry_handlers=[],
        )
        check = TokenCheck(Installation(client), clock, Outages())
        assert await check.check() == PROXY_UNREACHABLE
    assert check.problem == f"{PROXY_UNREACHABLE}: {NETWORK_ERRORS[PROXY_UNREACHABLE]}"
    assert not check.is_refused


async def test_slack_is_asked_every_two_minutes(check: TokenCheck, slack: RehearsalSlack, clock: VirtualClock) -> None:
    for seconds in range(0, 3600, 15):
        clock.turn_to(NOW + timedelta(seconds=seconds))
        await check.check_if_due()
    assert asked(slack) == timedelta(hours=1) / CHECK_EVERY


async def test_trouble_is_looked_at_sooner(check: TokenCheck, slack: RehearsalSlack, clock: VirtualClock) -> None:
    slack.faults.answer("token_revoked", method=ASK, times=2)
    for at, count in ((0, 1), (29, 1), (30, 2), (60, 3), (90, 3), (179, 3), (180, 4)):
        clock.turn_to(NOW + timedelta(seconds=at))
        await check.check_if_due()
        assert asked(slack) == count, at
    assert timedelta(seconds=30) == RETRY_AFTER


async def test_clock_that_was_set_back_stops_nothing(
    check: TokenCheck, slack: RehearsalSlack, clock: MachineClock
) -> None:
    await check.check_if_due()
    clock.wrong_by = -timedelta(days=1)
    await check.check_if_due()
    await check.check_if_due()
    assert asked(slack) == 2


async def test_outage_is_of_the_token_or_of_slack(
    check: TokenCheck, slack: RehearsalSlack, clock: VirtualClock
) -> None:
    slack.faults.status(502, method=ASK, times=2)
    slack.faults.answer("token_revoked", method=ASK, times=2)
    with capture_logs() as logs:
        for step in range(6):
            clock.turn_to(NOW + step * RETRY_AFTER)
            await check.check_if_due()
    assert [(line["action"], line["what"]) for line in logs] == [
        ("outage.began", SLACK),
        ("outage.ended", SLACK),
        ("outage.began", TOKEN),
        ("outage.ended", TOKEN),
    ]
    assert [line.get("error") for line in logs] == ["http_502", None, "token_revoked", None]
    assert "SLACK_BOT_TOKEN" in logs[2]["reason"]

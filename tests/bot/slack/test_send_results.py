from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from typing import Any

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.errors import OUTCOME_UNKNOWN, PERMANENT, TOKEN_ERRORS, explain
from bot.slack.send_results import Posted, RateLimited, Rejected, Retryable, TokenRevoked, Unknown, classify


def refusal(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> SlackApiError:
    response = AsyncSlackResponse(
        client=AsyncWebClient(),
        http_verb="POST",
        api_url="chat.postMessage",
        req_args={},
        data=body,
        headers=dict(headers or {}),
        status_code=status,
    )
    return SlackApiError("refused", response)


def said(word: str, status: int = 200, **more: Any) -> SlackApiError:
    return refusal({"ok": False, "error": word, **more}, status)


@pytest.mark.parametrize("word", sorted(set(PERMANENT) - TOKEN_ERRORS))
def test_permanent_error_is_rejected_with_advice(word: str) -> None:
    verdict = classify(said(word, needed="chat:write"), "week-se")
    assert verdict == Rejected(word, explain(word, "week-se", "chat:write"))


@pytest.mark.parametrize("word", sorted(TOKEN_ERRORS))
def test_revoked_token_blocks_everything_with_advice(word: str) -> None:
    assert classify(said(word), "week-se") == TokenRevoked(word, explain(word, "week-se"))


@pytest.mark.parametrize("word", sorted(OUTCOME_UNKNOWN))
def test_error_that_may_follow_posting_is_unclear(word: str) -> None:
    assert classify(said(word), "week-se") == Unknown(word)


@pytest.mark.parametrize("word", ["team_is_on_a_picnic", "message_limit_exceeded", "accesslimited"])
def test_any_other_word_delays(word: str) -> None:
    assert classify(said(word), "week-se") == Retryable(word)


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (refusal({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "17"}), 17),
        (refusal({"ok": False, "error": "ratelimited"}, 429, {}), 30),
        (refusal({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "soon"}), 30),
        (refusal({}, 429, {"Retry-After": "5"}), 5),
        (refusal("slow down", 429, {"Retry-After": "6"}), 6),
        (said("ratelimited"), 30),
        (said("rate_limited"), 30),
    ],
)
def test_haste_holds_for_as_long_as_slack_says(error: SlackApiError, seconds: int) -> None:
    assert classify(error, "week-se") == RateLimited(seconds)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("body", [{}, {"ok": False, "error": "not_in_channel"}, "<html>"])
def test_server_error_is_unclear_whatever_its_body(status: int, body: Any) -> None:
    assert isinstance(classify(refusal(body, status), "week-se"), Unknown)


@pytest.mark.parametrize("body", [{}, "", "<html>"])
def test_an_answer_without_words_is_unclear(body: Any) -> None:
    assert classify(refusal(body), "week-se") == Unknown("http_200")


KEY = ConnectionKey("slack.com", 443, is_ssl=True, ssl=True, proxy=None, proxy_auth=None, proxy_headers_hash=None)


@pytest.mark.parametrize(
    "error",
    [
        aiohttp.ClientConnectorError(KEY, OSError(111, "refused")),
        aiohttp.ClientConnectorDNSError(KEY, OSError(-2, "unknown")),
        aiohttp.ClientConnectorSSLError(KEY, ssl.SSLError(1, "handshake")),
    ],
)
def test_a_connection_that_was_never_made_delays(error: Exception) -> None:
    assert classify(error, "week-se") == Retryable("Slack cannot be reached")


@pytest.mark.parametrize(
    "error",
    [
        TimeoutError(),
        aiohttp.ServerTimeoutError(),
        aiohttp.ServerDisconnectedError(),
        aiohttp.ClientOSError(104, "reset"),
        aiohttp.ClientPayloadError("broken"),
        asyncio.IncompleteReadError(b"", 10),
    ],
)
def test_broken_or_silent_connection_is_unclear(error: Exception) -> None:
    assert isinstance(classify(error, "week-se"), Unknown)


def test_instant_of_a_message_comes_from_its_timestamp() -> None:
    assert Posted("C0", "1805097600.000100").at.isoformat() == "2027-03-15T08:00:00.000100+00:00"

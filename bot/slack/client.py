"""Clients of Slack's Web API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.proxy import ProxyConfig

_TRIES = 3
"""Repetitions of a call when Slack asks to wait. Somebody is looking at the screen, so not more of them."""

NO_PROXY = ProxyConfig()


class RedirectedError(aiohttp.ClientError):
    """Slack's address redirects to another one, which is not trusted with the token and what people wrote."""


async def _refuse_redirect(_session: aiohttp.ClientSession, _context: object, _redirect: object) -> None:
    # aiohttp would repeat the request, token and body included, at whatever address the answer names.
    raise RedirectedError("Slack's address redirects to another one")


def next_cursor(response: AsyncSlackResponse) -> str:
    """Return the cursor of the page after this one; empty where it is the last."""
    return (response.get("response_metadata") or {}).get("next_cursor") or ""


@asynccontextmanager
async def slack_client(
    token: str, api_url: str, timeout_seconds: float, proxy: ProxyConfig = NO_PROXY
) -> AsyncIterator[AsyncWebClient]:
    """Open a client that waits `timeout_seconds` for an answer, follows no redirect, and never retries.

    slack_sdk's own retries would post a message twice after a reset, and without a shared session it would open a
    connection for every call. It also uses HTTPS_PROXY for every address, even this machine's; here `proxy` decides.
    """
    tracing = aiohttp.TraceConfig()
    tracing.on_request_redirect.append(_refuse_redirect)
    limit = aiohttp.ClientTimeout(total=timeout_seconds)
    # One session for all calls: its pool reuses TLS connections, and 500 posts need 20 instead of 500.
    async with aiohttp.ClientSession(timeout=limit, trace_configs=[tracing], middlewares=[proxy.middleware]) as session:
        yield AsyncWebClient(token=token, base_url=api_url, session=session, retry_handlers=[])


def with_rate_limit_retries(client: AsyncWebClient) -> AsyncWebClient:
    """Return a client for answers to people, which waits and tries again where Slack asks to wait.

    A call that was rate limited has done nothing, so nothing is done twice. Slack lets an app open and change about a
    hundred modals a minute, and at nine o'clock everybody presses a button.
    """
    waits = AsyncRateLimitErrorRetryHandler(max_retry_count=_TRIES)
    return AsyncWebClient(token=client.token, base_url=client.base_url, session=client.session, retry_handlers=[waits])

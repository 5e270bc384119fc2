"""The client that speaks to Slack's Web API, and the connections on which everything goes out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.proxy import ProxyConfig

_TRIES = 3
"""How often an answer is tried again when Slack asks to wait."""

NO_PROXY = ProxyConfig()


class RedirectedError(aiohttp.ClientError):
    """Slack's address sends the bot on to another one, which it does not trust with what it has to say."""


async def _stay(_session: aiohttp.ClientSession, _context: object, _redirect: object) -> None:
    raise RedirectedError("Slack's address sends on to another one")


@asynccontextmanager
async def slack_client(
    token: str, api_url: str, timeout_seconds: float, proxy: ProxyConfig = NO_PROXY
) -> AsyncIterator[AsyncWebClient]:
    """A client that gives Slack `timeout_seconds` for an answer and never asks again by itself.

    slack_sdk's own retries would post a message twice after a reset, and without a shared session it would open a
    connection for every call. Where Slack's address sends it on to another one, it does not go: `RedirectedError`.
    slack_sdk takes HTTPS_PROXY for every address, also for this machine's; here `proxy` decides.
    """
    tracing = aiohttp.TraceConfig()
    tracing.on_request_redirect.append(_stay)
    limit = aiohttp.ClientTimeout(total=timeout_seconds)
    async with aiohttp.ClientSession(timeout=limit, trace_configs=[tracing], middlewares=[proxy.middleware]) as session:
        yield AsyncWebClient(token=token, base_url=api_url, session=session, retry_handlers=[])


def with_rate_limit_retries(client: AsyncWebClient) -> AsyncWebClient:
    """The same way to Slack, for answers to people: where Slack asks to wait, it waits and asks again.

    Slack has done nothing then, so nothing is done twice. Forms are opened and changed about a hundred times a minute
    at most, and at nine everybody presses.
    """
    waits = AsyncRateLimitErrorRetryHandler(max_retry_count=_TRIES)
    return AsyncWebClient(token=client.token, base_url=client.base_url, session=client.session, retry_handlers=[waits])

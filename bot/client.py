"""The client that speaks to Slack's Web API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient


@asynccontextmanager
async def slack_client(token: str, api_url: str, within: float) -> AsyncIterator[AsyncWebClient]:
    """A client that gives Slack `within` seconds for an answer and never asks again by itself.

    slack_sdk's own retries would post a message twice after a reset, and without a shared session it would open a
    connection for every call.
    """
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=within)) as session:
        yield AsyncWebClient(token=token, base_url=api_url, session=session, retry_handlers=[])

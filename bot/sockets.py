"""Socket Mode: two connections, so that one is open while Slack refreshes the other."""

from __future__ import annotations

import asyncio

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

CONNECTIONS = 2

_CLOSE_WITHIN = 0.5
"""Seconds; aiohttp alone would wait ten for a Slack that no longer answers."""


class Sockets:
    """The bot's connections to Slack. slack_sdk opens them again by itself when they break."""

    def __init__(self, app: AsyncApp, app_token: str, client: AsyncWebClient) -> None:
        self._app = app
        self._app_token = app_token
        # The handler would otherwise open its own client, which knows nothing of another SLACK_API_URL.
        self._client = client
        self._handlers: list[AsyncSocketModeHandler] = []
        self._opening: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to connect; while Slack is away, it is tried again every few seconds."""
        for _ in range(CONNECTIONS):
            handler = AsyncSocketModeHandler(self._app, self._app_token, web_client=self._client)
            self._handlers.append(handler)
            self._opening.append(asyncio.create_task(handler.connect_async()))

    async def connected(self) -> int:
        """How many connections are open now."""
        return sum([await handler.client.is_connected() for handler in self._handlers])

    async def stop(self) -> None:
        """Close every connection."""
        for task in self._opening:
            task.cancel()
        await asyncio.gather(*self._opening, return_exceptions=True)
        closing = [asyncio.create_task(handler.close_async()) for handler in self._handlers]
        if closing:
            _done, late = await asyncio.wait(closing, timeout=_CLOSE_WITHIN)
            for task in late:
                task.cancel()

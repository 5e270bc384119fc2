"""What several tests of the rehearsal Slack ask and say."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from rehearsal.slack.server import RehearsalSlack

START = datetime(2027, 3, 22, 8, 0, tzinfo=UTC)
HELLO = {"type": "section", "text": {"type": "mrkdwn", "text": "Hello"}}
EVENT = {"event_type": "earthweek", "event_payload": {"id": "row-1"}}


@dataclass
class Clock:
    """A clock that only moves by hand."""

    at: datetime = START

    def __call__(self) -> datetime:
        return self.at

    def forward(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass
class Desk:
    """A running server, a clock, and the real client that talks to it."""

    slack: RehearsalSlack
    clock: Clock
    client: AsyncWebClient
    session: aiohttp.ClientSession

    def says(self, channel: str = "C1") -> list[str]:
        return [message.text for message in self.slack.workspace.messages(channel)]

    async def raw(self, method: str, **request: Any) -> tuple[int, dict[str, Any]]:
        """What Slack answers to a request that no SDK would send."""
        headers = {"Authorization": f"Bearer {self.slack.bot_token}"} | request.pop("headers", {})
        url = self.slack.api_url + method
        async with self.session.post(url, headers=headers, **request) as response:
            return response.status, await response.json()


async def refusal(call: Awaitable[Any]) -> dict[str, Any]:
    """The body of Slack's refusal."""
    with pytest.raises(SlackApiError) as caught:
        await call
    body = caught.value.response.data
    assert isinstance(body, dict)
    return body


async def word(call: Awaitable[Any]) -> str:
    """Slack's error word."""
    return str((await refusal(call))["error"])

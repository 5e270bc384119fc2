"""A Slack that says yes to everything, in no time, and keeps what the real one would have refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlsplit

from slack_sdk.web.async_client import AsyncWebClient

from rehearsal.slack.block_validation import problems, view_problems

HOST = "slack.test"
TOKEN = "xoxb-fuzz"
API = f"https://{HOST}/api/"
ANSWERS = f"https://{HOST}/actions/T0REHEARSAL/1"
"""A response URL of this Slack."""

YES: Mapping[str, Any] = {
    "ok": True,
    "user_id": "U0BOT",
    "bot_id": "B0BOT",
    "team_id": "T0REHEARSAL",
    "view": {"id": "V0NEW"},
    "user": {"tz": "Europe/Stockholm", "locale": "sv-SE"},
    "channel": {"id": "D0SOMEBODY"},
    "upload_url": f"https://{HOST}/upload",
    "file_id": "F0FILE",
    "files": [],
}


@dataclass
class Answered:
    """What Slack answers, whatever it was asked."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"

    async def text(self) -> str:
        return "ok"

    async def json(self) -> dict[str, Any]:
        return {**YES}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None: ...


@dataclass
class Yes:
    """The way to it, in the place of a session. `refused` is what it would not have taken or should not have got."""

    closed: bool = False
    refused: list[str] = field(default_factory=list)

    def request(self, _verb: str, url: str, **given: Any) -> Answered:
        """Note what is wrong with a request, and answer it."""
        parts = urlsplit(url)
        if parts.netloc != HOST:
            self.refused.append(f"asked elsewhere: {url}")
        elif parts.path.startswith("/actions/"):
            said = json.loads(given["data"])
            self.refused += problems(said["blocks"], said["text"])
        elif parts.path.startswith("/api/views."):
            surface = "home" if parts.path.endswith("publish") else "modal"
            self.refused += view_problems(given["json"]["view"], surface)
        return Answered()

    def client(self) -> AsyncWebClient:
        """The client that speaks to it."""
        session: Any = self
        return AsyncWebClient(TOKEN, API, session=session, retry_handlers=[])

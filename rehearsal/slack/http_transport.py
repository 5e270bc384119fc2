"""Carries what Slack sends to the app: signed, over HTTP, to a program on this machine."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Protocol, Self
from urllib.parse import urlencode, urlsplit

import aiohttp

from rehearsal.slack.loopback import is_loopback

ANSWER_WITHIN = 10.0
"""Seconds. Slack itself waits three; a busy machine is given more."""

MOST_AT_ONCE = 100
"""Requests under way; the others wait their turn, which does not count towards their time."""

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


class NotAnsweredError(Exception):
    """The app gave no answer in time, or none that can be read."""


@dataclass(frozen=True)
class AppReply:
    """The app's answer; `body` is what the JSON says, or the text. `sent` is what it answers, to be sent again."""

    status: int
    body: Any
    sent: Mapping[str, Any]

    @property
    def ok(self) -> bool:
        """True if the app accepted the request."""
        return self.status == HTTPStatus.OK


class EventTransport(Protocol):
    """A way to the app. Each method waits for the app's answer; `NotAnsweredError` when there is none in time."""

    async def form(self, fields: Mapping[str, str], headers: Mapping[str, str] | None = None) -> AppReply:
        """Send a command; `headers` replace what the carrier makes itself, where it makes any."""
        ...

    async def payload(self, payload: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> AppReply:
        """Send a press, a choice or a form."""
        ...

    async def json(self, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> AppReply:
        """Send an event."""
        ...


def _machine_time() -> datetime:
    return datetime.now(UTC)


class HttpTransport:
    """The way to the app's `/slack/events`, open for as long as its block lasts."""

    def __init__(
        self,
        url: str,
        sign: Callable[[str, int], dict[str, str]],
        *,
        now: Callable[[], datetime] = _machine_time,
        within: float = ANSWER_WITHIN,
    ) -> None:
        """Check the address; `sign` makes Slack's headers, `within` is in real seconds.

        `now` dates the signatures. The app verifies them against the machine's clock, also where the rehearsal's own
        time is virtual.

        Raises:
            ValueError: The address is not on this machine.
        """
        parts = urlsplit(url)
        if parts.scheme != "http" or not is_loopback(parts.hostname or ""):
            raise ValueError(f"the rehearsal sends to this machine only, not to {url}")
        self._url = url
        self._sign = sign
        self._now = now
        self._within = aiohttp.ClientTimeout(total=within)
        # Thousands of colleagues act at one instant, and each connection takes a file descriptor.
        self._turns = asyncio.Semaphore(MOST_AT_ONCE)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(timeout=self._within)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def form(self, fields: Mapping[str, str], headers: Mapping[str, str] | None = None) -> AppReply:
        """Send a form, as Slack sends a command; `headers` replace what is made here, such as a signature."""
        return await self._post(urlencode(fields), {"Content-Type": FORM, **(headers or {})}, fields)

    async def payload(self, payload: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> AppReply:
        """Send JSON inside a form, as Slack sends a press."""
        body = urlencode({"payload": json.dumps(payload)})
        return await self._post(body, {"Content-Type": FORM, **(headers or {})}, payload)

    async def json(self, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> AppReply:
        """Send JSON, as Slack sends an event."""
        return await self._post(json.dumps(body), {"Content-Type": JSON, **(headers or {})}, body)

    async def _post(self, body: str, headers: Mapping[str, str], sent: Mapping[str, Any]) -> AppReply:
        if self._session is None:
            raise RuntimeError("the transport is closed: use it in its block")
        signed = {**self._sign(body, int(self._now().timestamp())), **headers}
        try:
            async with (
                self._turns,
                # Slack follows no redirects, and a signed body must not go anywhere else.
                self._session.post(self._url, data=body.encode(), headers=signed, allow_redirects=False) as response,
            ):
                return AppReply(response.status, await _read(response), sent)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise NotAnsweredError(f"the app did not answer: {error!r}") from error


async def _read(response: aiohttp.ClientResponse) -> Any:
    text = await response.text()
    if response.content_type != JSON:
        return text
    try:
        return json.loads(text) if text else ""
    except ValueError:
        return text

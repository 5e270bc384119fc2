"""Posting one message, and asking whether one was posted. Every answer of Slack becomes one of six verdicts."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.messages.compose import plain
from bot.messages.message import Message
from bot.slack.errors import (
    HASTE,
    NEVER,
    PERHAPS,
    PROXY_AWAY,
    PROXY_REFUSED,
    PROXY_UNAUTHORISED,
    ROUTE,
    TOKENS,
    UNTRUSTED,
    explain,
)

EVENT = "earthweek_post"
"""The metadata's event type; its payload is the outbox row's opaque id and nothing personal."""

UNREACHABLE = "Slack cannot be reached"

SLACK_ERRORS = (SlackApiError, aiohttp.ClientError, TimeoutError, asyncio.IncompleteReadError)
"""Everything that a call to Slack can end in, apart from an answer."""

_HOLD = 30
"""Seconds to wait when Slack refuses for haste and does not say how long."""

_WORD = re.compile(r"\w{1,60}", re.ASCII)
_SERVER_ERROR = 500
_TOO_MANY = 429
_PAGE = 999
"""Messages of a history, the most that Slack shows at once. A search begins at the newest each time, or it would miss
what has come since; so it has to be over before Slack asks to wait, also where an hour has thousands of messages."""


@dataclass(frozen=True)
class Posted:
    """Slack has the message."""

    channel: str
    ts: str

    @property
    def at(self) -> datetime:
        """When Slack took it."""
        return datetime.fromtimestamp(float(self.ts), UTC)


@dataclass(frozen=True)
class Held:
    """Slack wants silence for some seconds; it does not have the message."""

    seconds: int


@dataclass(frozen=True)
class Refused:
    """Slack does not have the message and will not take it."""

    word: str
    reason: str


@dataclass(frozen=True)
class Barred:
    """Slack takes nothing at all from the bot, because of its token; the message may go when there is another one."""

    word: str
    reason: str


@dataclass(frozen=True)
class Delayed:
    """Slack does not have the message; it may take it later."""

    word: str


@dataclass(frozen=True)
class Unclear:
    """Nobody can say whether Slack has the message."""

    word: str


@dataclass(frozen=True)
class Absent:
    """The history was read, and the message is not in it."""


Verdict = Posted | Held | Refused | Barred | Delayed | Unclear
_No = Held | Refused | Barred | Delayed | Unclear


class Poster:
    """Posts through a client that never tries again by itself: slack_sdk's default would post twice after a reset."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._own: frozenset[str] = frozenset()

    async def post(self, channel: str, message: Message, row_id: str) -> Verdict:
        """Post once; where Slack does not take the newer blocks, once more in the plain form."""
        verdict = await self._post(channel, message, row_id)
        if isinstance(verdict, Refused) and verdict.word == "invalid_blocks":
            return await self._post(channel, plain(message), row_id)
        return verdict

    async def _post(self, channel: str, message: Message, row_id: str) -> Verdict:
        try:
            answer = await self._client.chat_postMessage(
                channel=channel,
                text=message.text,
                blocks=[dict(block) for block in message.blocks],
                metadata={"event_type": EVENT, "event_payload": {"id": row_id}},
                unfurl_links=False,
                unfurl_media=False,
            )
        except SLACK_ERRORS as error:
            return verdict_of(error, _named(channel))
        return Posted(str(answer["channel"]), str(answer["ts"]))

    async def change(self, channel: str, ts: str, message: Message) -> Verdict:
        """Change what a posted message says, which harms nobody when it is done twice. Its metadata stays as it was."""
        verdict = await self._change(channel, ts, message)
        if isinstance(verdict, Refused) and verdict.word == "invalid_blocks":
            return await self._change(channel, ts, plain(message))
        return verdict

    async def _change(self, channel: str, ts: str, message: Message) -> Verdict:
        blocks = [dict(block) for block in message.blocks]
        try:
            await self._client.chat_update(channel=channel, ts=ts, text=message.text, blocks=blocks)
        except SLACK_ERRORS as error:
            return verdict_of(error, _named(channel))
        return Posted(channel, ts)

    async def find(self, recipient: str, row_id: str, since: datetime) -> Posted | Absent | Held | Delayed | Unclear:
        """Look for the message of a row in the history of a channel, or of the conversation with a person.

        Only what the bot itself has posted counts: any app in the channel can write the same metadata.
        Unclear means that the history may not be read; delayed, that Slack could not be asked just now.
        """
        try:
            own = await self._own_ids()
            channel = await self._conversation(recipient)
            return await self._search(channel, lambda message: _is_row(message, row_id, own), since)
        except SLACK_ERRORS as error:
            return _cannot_tell(verdict_of(error, _named(recipient)))

    async def _own_ids(self) -> frozenset[str]:
        """The IDs by which Slack names the bot in what it has posted. They outlive a new token."""
        if not self._own:
            answer = await self._client.auth_test()
            self._own = frozenset(filter(None, (answer.get("bot_id"), answer.get("user_id"))))
        return self._own

    async def _conversation(self, recipient: str) -> str:
        if not is_person(recipient):
            return recipient
        answer = await self._client.conversations_open(users=[recipient])
        return str(answer["channel"]["id"])

    async def _search(
        self, channel: str, is_it: Callable[[Mapping[str, Any]], bool], since: datetime
    ) -> Posted | Absent:
        cursor = ""
        while True:
            page = await self._client.conversations_history(
                channel=channel,
                oldest=f"{since.timestamp():.6f}",
                include_all_metadata=True,
                limit=_PAGE,
                cursor=cursor,
            )
            for message in page["messages"]:
                if is_it(message):
                    return Posted(channel, str(message["ts"]))
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return Absent()


def _named(recipient: str) -> str:
    """What reasons call a recipient: they stand in the log and in readiness, where nobody is named."""
    return "the addressee" if is_person(recipient) else recipient


def is_person(recipient: str) -> bool:
    """Whether a recipient is a user, and not a channel."""
    return recipient.startswith(("U", "W"))


def _is_row(message: Mapping[str, Any], row_id: str, own: frozenset[str]) -> bool:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != EVENT or own.isdisjoint((message.get("bot_id"), message.get("user"))):
        return False
    return bool((metadata.get("event_payload") or {}).get("id") == row_id)


def word_of(error: Exception) -> str:
    """Slack's error word, or what kept Slack from giving one."""
    match error:
        case SlackApiError():
            status, _headers, body = _parts(error)
            word = str(body.get("error", ""))
            # Whatever answers at Slack's address may say anything; words are metric labels, and stand in the log.
            return word if _WORD.fullmatch(word) else f"http_{status}"
        case aiohttp.ClientProxyConnectionError():
            return PROXY_AWAY
        case aiohttp.ClientHttpProxyError(status=HTTPStatus.PROXY_AUTHENTICATION_REQUIRED):
            return PROXY_UNAUTHORISED
        case aiohttp.ClientHttpProxyError():
            return PROXY_REFUSED
        case aiohttp.ClientConnectorCertificateError():
            return UNTRUSTED
        case _:
            return type(error).__name__


def reason_of(error: SlackApiError, to: str) -> str:
    """Slack's error word, and in a sentence what to do about it."""
    return explain(word_of(error), to, str(_parts(error)[2].get("needed", "")))


def unasked(error: Exception, to: str) -> str:
    """Why Slack did not say what it was asked; where somebody can do something about it, what."""
    word = word_of(error)
    if isinstance(error, SlackApiError) and word in NEVER:
        return reason_of(error, to)
    return explain(word, to) if word in ROUTE else f"Slack could not be asked ({word})"


def verdict_of(error: Exception, to: str) -> _No:
    """What an error says about the message it was to carry."""
    match error:
        case SlackApiError():
            return _answered(error, to)
        case _ if (word := word_of(error)) in ROUTE:
            return Delayed(explain(word, to))
        case aiohttp.ClientConnectorError():
            return Delayed(UNREACHABLE)
        case TimeoutError():
            return Unclear("no answer in time")
        case _:
            return Unclear(type(error).__name__)


def _answered(error: SlackApiError, to: str) -> _No:
    status, headers, body = _parts(error)
    word = word_of(error)
    if status == _TOO_MANY or word in HASTE:
        wait = str(headers.get("Retry-After", ""))
        return Held(int(wait) if wait.isdigit() else _HOLD)
    if status >= _SERVER_ERROR or word in PERHAPS or not body:
        return Unclear(word)
    if word in TOKENS:
        return Barred(word, explain(word, to))
    if word in NEVER:
        return Refused(word, reason_of(error, to))
    return Delayed(word)


def _parts(error: SlackApiError) -> tuple[int, Mapping[str, str], Mapping[str, Any]]:
    """Status, headers and body of an answer; slack_sdk hands over aiohttp's own response when the body was broken."""
    response: Any = error.response
    if isinstance(response, aiohttp.ClientResponse):
        return response.status, response.headers, {}
    body = response.data if isinstance(response.data, dict) else {}
    return int(response.status_code), response.headers, body


def _cannot_tell(verdict: _No) -> Held | Delayed | Unclear:
    match verdict:
        case Refused(_, reason):
            return Unclear(reason)
        case Unclear(word) | Barred(word):
            return Delayed(word)
        case _:
            return verdict

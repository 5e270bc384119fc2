"""Posting one message, and asking whether one was posted. Every answer of Slack becomes one of six verdicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.messages.message import Message
from bot.messages.post_rendering import plain
from bot.slack.client import next_cursor
from bot.slack.errors import INVALID_BLOCKS, SLACK_ERRORS
from bot.slack.installation import Installation
from bot.slack.results import (
    Failure,
    NotFound,
    Posted,
    RateLimited,
    Rejected,
    Retryable,
    SendResult,
    TokenRevoked,
    Unknown,
    classify,
)

EVENT = "earthweek_post"
"""The metadata's event type; its payload is the outbox row's opaque id and nothing personal."""

_PAGE = 999
"""Messages of a history, the most that Slack shows at once. A search begins at the newest each time, or it would miss
what has come since; so it has to be over before Slack asks to wait, also where an hour has thousands of messages."""


class Sender:
    """Posts through a client that never tries again by itself: slack_sdk's default would post twice after a reset."""

    def __init__(self, installation: Installation) -> None:
        self._client = installation.client
        self._installation = installation

    async def post(self, channel: str, message: Message, row_id: str) -> SendResult:
        """Post once; where Slack does not take the newer blocks, once more in the plain form."""
        verdict = await self._post(channel, message, row_id)
        if isinstance(verdict, Rejected) and verdict.code == INVALID_BLOCKS:
            return await self._post(channel, plain(message), row_id)
        return verdict

    async def _post(self, channel: str, message: Message, row_id: str) -> SendResult:
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
            return classify(error, _named(channel))
        return Posted(str(answer["channel"]), str(answer["ts"]))

    async def change(self, channel: str, ts: str, message: Message) -> SendResult:
        """Change what a posted message says, which harms nobody when it is done twice. Its metadata stays as it was."""
        verdict = await self._change(channel, ts, message)
        if isinstance(verdict, Rejected) and verdict.code == INVALID_BLOCKS:
            return await self._change(channel, ts, plain(message))
        return verdict

    async def _change(self, channel: str, ts: str, message: Message) -> SendResult:
        blocks = [dict(block) for block in message.blocks]
        try:
            await self._client.chat_update(channel=channel, ts=ts, text=message.text, blocks=blocks)
        except SLACK_ERRORS as error:
            return classify(error, _named(channel))
        return Posted(channel, ts)

    async def find(
        self, recipient: str, row_id: str, since: datetime
    ) -> Posted | NotFound | RateLimited | Retryable | Unknown:
        """Look for the message of a row in the history of a channel, or of the conversation with a person.

        Only what the bot itself has posted counts: any app in the channel can write the same metadata.
        `Unknown` means that the history may not be read; `Retryable`, that Slack could not be asked just now.
        """
        try:
            own = await self._installation.author_ids()
            channel = await self._conversation(recipient)
            return await self._search(channel, lambda message: _is_row(message, row_id, own), since)
        except SLACK_ERRORS as error:
            return _cannot_tell(classify(error, _named(recipient)))

    async def _conversation(self, recipient: str) -> str:
        if not is_person(recipient):
            return recipient
        answer = await self._client.conversations_open(users=[recipient])
        return str(answer["channel"]["id"])

    async def _search(
        self, channel: str, is_it: Callable[[Mapping[str, Any]], bool], since: datetime
    ) -> Posted | NotFound:
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
            cursor = next_cursor(page)
            if not cursor:
                return NotFound()


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


def _cannot_tell(verdict: Failure) -> RateLimited | Retryable | Unknown:
    match verdict:
        case Rejected(_, reason):
            return Unknown(reason)
        case Unknown(word) | TokenRevoked(word):
            return Retryable(word)
        case _:
            return verdict

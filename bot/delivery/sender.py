"""Posts messages, edits them, and searches for them. Every answer of Slack becomes one of the types in `results`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.messages.message import Message
from bot.messages.post_rendering import files_of, plain
from bot.slack.client import next_cursor
from bot.slack.errors import INVALID_BLOCKS, SLACK_ERRORS, error_code, is_about_file
from bot.slack.installation import Installation
from bot.slack.send_results import (
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
"""The event type of the metadata. Its payload is the opaque ID of the outbox row, and nothing personal."""

_PAGE = 999
"""Messages in a page, the most that Slack returns. A search starts at the newest message each time, so it must end
before Slack's rate limit stops it, even in a channel with thousands of messages an hour."""

_GONE = "message_not_found"
_CANNOT_BE_CHANGED = frozenset({"edit_window_closed", "cant_update_message", _GONE})
_NO_THREAD = frozenset({_GONE, "thread_not_found"})


@dataclass(frozen=True)
class Thread:
    """The thread of a message, by its timestamp. What is broadcast is seen in the channel as well."""

    ts: str
    is_broadcast: bool = False


async def _nobody(_files: Collection[str]) -> None: ...


class Sender:
    """Uses a client that never retries by itself: slack_sdk's default would post twice after a connection reset.

    `on_refused_files` is told the IDs of files that Slack does not show. The message is sent without them.
    """

    def __init__(
        self, installation: Installation, on_refused_files: Callable[[Collection[str]], Awaitable[None]] = _nobody
    ) -> None:
        self._client = installation.client
        self._installation = installation
        self._on_refused_files = on_refused_files

    async def post(self, channel: str, message: Message, row_id: str) -> SendResult:
        """Post a message, and if Slack rejects its blocks, once more in plain form."""
        return await self._in_two_forms(channel, message, row_id)

    async def reply(self, channel: str, thread: Thread, message: Message, row_id: str) -> SendResult:
        """Post a message below another one, unless that is gone."""
        gone = Rejected(_GONE, "the message below which it belongs was deleted")
        no_thread = await self._no_thread(channel, thread.ts, gone)
        return no_thread or await self._in_two_forms(channel, message, row_id, thread)

    async def _in_two_forms(
        self, channel: str, message: Message, row_id: str, thread: Thread | None = None
    ) -> SendResult:
        verdict = await self._post(channel, message, row_id, thread)
        if isinstance(verdict, Rejected) and verdict.code == INVALID_BLOCKS:
            return await self._post(channel, plain(message), row_id, thread)
        return verdict

    async def correct(self, channel: str, ts: str, message: Message, row_id: str) -> SendResult:
        """Replace a posted message, and where Slack no longer allows that, say it in a reply to it.

        A message that is gone, and has no thread that would keep its place, is left alone.
        """
        verdict = await self.change(channel, ts, message)
        if not (isinstance(verdict, Rejected) and verdict.code in _CANNOT_BE_CHANGED):
            return verdict
        no_thread = await self._no_thread(channel, ts, verdict)
        return no_thread or await self._in_two_forms(channel, message, row_id, Thread(ts))

    async def _no_thread(self, channel: str, ts: str, gone: Rejected) -> Failure | None:
        """Return why a message cannot be replied to: it is `gone`, or that cannot be told. None if it can."""
        try:
            # Asked first, because Slack takes a reply to what is gone and shows it to the whole channel.
            await self._client.conversations_replies(channel=channel, ts=ts, limit=1)
        except SLACK_ERRORS as error:
            verdict = gone if error_code(error) in _NO_THREAD else classify(error, channel)
            # Nothing has been posted yet, so it need not be searched for.
            return Retryable(verdict.reason) if isinstance(verdict, Unknown) else verdict
        return None

    async def _post(self, channel: str, message: Message, row_id: str, thread: Thread | None = None) -> SendResult:
        try:
            answer = await self._client.chat_postMessage(
                channel=channel,
                thread_ts=thread.ts if thread else None,
                reply_broadcast=True if thread and thread.is_broadcast else None,
                text=message.text,
                blocks=[dict(block) for block in message.blocks],
                metadata={"event_type": EVENT, "event_payload": {"id": row_id}},
                # Previews of sources would be larger than the post itself.
                unfurl_links=False,
                unfurl_media=False,
            )
        except SLACK_ERRORS as error:
            await self._note_files(error, message)
            return classify(error, _named(channel))
        return Posted(str(answer["channel"]), str(answer["ts"]))

    async def pin(self, channel: str, ts: str) -> SendResult:
        """Pin a message to its channel. One that is pinned already is as good."""
        return await self._set_pin(self._client.pins_add, "already_pinned", channel, ts)

    async def unpin(self, channel: str, ts: str) -> SendResult:
        """Take the pin of a message away, if it has one."""
        return await self._set_pin(self._client.pins_remove, "no_pin", channel, ts)

    async def _set_pin(
        self, call: Callable[..., Awaitable[AsyncSlackResponse]], done: str, channel: str, ts: str
    ) -> SendResult:
        try:
            await call(channel=channel, timestamp=ts)
        except SLACK_ERRORS as error:
            return Posted(channel, ts) if error_code(error) == done else classify(error, channel)
        return Posted(channel, ts)

    async def change(self, channel: str, ts: str, message: Message) -> SendResult:
        """Edit a posted message, which does no harm when done twice. Its metadata stays as it was."""
        verdict = await self._change(channel, ts, message)
        if isinstance(verdict, Rejected) and verdict.code == INVALID_BLOCKS:
            return await self._change(channel, ts, plain(message))
        return verdict

    async def _change(self, channel: str, ts: str, message: Message) -> SendResult:
        blocks = [dict(block) for block in message.blocks]
        try:
            await self._client.chat_update(channel=channel, ts=ts, text=message.text, blocks=blocks)
        except SLACK_ERRORS as error:
            await self._note_files(error, message)
            return classify(error, _named(channel))
        return Posted(channel, ts)

    async def _note_files(self, error: Exception, message: Message) -> None:
        if is_about_file(error):
            await self._on_refused_files(files_of(message))

    async def find(
        self, recipient: str, row_id: str, since: datetime
    ) -> Posted | NotFound | RateLimited | Retryable | Unknown:
        """Search for the message of a row in a channel, or in the conversation with a person.

        Only the bot's own messages count, because any app in the channel can write the same metadata. `Unknown` means
        that the history cannot be read; `Retryable`, that Slack could not be asked just now.
        """
        try:
            own = await self._installation.author_ids()
            channel = await self._conversation(recipient)
            pages = partial(self._client.conversations_history, channel=channel, oldest=f"{since.timestamp():.6f}")
            return await _search(pages, channel, lambda message: _is_row(message, row_id, own))
        except SLACK_ERRORS as error:
            return _cannot_tell(classify(error, _named(recipient)))

    async def find_reply(
        self, channel: str, ts: str, row_id: str
    ) -> Posted | NotFound | RateLimited | Retryable | Unknown:
        """Search for the message of a row among the replies to a message."""
        try:
            own = await self._installation.author_ids()
            pages = partial(self._client.conversations_replies, channel=channel, ts=ts)
            return await _search(pages, channel, lambda message: _is_row(message, row_id, own))
        except SLACK_ERRORS as error:
            verdict = classify(error, channel)
            # A message that is gone, and has no replies that would keep its place.
            gone = isinstance(verdict, Rejected | Retryable) and error_code(error) in _NO_THREAD
            return NotFound() if gone else _cannot_tell(verdict)

    async def _conversation(self, recipient: str) -> str:
        if not is_person(recipient):
            return recipient
        answer = await self._client.conversations_open(users=[recipient])
        return str(answer["channel"]["id"])


async def _search(
    pages: Callable[..., Awaitable[AsyncSlackResponse]], channel: str, is_it: Callable[[Mapping[str, Any]], bool]
) -> Posted | NotFound:
    cursor = ""
    while True:
        page = await pages(include_all_metadata=True, limit=_PAGE, cursor=cursor)
        for message in page["messages"]:
            if is_it(message):
                return Posted(channel, str(message["ts"]))
        cursor = next_cursor(page)
        if not cursor:
            return NotFound()


def _named(recipient: str) -> str:
    """Return what reasons call a recipient. They appear in the log and in readiness, where no person is named."""
    return "the addressee" if is_person(recipient) else recipient


def is_person(recipient: str) -> bool:
    """Return whether a recipient is a user rather than a channel."""
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
        # A search changes nothing, so unlike a post it can simply be repeated.
        case Unknown(word) | TokenRevoked(word):
            return Retryable(word)
        case _:
            return verdict

"""Delivers the answers to one interaction to the place the person is looking at."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.listeners.errors import ReplyNotDeliveredError
from bot.messages.message import Message
from bot.messages.modals import message_modal
from bot.messages.modals.modal import View, home_face, mark_over_home
from bot.messages.post_rendering import plain
from bot.messages.replies.reply_blocks import text_message
from bot.messages.words import Words
from bot.slack.errors import INVALID_BLOCKS, error_code
from bot.slack.payload_schemas import is_slack_url

_RESPONSE_URL_SECONDS = 10


class Responder:
    """The route of the answers to one interaction.

    1. What was written to the bot in its own conversation is answered there.
    2. A command, or a button below a message, is answered over its response URL, for that person alone.
    3. Everything else is answered in a modal: where one is open, and on the App Home, which has no response URL.

    A form is acknowledged with the view that is to replace it. Until then views are deferred: a call of its own could
    reach Slack before the acknowledgement, and would be overwritten by it.
    """

    def __init__(self, client: AsyncWebClient, body: Mapping[str, Any]) -> None:
        # Beside what was pressed, or in the event of somebody who has opened the App Home once more.
        source = body.get("view") or (body.get("event") or {}).get("view") or {}
        self._client = client
        self._trigger_id = str(body.get("trigger_id", ""))
        self._response_url = _response_url(body, client.base_url)
        self._is_deferring = False
        self.conversation = _direct_conversation(body)
        # The App Home is a view as well, but `views.update` on it would replace the whole page.
        self.view_id: str | None = source.get("id") if source.get("type") == "modal" else None
        self.home_face: str | None = home_face(source)
        self.has_answered = False
        self.deferred: View | None = None
        self._expects_modal = False
        self._is_pushing = False
        # One view at a time: an answer must not reach Slack before the note that it is coming.
        self._showing = asyncio.Lock()

    @property
    def home_is_open(self) -> bool:
        """True if the App Home is what the person sees, or is behind it."""
        return self.home_face is not None

    @property
    def uses_modal(self) -> bool:
        """True if an answer is shown in a modal rather than written somewhere."""
        has_modal = self._expects_modal or self.view_id is not None
        return not self.conversation and (has_modal or not self._response_url)

    def expect_modal(self, *, pushed: bool = False) -> None:
        """Answer in a modal, which opens with the answer; if `pushed`, on top of the one that is open.

        If Slack does not open it, what follows is answered where it would be without one.
        """
        # On top, so that a list keeps its place below, for when the answer is closed.
        self._expects_modal, self._is_pushing = True, pushed and self.view_id is not None

    async def send_text(self, words: Words, text: str) -> None:
        """Send a sentence or more in mrkdwn."""
        if self.uses_modal:
            await self.show(message_modal.draw(words, text))
        else:
            await self.send(words, text_message(text))

    async def send(self, words: Words, message: Message) -> None:
        """Send a message, in its plain form where Slack does not take the newer blocks.

        Raises:
            ReplyNotDeliveredError: The response URL was refused.
            SlackApiError: Slack refused the message or the modal.
        """
        if self.uses_modal:
            # Most of the newer blocks are for messages only.
            await self.show(message_modal.of_message(words, plain(message)))
            return
        # Before the call: Slack may show an answer that it is slow to confirm.
        self.has_answered = True
        await in_a_form_that_is_taken(
            self._write_in_conversation if self.conversation else self._write_to_response_url, message
        )

    async def show(self, view: View) -> None:
        """Show a view in the modal that is open, or in a new one; or keep it for later while views are deferred."""
        view = self._marked(view)
        if self._is_deferring:
            self.deferred = view
        else:
            await self._show_now(view)

    async def show_loading(self, words: Words) -> None:
        """Show in a modal that an answer is coming, unless there is one."""
        async with self._showing:
            if not self.has_answered:
                await self._show_in_turn(self.loading(words))

    def loading(self, words: Words) -> View:
        """Return the view that is shown until there is an answer."""
        return self._marked(message_modal.loading(words))

    def defer(self) -> None:
        """Keep views instead of showing them, until `release`."""
        self._is_deferring = True

    async def release(self, acknowledged: View | None = None) -> None:
        """Stop deferring, and show the deferred view unless the acknowledgement carried it already."""
        self._is_deferring = False
        if self.deferred and self.deferred is not acknowledged:
            await self._show_now(self.deferred)

    def _marked(self, view: View) -> View:
        return view if self.home_face is None else mark_over_home(view, self.home_face)

    async def _show_now(self, view: View) -> None:
        async with self._showing:
            await self._show_in_turn(view)

    async def _show_in_turn(self, view: View) -> None:
        self.has_answered = True
        is_pushing, self._is_pushing, self._expects_modal = self._is_pushing, False, False
        if is_pushing:
            pushed = await self._client.views_push(trigger_id=self._trigger_id, view=dict(view))
            self.view_id = pushed["view"]["id"]
        elif self.view_id:
            await self._client.views_update(view_id=self.view_id, view=dict(view))
        else:
            opened = await self._client.views_open(trigger_id=self._trigger_id, view=dict(view))
            self.view_id = opened["view"]["id"]

    async def _write_in_conversation(self, message: Message) -> None:
        # Without previews: a link in an answer would unfold into a card that is larger than the answer.
        await self._client.chat_postMessage(channel=self.conversation or "", **message.arguments, unfurl_links=False)

    async def _write_to_response_url(self, message: Message) -> None:
        # No retries: the first attempt may have arrived, and a retry would repeat it.
        webhook = AsyncWebhookClient(
            self._response_url, timeout=_RESPONSE_URL_SECONDS, session=self._client.session, retry_handlers=[]
        )
        # `replace_original` is off, since the message with the button stays for everybody else.
        answer = await webhook.send(**message.arguments, response_type="ephemeral", replace_original=False)
        if answer.status_code != HTTPStatus.OK:
            raise ReplyNotDeliveredError(answer.body)


async def in_a_form_that_is_taken(write: Callable[[Message], Awaitable[object]], message: Message) -> None:
    """Write a message, and if Slack rejects its blocks, once more in plain form.

    Raises:
        ReplyNotDeliveredError: The response URL was refused.
        SlackApiError: Slack refused the message.
    """
    try:
        await write(message)
    except (SlackApiError, ReplyNotDeliveredError) as error:
        if not _rejects_blocks(error):
            raise
        await write(plain(message))


def _rejects_blocks(error: SlackApiError | ReplyNotDeliveredError) -> bool:
    if isinstance(error, SlackApiError):
        return error_code(error) == INVALID_BLOCKS
    return INVALID_BLOCKS in str(error)


def _response_url(body: Mapping[str, Any], api_url: str) -> str:
    url = str(body.get("response_url") or "")
    return url if is_slack_url(url, api_url) else ""


def _direct_conversation(body: Mapping[str, Any]) -> str | None:
    """Return the ID of the conversation with the bot in which something was written."""
    event = body.get("event") or {}
    return str(event.get("channel", "")) or None if event.get("type") == "message" else None

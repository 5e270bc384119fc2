"""The `pins.*` methods: what stands at the top of a channel for as long as it is wanted there."""

from __future__ import annotations

from typing import Any

from rehearsal.slack import conversations, serializers, timestamp
from rehearsal.slack.conversation import NOTICES, TOMBSTONE, Conversation, Pin, PostedMessage
from rehearsal.slack.errors import RefusedError
from rehearsal.slack.method_call import ApiAnswer, ApiRequest

MOST_PINS = 100
"""Pinned messages of a channel. Slack's reference names the error and no number."""


def add(request: ApiRequest) -> ApiAnswer:
    """Pin a message of a channel that the bot is in, or of a direct conversation; anybody's, also a reply."""
    request.need("pins:write")
    conversation = _conversation(request)
    message = _message(request, conversation)
    if message.subtype in NOTICES:
        raise RefusedError("not_pinnable")
    if message.ts in conversation.pins:
        raise RefusedError("already_pinned")
    if len(conversation.pins) >= MOST_PINS:
        raise RefusedError("too_many_pins")
    conversation.pin(message, request.workspace.bot.id, request.at)
    return {}


def remove(request: ApiRequest) -> ApiAnswer:
    """Take a pin away, whoever has put it there."""
    request.need("pins:write")
    conversation = _conversation(request)
    message = _message(request, conversation)
    if message.ts not in conversation.pins:
        raise RefusedError("no_pin")
    del conversation.pins[message.ts]
    return {}


def list_(request: ApiRequest) -> ApiAnswer:
    """List the pinned messages of a conversation, those that were pinned last at first."""
    request.need("pins:read")
    conversation = _conversation(request)
    items = [_item(request, conversation, pin) for pin in reversed(conversation.pins.values())]
    return {"items": items}


def _conversation(request: ApiRequest) -> Conversation:
    found, workspace = conversations.seen(request), request.workspace
    if not workspace.is_member(found, workspace.bot.id):
        raise RefusedError("not_in_channel")
    return workspace.conversation(found)


def _message(request: ApiRequest, conversation: Conversation) -> PostedMessage:
    wanted = request.args.text("timestamp")
    if not wanted:
        raise RefusedError("no_item_specified")
    if timestamp.parse(wanted) is None:
        raise RefusedError("bad_timestamp")
    message = conversation.find(wanted)
    if message is None or message.subtype == TOMBSTONE:
        raise RefusedError("message_not_found")
    return message


def _item(request: ApiRequest, conversation: Conversation, pin: Pin) -> dict[str, Any]:
    message = conversation.find(pin.ts)
    if message is None:
        raise KeyError(pin.ts)
    return {
        "type": "message",
        "channel": conversation.channel,
        "created": int(pin.pinned_at.timestamp()),
        "created_by": pin.user,
        "message": serializers.message(message, request.workspace, metadata=False),
    }

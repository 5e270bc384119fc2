"""The door: a request over HTTP, from its bytes to Bolt's answer.

Bolt reads a request before it looks at the signature, and takes for granted that Slack made it. Anybody can knock here,
so what cannot be read is turned away first, with no traceback in the log.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import parse_qsl

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.request.async_internals import build_async_context
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.listeners import gate

_STAMP, _SIGNATURE, _KIND = "X-Slack-Request-Timestamp", "X-Slack-Signature", "Content-Type"
_DIGITS = 12
"""Of a time stamp in seconds, with room for some thousand years."""

_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What parsers and Bolt raise for bytes, JSON or forms that Slack would not send."""


async def take(app: AsyncApp, raw: bytes, headers: Mapping[str, str]) -> BoltResponse:
    """Bolt's answer, or 400 for what cannot be read and 401 for what cannot be signed."""
    stamp, signature = headers.get(_STAMP, "0"), headers.get(_SIGNATURE, "")
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= _DIGITS and signature.isascii()):
        return BoltResponse(status=HTTPStatus.UNAUTHORIZED)
    kept = {_STAMP: stamp, _SIGNATURE: signature, _KIND: headers.get(_KIND, "")}
    try:
        asked = _whole(AsyncBoltRequest(body=raw.decode(), headers={**kept}))
    except _UNREADABLE:
        return BoltResponse(status=HTTPStatus.BAD_REQUEST)
    if not gate.is_sound(asked.body):
        return BoltResponse(status=HTTPStatus.BAD_REQUEST)
    return await app.async_dispatch(asked)


def _whole(request: AsyncBoltRequest) -> AsyncBoltRequest:
    """The request with its body, which Bolt takes for an empty one when a command speaks of a "payload".

    https://github.com/slackapi/bolt-python/blob/main/slack_bolt/request/internals.py, `parse_body`. What was signed is
    the raw body, and that stays as it is.
    """
    if not request.body and request.raw_body:
        request.body = dict(parse_qsl(request.raw_body))
        request.context = build_async_context(AsyncBoltContext(), request.body)
    return request

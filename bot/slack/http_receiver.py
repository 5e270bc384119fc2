"""A request of Slack over HTTP, from its bytes to Bolt's answer.

Bolt parses a request before it looks at the signature, and takes for granted that Slack made it. Anybody can send one,
so what cannot be parsed is refused first, without a traceback in the log.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.request.async_internals import build_async_context
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from yarl import URL

from bot.slack import payload_schemas
from bot.slack.bolt_app import dispatch
from bot.slack.signature_log import SignatureLog, is_timestamp, signature_flaw

_TIMESTAMP, _SIGNATURE, _CONTENT_TYPE = "X-Slack-Request-Timestamp", "X-Slack-Signature", "Content-Type"
_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""Raised by parsers and by Bolt for bytes, JSON or forms that Slack would not send."""


async def handle_request(
    app: AsyncApp, raw: bytes, headers: Mapping[str, str], signatures: SignatureLog, now: datetime
) -> BoltResponse:
    """Return Bolt's answer, or 400 for what cannot be parsed and 401 for what is not signed by Slack."""
    timestamp, signature = headers.get(_TIMESTAMP, ""), headers.get(_SIGNATURE, "")
    # slack_sdk compares the signatures with `hmac.compare_digest`, which raises TypeError for text that is not ASCII.
    if not _is_well_formed(timestamp, signature):
        return _unauthorized(signatures, timestamp, signature, now)
    try:
        request = _parsed(raw.decode(), headers)
    except _UNREADABLE:
        return BoltResponse(status=HTTPStatus.BAD_REQUEST)
    # The shape is checked before the signature, because Bolt reads the payload first, and fails with a traceback.
    if not payload_schemas.is_valid(request.body):
        return BoltResponse(status=HTTPStatus.BAD_REQUEST)
    if request.body.get("ssl_check") == "1":
        # Slack checks the certificate now and then, with requests that it does not sign.
        return BoltResponse(status=HTTPStatus.OK)
    # Bolt verifies the signature in here, over the raw body.
    answer = await dispatch(app, request)
    if answer.status == HTTPStatus.UNAUTHORIZED:
        return _unauthorized(signatures, timestamp, signature, now)
    signatures.record_valid(now)
    return answer


def _is_well_formed(timestamp: str, signature: str) -> bool:
    """Return whether the headers can be Slack's, or are missing."""
    return signature.isascii() and (not timestamp or is_timestamp(timestamp))


def _headers(headers: Mapping[str, str]) -> dict[str, str | Sequence[str]]:
    defaults = {_TIMESTAMP: "0", _SIGNATURE: "", _CONTENT_TYPE: ""}
    # Only the three headers that Bolt reads. It requires a timestamp that is a number; 0 is refused as too old.
    return {name: headers.get(name) or default for name, default in defaults.items()}


def _unauthorized(signatures: SignatureLog, timestamp: str, signature: str, now: datetime) -> BoltResponse:
    signatures.record_invalid(signature_flaw(timestamp, signature, now), now)
    return BoltResponse(status=HTTPStatus.UNAUTHORIZED)


def _parsed(raw: str, headers: Mapping[str, str]) -> AsyncBoltRequest:
    """Make Bolt's request of a body, which is JSON, or a form: a command's, or one with JSON in its field `payload`.

    Bolt would parse a form with the standard library, which takes milliseconds for one that has a whole view in it. It
    would also leave the body of a command that contains the word "payload" empty
    (https://github.com/slackapi/bolt-python/blob/main/slack_bolt/request/internals.py, `parse_body`).
    """
    request = AsyncBoltRequest(body="", headers=_headers(headers))
    is_json = raw.startswith("{") or request.content_type == "application/json"
    body = json.loads(raw) if is_json else _form(raw)
    # The raw body is what Slack has signed.
    request.raw_body, request.body = raw, body
    request.context = build_async_context(AsyncBoltContext(), body)
    return request


def _form(raw: str) -> Any:
    fields = dict(URL.build(path="/", query_string=raw, encoded=True).query)
    return json.loads(fields["payload"]) if "payload" in fields else fields

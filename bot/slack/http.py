"""The door: a request over HTTP, from its bytes to Bolt's answer.

Bolt reads a request before it looks at the signature, and takes for granted that Slack made it. Anybody can knock here,
so what cannot be read is turned away first, with no traceback in the log.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from urllib.parse import parse_qsl

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.request.async_internals import build_async_context
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.slack import payloads
from bot.slack.bolt_app import dispatch
from bot.slack.signatures import MAX_DIGITS, SignatureLog, signature_flaw

_STAMP, _SIGNATURE, _KIND = "X-Slack-Request-Timestamp", "X-Slack-Signature", "Content-Type"
_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, RecursionError)
"""What parsers and Bolt raise for bytes, JSON or forms that Slack would not send."""


async def handle_request(
    app: AsyncApp, raw: bytes, headers: Mapping[str, str], signatures: SignatureLog, now: datetime
) -> BoltResponse:
    """Bolt's answer, or 400 for what cannot be read and 401 for what is not signed."""
    stamp, signature = headers.get(_STAMP, ""), headers.get(_SIGNATURE, "")
    if not _is_proof(stamp, signature):
        return _refused(signatures, stamp, signature, now)
    try:
        asked = _whole(AsyncBoltRequest(body=raw.decode(), headers=_kept(headers)))
    except _UNREADABLE:
        return BoltResponse(status=HTTPStatus.BAD_REQUEST)
    if not payloads.is_valid(asked.body):
        return BoltResponse(status=HTTPStatus.BAD_REQUEST)
    if asked.body.get("ssl_check") == "1":
        # Slack looks at the certificate, and signs nothing.
        return BoltResponse(status=HTTPStatus.OK)
    answer = await dispatch(app, asked)
    if answer.status == HTTPStatus.UNAUTHORIZED:
        return _refused(signatures, stamp, signature, now)
    signatures.record_valid(now)
    return answer


def _is_proof(stamp: str, signature: str) -> bool:
    """Whether these can be Slack's, or are not there at all."""
    return signature.isascii() and (not stamp or (stamp.isascii() and stamp.isdecimal() and len(stamp) <= MAX_DIGITS))


def _kept(headers: Mapping[str, str]) -> dict[str, str | Sequence[str]]:
    defaults = {_STAMP: "0", _SIGNATURE: "", _KIND: ""}
    return {name: headers.get(name) or default for name, default in defaults.items()}


def _refused(signatures: SignatureLog, stamp: str, signature: str, now: datetime) -> BoltResponse:
    signatures.record_invalid(signature_flaw(stamp, signature, now), now)
    return BoltResponse(status=HTTPStatus.UNAUTHORIZED)


def _whole(request: AsyncBoltRequest) -> AsyncBoltRequest:
    """The request with its body, which Bolt takes for an empty one when a command speaks of a "payload".

    https://github.com/slackapi/bolt-python/blob/main/slack_bolt/request/internals.py, `parse_body`. What was signed is
    the raw body, and that stays as it is.
    """
    if not request.body and request.raw_body:
        request.body = dict(parse_qsl(request.raw_body))
        request.context = build_async_context(AsyncBoltContext(), request.body)
    return request

"""Results of sending a message. Whatever Slack answers, or does not, becomes one of six."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.slack.errors import (
    NETWORK_ERRORS,
    OUTCOME_UNKNOWN,
    PERMANENT,
    RATE_LIMITED,
    TOKEN_ERRORS,
    describe,
    error_code,
    explain,
    response_parts,
)

UNREACHABLE = "Slack cannot be reached"

_DEFAULT_RETRY_AFTER = 30
"""Seconds to wait when Slack limits the rate and does not say for how long."""

_SERVER_ERROR = 500
_TOO_MANY = 429


@dataclass(frozen=True)
class Posted:
    """Slack has the message."""

    channel: str
    ts: str

    @property
    def at(self) -> datetime:
        """The instant at which Slack took it."""
        # A message's ID is the time at which Slack accepted it, in seconds with six digits behind the point.
        return datetime.fromtimestamp(float(self.ts), UTC)


@dataclass(frozen=True)
class RateLimited:
    """Slack does not have the message, and wants to be left alone for `retry_after` seconds."""

    retry_after: int


@dataclass(frozen=True)
class Rejected:
    """Slack does not have the message and will never take it."""

    code: str
    reason: str


@dataclass(frozen=True)
class TokenRevoked:
    """Slack takes nothing from the bot, because of its token; the message may be sent when there is another one."""

    code: str
    reason: str


@dataclass(frozen=True)
class Retryable:
    """Slack does not have the message, and may take it later."""

    reason: str


@dataclass(frozen=True)
class Unknown:
    """Slack may or may not have the message: it has to be looked for before it is sent again."""

    reason: str


@dataclass(frozen=True)
class NotFound:
    """The channel's history was read, and the message is not in it."""


SendResult = Posted | RateLimited | Rejected | TokenRevoked | Retryable | Unknown
Failure = RateLimited | Rejected | TokenRevoked | Retryable | Unknown


def classify(error: Exception, to: str) -> Failure:
    """Return what an error means for the message that was sent to `to`."""
    match error:
        case SlackApiError():
            return _answered(error, to)
        case _ if (code := error_code(error)) in NETWORK_ERRORS:
            return Retryable(explain(code, to))
        # No connection was made, so nothing was sent, and sending again cannot post twice.
        case aiohttp.ClientConnectorError():
            return Retryable(UNREACHABLE)
        # The request may have arrived: only the answer is missing.
        case TimeoutError():
            return Unknown("no answer in time")
        case _:
            return Unknown(type(error).__name__)


def _answered(error: SlackApiError, to: str) -> Failure:
    status, headers, body = response_parts(error)
    code = error_code(error)
    if status == _TOO_MANY or code in RATE_LIMITED:
        # A proxy may answer 429 as well, without the header or with a date in it.
        wait = str(headers.get("Retry-After", ""))
        return RateLimited(int(wait) if wait.isdigit() else _DEFAULT_RETRY_AFTER)
    # Without a body that can be read, a proxy or a load balancer answered, perhaps after Slack had posted.
    if status >= _SERVER_ERROR or code in OUTCOME_UNKNOWN or not body:
        return Unknown(code)
    if code in TOKEN_ERRORS:
        return TokenRevoked(code, explain(code, to))
    if code in PERMANENT:
        return Rejected(code, describe(error, to))
    # Codes that nobody knows yet are tried again: the outbox gives up at the message's deadline.
    return Retryable(code)

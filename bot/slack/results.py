"""Results of sending a message: every answer of Slack, and every way of getting none, becomes one of six."""

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

_HOLD = 30
"""Seconds to wait when Slack refuses for haste and does not say how long."""

_SERVER_ERROR = 500
_TOO_MANY = 429


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
class RateLimited:
    """Slack wants silence for some seconds; it does not have the message."""

    retry_after: int


@dataclass(frozen=True)
class Rejected:
    """Slack does not have the message and will not take it."""

    code: str
    reason: str


@dataclass(frozen=True)
class TokenRevoked:
    """Slack takes nothing at all from the bot, because of its token; the message may go when there is another one."""

    code: str
    reason: str


@dataclass(frozen=True)
class Retryable:
    """Slack does not have the message; it may take it later."""

    reason: str


@dataclass(frozen=True)
class Unknown:
    """Nobody can say whether Slack has the message."""

    reason: str


@dataclass(frozen=True)
class NotFound:
    """The history was read, and the message is not in it."""


SendResult = Posted | RateLimited | Rejected | TokenRevoked | Retryable | Unknown
Failure = RateLimited | Rejected | TokenRevoked | Retryable | Unknown


def classify(error: Exception, to: str) -> Failure:
    """What an error says about the message it was to carry."""
    match error:
        case SlackApiError():
            return _answered(error, to)
        case _ if (word := error_code(error)) in NETWORK_ERRORS:
            return Retryable(explain(word, to))
        case aiohttp.ClientConnectorError():
            return Retryable(UNREACHABLE)
        case TimeoutError():
            return Unknown("no answer in time")
        case _:
            return Unknown(type(error).__name__)


def _answered(error: SlackApiError, to: str) -> Failure:
    status, headers, body = response_parts(error)
    word = error_code(error)
    if status == _TOO_MANY or word in RATE_LIMITED:
        wait = str(headers.get("Retry-After", ""))
        return RateLimited(int(wait) if wait.isdigit() else _HOLD)
    if status >= _SERVER_ERROR or word in OUTCOME_UNKNOWN or not body:
        return Unknown(word)
    if word in TOKEN_ERRORS:
        return TokenRevoked(word, explain(word, to))
    if word in PERMANENT:
        return Rejected(word, describe(error, to))
    return Retryable(word)

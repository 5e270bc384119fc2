"""Results of sending a message: every answer of Slack, and every way of getting none, becomes one of six."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.slack.errors import HASTE, NEVER, PERHAPS, ROUTE, TOKENS, answer_parts, explain, reason_of, word_of

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
Failure = Held | Refused | Barred | Delayed | Unclear


def verdict_of(error: Exception, to: str) -> Failure:
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


def _answered(error: SlackApiError, to: str) -> Failure:
    status, headers, body = answer_parts(error)
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

"""Keep account of the signatures of requests over HTTP, for the log and for readiness."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

import structlog

from bot.logs import LineLimit

_GOOD_FOR = timedelta(minutes=5)
"""As in slack_sdk and https://docs.slack.dev/authentication/verifying-requests-from-slack."""

_SUSPICIOUS = 3
"""So many wrong signatures with no valid one between them are neither chance nor a single stranger."""

_MAX_DIGITS = 12
"""Of a timestamp in seconds, enough for some thousand years."""

log = structlog.get_logger()


class SignatureFlaw(StrEnum):
    """The reason why a request is not taken for Slack's."""

    MISSING = "missing"
    STALE = "stale"
    WRONG = "wrong"


@dataclass
class SignatureLog:
    """Counts of requests with and without a valid signature.

    `invalid` counts by flaw since the last valid one. Where it grows, the signing secret is another app's (`WRONG`) or
    this machine's clock is off (`STALE`). Requests without any signature (`MISSING`) are not Slack's and mean nothing.
    `totals` counts by flaw since the start.
    """

    last_valid_at: datetime | None = None
    last_invalid_at: datetime | None = None
    invalid: Counter[SignatureFlaw] = field(default_factory=Counter)
    totals: Counter[SignatureFlaw] = field(default_factory=lambda: Counter(dict.fromkeys(SignatureFlaw, 0)))
    _limit: LineLimit = field(default_factory=LineLimit)

    def record_valid(self, now: datetime) -> None:
        """Record a request that Slack has signed."""
        self.last_valid_at = now
        # One valid signature proves that secret and clock are right; whatever failed before was a stranger's.
        self.invalid.clear()

    def record_invalid(self, flaw: SignatureFlaw, now: datetime) -> None:
        """Record one that it has not, and log it without anything that was in it."""
        self.last_invalid_at = now
        self.invalid[flaw] += 1
        self.totals[flaw] += 1
        dropped = self._limit.admit(flaw, now.timestamp())
        if dropped is not None:
            log.warning("a request is not signed by Slack", action="request.unsigned", flaw=flaw.value, dropped=dropped)

    @property
    def problem(self) -> str | None:
        """A sentence that says what to do where signatures keep failing."""
        wrong, stale = self.invalid[SignatureFlaw.WRONG], self.invalid[SignatureFlaw.STALE]
        if wrong + stale < _SUSPICIOUS:
            return None
        last = f"since {self.last_valid_at:%Y-%m-%d %H:%M} UTC" if self.last_valid_at else "since the start"
        what = f"{wrong + stale} requests, and no good one {last}, had a signature that is not Slack's"
        # A clock that is off makes every signature stale, so the more frequent flaw names the likelier cause.
        if stale > wrong:
            return f"{what} of now; set the machine's clock (NTP)"
        return f"{what}; copy SLACK_SIGNING_SECRET again from the app's Basic Information and restart"


def is_timestamp(text: str) -> bool:
    """Return whether a header can be a number of seconds."""
    # `isdecimal` accepts digits of every script, and `int` of a very long number raises.
    return text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS


def signature_flaw(timestamp: str, signature: str, now: datetime) -> SignatureFlaw:
    """Return the flaw of a request that was refused."""
    if not (timestamp and signature):
        return SignatureFlaw.MISSING
    is_stale = is_timestamp(timestamp) and abs(now.timestamp() - int(timestamp)) > _GOOD_FOR.total_seconds()
    return SignatureFlaw.STALE if is_stale else SignatureFlaw.WRONG

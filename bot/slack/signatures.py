"""How requests over HTTP stand with Slack's signature: what the log and readiness say about it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

import structlog

from bot.logs import LineLimit

_GOOD_FOR = timedelta(minutes=5)
"""As in slack_sdk and https://docs.slack.dev/authentication/verifying-requests-from-slack."""

_TELLING = 3
"""As many that are signed and not by Slack, with none of Slack's between them, are no chance and no lone visitor."""

MAX_DIGITS = 12
"""Of a time stamp in seconds, with room for some thousand years."""

log = structlog.get_logger()


class SignatureFlaw(StrEnum):
    """Why a request is not taken for Slack's."""

    MISSING = "missing"
    STALE = "stale"
    WRONG = "wrong"


@dataclass
class SignatureLog:
    """What has come with a signature and what has not.

    `refused` counts by flaw since the last request that was signed by Slack. Where it grows and `accepted_at` stays
    `None`, the signing secret is another app's (`WRONG`) or this machine's clock is off (`STALE`); who sends none at
    all (`MISSING`) is not Slack.
    """

    last_valid_at: datetime | None = None
    last_invalid_at: datetime | None = None
    invalid: Counter[SignatureFlaw] = field(default_factory=Counter)
    _limit: LineLimit = field(default_factory=LineLimit)

    def record_valid(self, now: datetime) -> None:
        """Note a request that Slack has signed."""
        self.last_valid_at = now
        self.invalid.clear()

    def record_invalid(self, flaw: SignatureFlaw, now: datetime) -> None:
        """Note one that it has not, and log it without anything that was in it."""
        self.last_invalid_at = now
        self.invalid[flaw] += 1
        dropped = self._limit.admit(flaw, now.timestamp())
        if dropped is not None:
            log.warning("a request is not signed by Slack", action="door.unsigned", flaw=flaw.value, dropped=dropped)

    @property
    def problem(self) -> str | None:
        """What to do where signatures keep failing."""
        wrong, stale = self.invalid[SignatureFlaw.WRONG], self.invalid[SignatureFlaw.STALE]
        if wrong + stale < _TELLING:
            return None
        last = f"since {self.last_valid_at:%Y-%m-%d %H:%M} UTC" if self.last_valid_at else "since the start"
        what = f"{wrong + stale} requests, and no good one {last}, had a signature that is not Slack's"
        if stale > wrong:
            return f"{what} of now; set the machine's clock (NTP)"
        return f"{what}; copy SLACK_SIGNING_SECRET again from the app's Basic Information and restart"


def signature_flaw(stamp: str, signature: str, now: datetime) -> SignatureFlaw:
    """What is wrong with the signature of a request that was refused."""
    if not (stamp and signature):
        return SignatureFlaw.MISSING
    is_stamp = stamp.isascii() and stamp.isdecimal() and len(stamp) <= MAX_DIGITS
    is_stale = is_stamp and abs(now.timestamp() - int(stamp)) > _GOOD_FOR.total_seconds()
    return SignatureFlaw.STALE if is_stale else SignatureFlaw.WRONG
